"""Build the notebooks from their sources: `make notebooks`, or `python notebooks/src/build.py 04 07`.

notebooks/src/NN_topic.py (jupytext's percent format) is the one source of two notebooks:

    notebooks/solutions/NN_topic.ipynb   the lesson with every exercise solved, stored executed
    notebooks/NN_topic.ipynb             the same with the exercises open, and no outputs

An exercise stands in the source as

    # --- solution
    scale = (high - low) / 255
    # --- your turn
    # scale = ...
    # --- end

The solutions keep the first part, the exercises keep the second with its comment signs removed. A
cell tagged `bounds` asserts what the lesson promises: it is in the solutions only, folded away.
Cell ids are counted, metadata is fixed and times are rounded: building twice changes nothing but
what the machine computed differently.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import re
import sys
import time
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

SOURCES = Path(__file__).parent
NOTEBOOKS = SOURCES.parent
TIMES = SOURCES / "times.json"
GLOSSARY = NOTEBOOKS.parent / "docs" / "glossary.md"
LINKS = NOTEBOOKS.parent / "docs" / "links.md"
LESSONS = "[0-9][0-9]*_*.py"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Outputs that differ from run to run and mean nothing to a reader.
VOLATILE = ("execution", "ExecuteTime")

# Minutes to learn, by a rule: so many words of text a minute, a minute to read and run two cells of
# code, and what it takes to think. Measured on nobody yet; the same rule for every lesson.
WORDS_A_MINUTE = 130
MINUTES_A_CELL = 0.5
MINUTES_AN_EXERCISE = 6
MINUTES_TO_THINK = {"Predict": 2, "Explain it": 5, "Change it and predict": 5, "Quiz": 5}
MINUTES_TO_TALK = 10


def split_exercise(source: str, solved: bool) -> str:
    """A cell's source with its exercise solved or open.

    Raises:
        ValueError: a marker without its partner.

    >>> cell = "# --- solution\\nx = 1\\n# --- your turn\\n# x = ...\\n# --- end\\nprint(x)"
    >>> print(split_exercise(cell, solved=True))
    x = 1
    print(x)
    >>> print(split_exercise(cell, solved=False))
    x = ...
    print(x)
    """
    lines, part = [], None
    order = {"# --- solution": None, "# --- your turn": "solution", "# --- end": "your turn"}
    for line in source.splitlines():
        marker = line.strip()
        if marker in order:
            if part != order[marker]:
                raise ValueError(f"marker {marker!r} out of order in cell:\n{source}")
            part = None if marker == "# --- end" else marker.removeprefix("# --- ")
        elif part is None or (part == "solution" and solved):
            lines.append(line)
        elif part == "your turn" and not solved:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(indent + line.lstrip().removeprefix("#").removeprefix(" "))
    if part is not None:
        raise ValueError(f"an exercise is not closed with '# --- end' in cell:\n{source}")
    return "\n".join(lines)


def minutes_to_learn(notebook: nbformat.NotebookNode) -> tuple[int, int, int]:
    """Minutes for reading, exercises and talking, each rounded up to the next 5."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    reading = len(text.split()) / WORDS_A_MINUTE + MINUTES_A_CELL * len(code)
    exercises = MINUTES_AN_EXERCISE * sum(cell.source.count("\ncheck(") for cell in code)
    exercises += MINUTES_AN_EXERCISE * sum(cell.source.startswith("check(") for cell in code)
    for heading, minutes in MINUTES_TO_THINK.items():
        exercises += minutes * bool(re.search(rf"^## {heading}\b", text, re.MULTILINE))
    return _up_to_5(reading), _up_to_5(exercises), MINUTES_TO_TALK


