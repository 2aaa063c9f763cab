"""Build the notebooks from their sources: `make notebooks`, or `python notebooks/build.py 04 07`.

notebooks/src/NN_topic.py (jupytext's percent format) is the one source of two notebooks:

    notebooks/solutions/NN_topic.ipynb   the lesson with every exercise solved
    notebooks/NN_topic.ipynb             the same with the exercises open

Both are executed and stored with their outputs, so that they read well on a web page. An exercise
stands in the source as

    # --- solution
    scale = (high - low) / 255
    # --- your turn
    # scale = ...
    # --- end

The solutions keep the first part, the exercises keep the second with its comment signs removed.
Cell ids are counted, metadata is fixed and times are rounded: building twice changes nothing but
what the machine computed differently.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import time
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent
SOURCES = NOTEBOOKS / "src"
TIMES = NOTEBOOKS / "times.json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Outputs that differ from run to run and mean nothing to a reader.
VOLATILE = ("execution", "ExecuteTime")


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


def derive_notebook(
    source: Path, solved: bool, seconds: int | None = None
) -> nbformat.NotebookNode:
    """The notebook of `source`, not yet executed, with counted cell ids and fixed metadata."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    measured = "not measured yet" if seconds is None else f"about {seconds} s"
    for index, cell in enumerate(notebook.cells):
        cell.id = f"{source.stem[:2]}-{index:03d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.source = split_exercise(cell.source, solved)
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("{measured_time}", measured)
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
            cell.outputs = merge_streams(cell.outputs)
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


def rounded_seconds(seconds: float) -> int:
    """Upwards to the next 5 s: a time for planning a class, not a benchmark."""
    return 5 * math.ceil(seconds / 5)


def build(source: Path, times: dict[str, int]) -> None:
    """Derive and execute both notebooks of `source`; note the solution's time in `times`."""
    for solved, folder in ((True, NOTEBOOKS / "solutions"), (False, NOTEBOOKS)):
        folder.mkdir(exist_ok=True)
        notebook = derive_notebook(source, solved, times.get(source.stem))
        seconds = execute(notebook, folder)
        if solved and _changed(times.get(source.stem), seconds):
            times[source.stem] = rounded_seconds(seconds)
            fresh = derive_notebook(source, solved, times[source.stem])
            for cell, new in zip(notebook.cells, fresh.cells, strict=True):
                cell.source = new.source
        target = folder / f"{source.stem}.ipynb"
        partial = target.with_suffix(".partial")
        nbformat.write(notebook, partial)
        partial.replace(target)
        print(f"{target.relative_to(NOTEBOOKS)}: {seconds:.0f} s", flush=True)


def render_lesson_table(times: dict[str, int]) -> str:
    """The README's table: each lesson with its first objective and its measured time."""
    lines = ["| lesson | after it you can | time |", "|---|---|---|"]
    for source in sorted(SOURCES.glob("[0-9][0-9]_*.py")):
        text = source.read_text(encoding="utf-8")
        objective = re.search(r"What you will be able to do\n#\n# [-*] (.*(?:\n#   .*)*)", text)[1]
        objective = re.sub(r"\n#\s+", " ", objective).rstrip(".")
        objective = objective[0].lower() + objective[1:]
        name = source.stem
        lines.append(f"| [{name}](notebooks/{name}.ipynb) | {objective} | {times[name]} s |")
    return "\n".join(lines)


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


def _changed(noted: int | None, seconds: float) -> bool:
    return noted is None or not 0.5 * noted - 5 <= seconds <= noted + 5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 04; all if none is given")
    wanted = parser.parse_args(arguments).lessons
    sources = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    unknown = set(wanted) - {path.name[:2] for path in sources}
    if unknown:
        parser.error(f"no lesson {', '.join(sorted(unknown))} in {SOURCES.name}/")
    times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    for source in sources:
        if not wanted or source.name[:2] in wanted:
            build(source, times)
    TIMES.write_text(json.dumps(dict(sorted(times.items())), indent=2) + "\n")
    update_readme(times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
