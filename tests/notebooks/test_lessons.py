"""What every lesson promises, read from its source and its stored notebooks."""

import ast
import builtins
import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.lesson_files import NOTEBOOKS, SOURCES, build, derive_notebook
from tinyml_course.classroom import quiz

# The lessons whose anatomy is still the old one: without drawing, quiz, "explain it" and so on,
# and with code wider than 80 columns. The list shrinks; it may not grow.
NOT_CONVERTED: set[str] = set()

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
FURTHER_HEADINGS = [
    "Explain it",
    "Change it and predict",
    "Open task ★",
    "Quiz",
    "Further reading",
]
ANYWHERE = {"Exercise", "Measure"}
KNOW_OF_OPEN = {"check", "compare_guess"}
MOST_LINES = 10
MOST_COLUMNS = 80

each_lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def number_of(source: Path) -> str:
    return source.stem.split("_")[0]


def converted_only(sources: list[Path]) -> pytest.MarkDecorator:
    done = [source for source in sources if number_of(source) not in NOT_CONVERTED]
    return pytest.mark.parametrize("source", done, ids=lambda path: path.stem)


each_converted_lesson = converted_only(SOURCES)


def stored(source: Path, solved: bool) -> nbformat.NotebookNode:
    folder = NOTEBOOKS / "solutions" if solved else NOTEBOOKS
    return nbformat.read(folder / f"{source.stem}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def printed(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def section(text: str, heading: str) -> str:
    """The text below a heading of the second level, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}.*?\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"no section '{heading}'"
    return found[1]


def test_there_are_lessons_and_every_notebook_has_a_source():
    names = {path.stem for path in SOURCES}
    assert names
    for folder in (NOTEBOOKS, NOTEBOOKS / "solutions"):
        assert {path.stem for path in folder.glob("*.ipynb")} == names


def test_a_learner_sees_lessons_only():
    shown = {path.name for path in NOTEBOOKS.iterdir() if not path.name.startswith(".")}
    folders = {"solutions", "src", "pictures"}
    assert {name for name in shown if not name.endswith(".ipynb")} <= folders


@each_lesson
@pytest.mark.parametrize("solved", [True, False], ids=["solution", "exercise"])
def test_a_stored_notebook_is_what_its_source_gives(source, solved):
    times = json.loads(build.TIMES.read_text())
    derived = derive_notebook(source, solved, times[source.stem])
    there = stored(source, solved)
    assert [c.source for c in there.cells] == [c.source for c in derived.cells]
    assert [c.id for c in there.cells] == [c.id for c in derived.cells]
    assert there.metadata == derived.metadata


@each_lesson
def test_a_stored_solution_ran_to_its_end_without_an_error_or_noise(source):
    cells = code_cells(stored(source, solved=True))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", printed(cell)


@each_converted_lesson
def test_a_stored_solution_shows_pictures_where_widgets_were(source):
    for cell in code_cells(stored(source, solved=True)):
        for output in cell.outputs:
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


@each_lesson
def test_a_learner_finds_no_outputs_and_no_answers(source):
    notebook = stored(source, solved=False)
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert not cell.metadata, "tags are for tests and for bounds"
    text = source.read_text()
    answers = re.findall(r"# --- solution\n(.*?)# --- your turn\n(.*?)# --- end", text, re.S)
    written = {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
    for answer, begun in answers:
        given = {line.strip("# ") for line in begun.splitlines()}
        lines = {line.strip() for line in answer.splitlines()} - given
        telling = [line for line in lines if line.startswith("return ") and len(line) > 20]
        assert not set(telling) & written


@each_lesson
def test_the_anatomy_is_complete_and_in_order(source):
    text = markdown(derive_notebook(source, solved=True, seconds=5))
    assert re.match(rf"# {number_of(source)} ", text), "the title begins with the lesson's number"
    assert re.search(r"about 5 s on two cores\. Board: ", text)
    is_converted = number_of(source) not in NOT_CONVERTED
    places = {}
    for heading in HEADINGS + FURTHER_HEADINGS * is_converted:
        found = re.search(rf"^## {re.escape(heading)}", text, re.MULTILINE)
        assert found, f"no section '{heading}'"
        places[heading] = found.start()
    ordered = [h for h in HEADINGS if h not in ANYWHERE]
    assert [places[h] for h in ordered] == sorted(places[h] for h in ordered)
    objectives = re.search(r"## What you will be able to do\n+((?:[-*\d].*\n?(?:  .*\n?)*)+)", text)
    assert objectives
    assert len(re.findall(r"^(?:[-*]|\d\.) ", objectives[1], re.MULTILINE)) == 3


@each_converted_lesson
def test_what_is_needed_is_said_at_the_top(source):
    (first, *_) = derive_notebook(source, solved=False, seconds=5).cells
    said = r"Time: about \d+ minutes: \d+ to read, \d+ for the exercises, \d+ to talk\."
    assert re.search(said, first.source)
    assert re.search(r"Before it: ", first.source)
    assert re.search(r"!\[The chain.*you are here: .*\]\(pictures/chain_\w+\.svg\)", first.source)


@each_converted_lesson
def test_there_is_a_drawing_a_thing_to_move_and_much_to_think(source):
    notebook = derive_notebook(source, solved=False)
    text = markdown(notebook)
    drawings = re.findall(r"!\[([^\]]+)\]\(pictures/(\w+\.svg)\)", text)
    own = [(alt, name) for alt, name in drawings if not name.startswith("chain_")]
    assert own, "no drawing of the lesson's idea"
    assert all(len(alt) > 20 for alt, _ in own), "a drawing says in words what it shows"
    assert all((NOTEBOOKS / "pictures" / name).is_file() for _, name in drawings)
    explained = section(text, "Explain it")
    assert re.search(r"<details>\s*<summary>.+</summary>\n\n.{80,}\n\n</details>", explained, re.S)
    assert len(section(text, "Open task ★").split()) > 20
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert f'quiz("{number_of(source)}")' in code
    change = section(text, "Change it and predict")
    assert "predict" in change.lower()


@each_converted_lesson
def test_what_was_changed_and_predicted_gets_a_reason(source):
    """Whether something happens or nothing does, the learner reads why."""
    cells = derive_notebook(source, solved=False).cells
    kinds = [re.match(r"## ([\w ]+)", cell.source) for cell in cells]
    first = next(i for i, kind in enumerate(kinds) if kind and kind[1] == "Change it and predict")
    last = next(i for i, kind in enumerate(kinds[first + 1 :], first + 1) if kind) - 1
    assert cells[last - 1].cell_type == "code"
    assert cells[last].cell_type == "markdown"
    assert len(cells[last].source.split()) >= 20


@each_converted_lesson
def test_there_is_a_thing_to_move(source):
    cells = derive_notebook(source, solved=False).cells
    (place,) = [i for i, cell in enumerate(cells) if cell.source.startswith("## Move it")]
    on_stage = r'(?:on_stage\("\w+", lambda: \w+\.)?'  # what has a recording to fall back on
    moved = rf"^{on_stage}(explore_\w+|BoardPanel)\("
    assert re.search(moved, cells[place + 1].source, re.MULTILINE)


@each_converted_lesson
def test_further_reading_links_to_stable_addresses_and_next_is_a_link(source):
    text = markdown(derive_notebook(source, solved=False))
    reading = section(text, "Further reading")
    links = re.findall(r"\[[^\]]+\]\((https://[^)\s]+)\)", reading)
    assert len(links) >= 2
    assert re.search(r"\]\((\d\d[a-z]?_\w+\.ipynb|\.\./docs/\w+\.md)\)", section(text, "Next"))


@each_converted_lesson
def test_links_between_files_lead_somewhere(source):
    for solved in (True, False):
        folder = NOTEBOOKS / "solutions" if solved else NOTEBOOKS
        text = markdown(derive_notebook(source, solved))
        for target in re.findall(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)", text):
            assert (folder / target).resolve().is_file(), target


@each_converted_lesson
def test_every_bold_word_links_to_the_glossary(source):
    text = markdown(derive_notebook(source, solved=False))
    loose = re.findall(r"\*\*[^*]+\*\*", re.sub(r"\[\*\*[^*]+\*\*\]\(", "(", text))
    assert not loose, "docs/glossary.md does not have these"


def test_the_glossary_names_the_lesson_that_sets_a_word_in_bold_first():
    first: dict[str, str] = {}
    for source in SOURCES:
        text = markdown(derive_notebook(source, solved=False))
        for anchor in re.findall(r"\[\*\*[^*]+\*\*\]\(\.\./docs/glossary\.md#(.+?)\)", text):
            first.setdefault(anchor, number_of(source))
    entries = re.findall(
        r"^### (.+)\n(?:.+\n)*?.*Lessons? ([\w ,]+)\.$", build.GLOSSARY.read_text(), re.M
    )
    said = {build.read_glossary()[re.split(r" \(|, ", head.lower())[0]]: n for head, n in entries}
    assert len(said) > 200
    for anchor, number in first.items():
        assert number in re.findall(r"\d\d\w?", said[anchor]), anchor


def test_the_glossary_is_in_order_and_no_word_stands_twice():
    headings = re.findall(r"^### (.+)$", build.GLOSSARY.read_text(), re.MULTILINE)
    assert headings == sorted(headings, key=lambda heading: heading.lower())
    forms = [form for h in headings for form in re.split(r" \(|, |\)", h.lower()) if form]
    assert len(forms) == len(set(forms))


@each_lesson
def test_a_code_cell_holds_one_idea(source):
    for solved in (True, False):
        for cell in code_cells(derive_notebook(source, solved)):
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.source


@each_converted_lesson
def test_code_fits_on_a_projector(source):
    for cell in code_cells(derive_notebook(source, solved=True)):
        for line in cell.source.splitlines():
            assert len(line) <= MOST_COLUMNS, line


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


def left_open(statement: ast.stmt) -> set[str]:
    """What a statement defines with `...` where an answer belongs (`x[..., 0]` is none)."""
    slices = [node.slice for node in ast.walk(statement) if isinstance(node, ast.Subscript)]
    sliced = {id(node) for part in slices for node in ast.walk(part)}
    nodes = [node for node in ast.walk(statement) if id(node) not in sliced]
    if not any(isinstance(node, ast.Constant) and node.value is ... for node in nodes):
        return set()
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


@each_lesson
def test_nothing_is_computed_from_an_open_answer(source):
    """It would print "Ellipsis": only what knows of open answers is handed one."""
    still_open: set[str] = set()
    for cell in code_cells(derive_notebook(source, solved=False)):
        statements = ast.parse(cell.source).body
        for statement in statements:
            known = [
                node
                for call in ast.walk(statement)
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KNOW_OF_OPEN
                for node in call.args
            ]
            used = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n not in known]
            loaded = {n.id for n in used if isinstance(n.ctx, ast.Load)}
            assert not loaded & still_open, f"cell {cell.id}: {loaded & still_open}"
            still_open -= {n.id for n in used if isinstance(n.ctx, ast.Store)}
            still_open |= left_open(statement)


@each_lesson
def test_every_check_passes_where_it_is_solved(source):
    """That it says "not yet" where it is open, tests/classroom holds by running the cells."""
    found = {}
    for cell in code_cells(stored(source, solved=True)):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
                name = node.args[0].value
                assert name not in found, f"two checks named {name}"
                assert "nbval-check-output" in cell.metadata.get("tags", []), cell.source
                found[name] = printed(cell)
    assert len(found) >= 2, "a lesson has at least two exercises with checks"
    assert all(text == f"exercise {name}: correct\n" for name, text in found.items())


@each_lesson
def test_solutions_show_figures(source):
    cells = code_cells(stored(source, solved=True))
    pictures = [o for c in cells for o in c.outputs if "image/png" in o.get("data", {})]
    assert pictures, "a lesson without a picture"


@each_converted_lesson
def test_a_learner_sees_figures_and_bounds_are_folded_away(source):
    """No line of the kind "at least 0.9: True"; what a lesson promises, a hidden cell asserts."""
    cells = code_cells(stored(source, solved=True))
    for cell in cells:
        assert not re.search(r": +(True|False)$", printed(cell), re.MULTILINE), printed(cell)
    bounds = [cell for cell in cells if "bounds" in cell.metadata.get("tags", [])]
    assert bounds, "no cell holds what the lesson promises"
    for cell in bounds:
        assert re.search(r"^ *assert ", cell.source, re.MULTILINE)
        assert not cell.outputs
        assert cell.metadata["jupyter"]["source_hidden"]


@each_lesson
def test_a_stored_solution_shows_the_quiz_of_today(source):
    cells = code_cells(stored(source, solved=True))
    (cell,) = [cell for cell in cells if "\nquiz(" in cell.source]
    (shown,) = cell.outputs
    assert shown.data["text/plain"] == repr(quiz(number_of(source))), "run: build.py --text"


@each_lesson
def test_key_results_are_held(source):
    tags = [set(c.metadata.get("tags", [])) for c in code_cells(stored(source, solved=True))]
    assert any(tag & {"nbval-check-output", "bounds"} for tag in tags)


def test_the_list_of_links_is_that_of_the_lessons():
    assert build.LINKS.read_text() == build.render_links(), "run: make notebooks"


def test_a_cell_left_out_for_learners_is_not_missed():
    """What a folded cell defines, no later cell of the learner's notebook uses."""
    for source in SOURCES:
        known = set(dir(builtins))
        for cell in code_cells(derive_notebook(source, solved=False)):
            tree = list(ast.walk(ast.parse(cell.source)))
            known |= {
                n.id for n in tree if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            known |= {n.name for n in tree if isinstance(n, ast.FunctionDef | ast.ExceptHandler)}
            known |= {n.arg for n in tree if isinstance(n, ast.arg)}
            imports = [n for n in tree if isinstance(n, ast.Import | ast.ImportFrom)]
            known |= {(a.asname or a.name).split(".")[0] for n in imports for a in n.names}
            used = {n.id for n in tree if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
            assert used <= known, f"{source.stem}, cell {cell.id}: {used - known}"


def test_the_readme_lists_every_lesson_with_its_measured_time():
    times = json.loads(build.TIMES.read_text())
    readme = (NOTEBOOKS.parent / "README.md").read_text()
    assert build.render_lesson_table(times) in readme, "run: make notebooks"
    assert all(seconds <= 60 for seconds in times.values())