def read_glossary() -> dict[str, str]:
    """Where each word of docs/glossary.md stands: its forms in lower case, and their anchor."""
    anchors = {}
    for heading in re.findall(r"^### (.+)$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for form in re.split(r" \(|, |\)", heading):
            if form:
                anchors[form.lower()] = anchor
    return anchors


def link_words(text: str, glossary: dict[str, str]) -> str:
    """Each bold word that the glossary has, as a link to it.

    >>> link_words("a **Window** and **this**", {"window": "window-windows"})
    'a [**Window**](../docs/glossary.md#window-windows) and **this**'
    """

    def link(found: re.Match[str]) -> str:
        anchor = glossary.get(" ".join(found[1].split()).lower())
        return f"[{found[0]}](../docs/glossary.md#{anchor})" if anchor else found[0]

    return re.sub(r"\*\*([^*`]+?)\*\*", link, text)


def derive_notebook(
    source: Path, solved: bool, seconds: int | None = None
) -> nbformat.NotebookNode:
    """The notebook of `source`, not yet executed, with counted cell ids and fixed metadata."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    measured = "not measured yet" if seconds is None else f"about {seconds} s"
    reading, exercises, talking = minutes_to_learn(notebook)
    learning = f"about {reading + exercises + talking} minutes: {reading} to read, "
    learning += f"{exercises} for the exercises, {talking} to talk"
    number, glossary = re.match(r"\d\d[a-z]?", source.stem)[0], read_glossary()
    cells = []
    for index, cell in enumerate(notebook.cells):
        cell.id = f"{number}-{index:03d}"
        tags = cell.metadata.get("tags", [])
        if "bounds" in tags and not solved:
            continue
        kept = {"tags": tags} if tags and solved else {}
        if "bounds" in tags:
            kept["jupyter"] = {"source_hidden": True}
        cell.metadata = nbformat.from_dict(kept)
        cell.source = split_exercise(cell.source, solved)
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("{measured_time}", measured)
            cell.source = cell.source.replace("{minutes_to_learn}", learning)
            cell.source = link_words(cell.source, glossary)
            if solved:  # one folder further down
                cell.source = re.sub(r"\]\((pictures/|\.\./)", r"](../\1", cell.source)
        cells.append(cell)
    notebook.cells = cells
    return notebook


def execute(notebook: nbformat.NotebookNode, folder: Path) -> float:
    """Run `notebook` in place with `folder` as its working directory; the seconds it took."""
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    start = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - start
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for key in VOLATILE:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = drop_widgets(merge_streams(cell.outputs))
    return seconds


def merge_streams(outputs: list) -> list:
    """Join neighbouring prints of one stream: how a print was cut into messages is chance."""
    merged: list = []
    for output in outputs:
        same = merged and output.output_type == merged[-1].output_type == "stream"
        if same and output.name == merged[-1].name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def drop_widgets(outputs: list) -> list:
    """Outputs without the names of widgets: no kernel stands behind a stored notebook.

    Their picture and their text stay.
    """
    for output in outputs:
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return outputs


def rounded_seconds(seconds: float) -> int:
    """Upwards to the next 5 s: a time for planning a class, not a benchmark."""
    return _up_to_5(seconds)


def _up_to_5(number: float) -> int:
    return 5 * math.ceil(number / 5)


def build(source: Path, times: dict[str, int], keep_times: bool = False) -> None:
    """Derive both notebooks of `source` and execute the solved one; note its time in `times`."""
    solved = derive_notebook(source, True, times.get(source.stem))
    folder = NOTEBOOKS / "solutions"
    folder.mkdir(exist_ok=True)
    seconds = execute(solved, folder)
    if source.stem not in times or (_changed(times[source.stem], seconds) and not keep_times):
        times[source.stem] = rounded_seconds(seconds)
        fresh = derive_notebook(source, True, times[source.stem])
        for cell, new in zip(solved.cells, fresh.cells, strict=True):
            cell.source = new.source
    write(solved, folder / f"{source.stem}.ipynb")
    write(derive_notebook(source, False, times[source.stem]), NOTEBOOKS / f"{source.stem}.ipynb")
    print(f"{source.stem}: {seconds:.0f} s", flush=True)


def refresh(source: Path, times: dict[str, int]) -> None:
    """Derive both notebooks again and keep the stored outputs: for a change of text or of layout.

    A new cell tagged `alone` needs nothing of the others; it is executed by itself. So is a quiz's
    cell each time, for its questions stand in the package.

    Raises:
        ValueError: a cell's code means something else now, so its output may be another one.
    """
    target = NOTEBOOKS / "solutions" / f"{source.stem}.ipynb"
    solved = derive_notebook(source, True, times[source.stem])
    stored = nbformat.read(target, as_version=4)
    before = [cell for cell in stored.cells if cell.cell_type == "code"]
    for number, cell in enumerate((c for c in solved.cells if c.cell_type == "code"), 1):
        if before and _meaning(cell) == _meaning(before[0]):
            cell.outputs = drop_widgets(before.pop(0).outputs)
            if "\nquiz(" in cell.source:
                _execute_alone(cell, target.parent)
        elif "alone" in cell.metadata.get("tags", []):
            _execute_alone(cell, target.parent)
        else:
            raise ValueError(f"{source.stem} has other code than its stored notebook: build it")
        cell.execution_count = number
    if before:
        raise ValueError(f"{source.stem} has lost a cell of its stored notebook: build it")
    write(solved, target)
    write(derive_notebook(source, False, times[source.stem]), NOTEBOOKS / f"{source.stem}.ipynb")


def _execute_alone(cell: nbformat.NotebookNode, folder: Path) -> None:
    by_itself = nbformat.v4.new_notebook(cells=[cell], metadata=METADATA)
    execute(by_itself, folder)
    cell.outputs = by_itself.cells[0].outputs


def _meaning(cell: nbformat.NotebookNode) -> str:
    return ast.dump(ast.parse(cell.source))


def write(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write a notebook whole or not at all."""
    partial = target.with_suffix(".partial")
    nbformat.write(notebook, partial)
    partial.replace(target)


def render_lesson_table(times: dict[str, int]) -> str:
    """The README's table: each lesson with its first objective, its minutes and its seconds."""
    lines = ["| lesson | after it you can | to learn | to run |", "|---|---|---|---|"]
    for source in sorted(SOURCES.glob(LESSONS)):
        text = source.read_text(encoding="utf-8")
        objective = re.search(r"What you will be able to do\n#\n# [-*] (.*(?:\n#   .*)*)", text)[1]
        objective = re.sub(r"\n#\s+", " ", objective).rstrip(".")
        objective = objective[0].lower() + objective[1:]
        name = source.stem
        minutes = sum(minutes_to_learn(jupytext.read(source, fmt="py:percent")))
        link = f"[{name}](notebooks/{name}.ipynb)"
        lines.append(f"| {link} | {objective} | {minutes} min | {times[name]} s |")
    return "\n".join(lines)


def render_links() -> str:
    """Every address outside this repository that a lesson names, for a person to check."""
    lines = [
        "# Links of the lessons",
        "",
        "Made by `make notebooks`. Whoever changes a lesson opens these once: no test uses the network.",
        "",
        "| lesson | what | address |",
        "|---|---|---|",
    ]
    for source in sorted(SOURCES.glob(LESSONS)):
        text = source.read_text(encoding="utf-8")
        for name, address in re.findall(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", text):
            lines.append(f"| {source.stem.split('_')[0]} | {name} | {address} |")
    return "\n".join(lines) + "\n"


def update_readme(times: dict[str, int]) -> None:
    """Put the table between the README's two markers."""
    readme = NOTEBOOKS.parent / "README.md"
    text = readme.read_text(encoding="utf-8")
    begin, end = "<!-- lessons: made by `make notebooks` -->", "<!-- end of lessons -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    fresh = f"{before}{begin}\n{render_lesson_table(times)}\n{end}{after}"
    if fresh != text:
        readme.write_text(fresh, encoding="utf-8")


def _changed(noted: int, seconds: float) -> bool:
    return not 0.5 * noted - 5 <= seconds <= noted + 5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 04; all if none is given")
    parser.add_argument(
        "--keep-times", action="store_true", help="the machine is busy: what it measures is no time"
    )
    parser.add_argument(
        "--text", action="store_true", help="only text or layout has changed: keep the outputs"
    )
    options = parser.parse_args(arguments)
    wanted = options.lessons
    sources = sorted(SOURCES.glob(LESSONS))
    numbers = {path: path.name.split("_")[0] for path in sources}
    unknown = set(wanted) - set(numbers.values())
    if unknown:
        parser.error(f"no lesson {', '.join(sorted(unknown))} in {SOURCES.name}/")
    times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    for source in sources:
        if wanted and numbers[source] not in wanted:
            continue
        if options.text:
            refresh(source, times)
        else:
            build(source, times, options.keep_times)
    TIMES.write_text(json.dumps(dict(sorted(times.items())), indent=2) + "\n")
    update_readme(times)
    LINKS.write_text(render_links(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
