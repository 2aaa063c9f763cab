"""What every lesson promises, read from its source and its stored notebooks."""

import ast
import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted((NOTEBOOKS / "src").glob("[0-9][0-9]_*.py"))
HEADINGS = [
    "What you will be able to do",
    "Predict",
    "Build",
    "Exercise",
    "Measure",
    "Break it on purpose",
    "Takeaways",
    "Next",
]
MOST_LINES = 10

_spec = importlib.util.spec_from_file_location("notebooks_build", NOTEBOOKS / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

each_lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def stored(source: Path, solved: bool) -> nbformat.NotebookNode:
    folder = NOTEBOOKS / "solutions" if solved else NOTEBOOKS
    return nbformat.read(folder / f"{source.stem}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def printed(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_there_are_lessons_and_every_notebook_has_a_source():
    names = {path.stem for path in SOURCES}
    assert names
    for folder in (NOTEBOOKS, NOTEBOOKS / "solutions"):
        assert {path.stem for path in folder.glob("*.ipynb")} == names


@each_lesson
@pytest.mark.parametrize("solved", [True, False], ids=["solution", "exercise"])
def test_a_stored_notebook_is_what_its_source_gives(source, solved):
    times = json.loads((NOTEBOOKS / "times.json").read_text())
    derived = build.derive_notebook(source, solved, times[source.stem])
    there = stored(source, solved)
    assert [c.source for c in there.cells] == [c.source for c in derived.cells]
    assert [c.id for c in there.cells] == [c.id for c in derived.cells]
    assert there.metadata == derived.metadata


@each_lesson
@pytest.mark.parametrize("solved", [True, False], ids=["solution", "exercise"])
def test_a_stored_notebook_ran_to_its_end_without_an_error_or_noise(source, solved):
    cells = code_cells(stored(source, solved))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", printed(cell)


@each_lesson
def test_the_anatomy_is_complete_and_in_order(source):
    text = markdown(build.derive_notebook(source, solved=True, seconds=5))
    assert re.match(rf"# {source.name[:2]} ", text), "the title begins with the lesson's number"
    assert re.search(r"^Time: about 5 s on two cores\. Board: ", text, re.MULTILINE)
    places = []
    for heading in HEADINGS:
        found = re.search(rf"^## {heading}\b", text, re.MULTILINE)
        assert found, f"no section '{heading}'"
        places.append(found.start())
    fixed = [p for p, h in zip(places, HEADINGS, strict=True) if h not in ("Exercise", "Measure")]
    assert fixed == sorted(fixed)
    objectives = re.search(r"## What you will be able to do\n+((?:[-*\d].*\n?(?:  .*\n?)*)+)", text)
    assert objectives
    assert len(re.findall(r"^(?:[-*]|\d\.) ", objectives[1], re.MULTILINE)) == 3


@each_lesson
def test_a_code_cell_holds_one_idea(source):
    for solved in (True, False):
        for cell in code_cells(build.derive_notebook(source, solved)):
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.source


@each_lesson
def test_nothing_is_downloaded_installed_or_left_to_chance(source):
    text = source.read_text()
    for banned in (
        r"\bpip install\b",
        r"\bconda install\b",
        r"sys\.path",
        r"^[%!]",
        r"https?://\S+\.(zip|csv)",
        r"urlretrieve|requests\.get|wget|curl ",
        r"np\.random\.(rand|randn|randint|seed|normal)\b",
        r"default_rng\(\)",
        r"tensorflow\.keras",
        r"^\s*(import|from) keras\b",
        r"filterwarnings",
    ):
        assert not re.search(banned, text, re.MULTILINE), banned


@each_lesson
def test_every_check_fails_open_and_passes_solved(source):
    solved_checks = checks(stored(source, solved=True))
    open_checks = checks(stored(source, solved=False))
    assert len(solved_checks) >= 2, "a lesson has at least two exercises with checks"
    assert solved_checks.keys() == open_checks.keys()
    for name in solved_checks:
        assert solved_checks[name].startswith(f"exercise {name}: correct"), solved_checks[name]
        assert open_checks[name].startswith(f"exercise {name}: not yet"), open_checks[name]


def checks(notebook) -> dict[str, str]:
    """What each call of `check` printed, by the exercise's name; each must be compared by nbval."""
    found = {}
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
                name = node.args[0].value
                assert name not in found, f"two checks named {name}"
                assert "nbval-check-output" in cell.metadata.get("tags", []), cell.source
                found[name] = printed(cell)
    return found


@each_lesson
def test_solutions_show_figures(source):
    cells = code_cells(stored(source, solved=True))
    pictures = [o for c in cells for o in c.outputs if "image/png" in o.get("data", {})]
    assert pictures, "a lesson without a picture"


@each_lesson
def test_key_results_are_compared_by_nbval(source):
    tagged = [
        cell
        for cell in code_cells(stored(source, solved=True))
        if "nbval-check-output" in cell.metadata.get("tags", []) and "check(" not in cell.source
    ]
    assert tagged, "no key result carries nbval-check-output"
    assert all(printed(cell) or cell.outputs for cell in tagged)


def test_the_readme_lists_every_lesson_with_its_measured_time():
    times = json.loads((NOTEBOOKS / "times.json").read_text())
    readme = (NOTEBOOKS.parent / "README.md").read_text()
    assert build.render_lesson_table(times) in readme, "run: make notebooks"
    assert all(seconds <= 60 for seconds in times.values())
