"""Every exercise of every lesson: the right answer, an untouched one, and what people get wrong.

What is said about each wrong answer is stored in `what_is_said.txt`, to be read by a person:
`python -m tests.classroom.test_exercises` writes it anew.
"""

import ast
import inspect
import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from tests.notebooks.lesson_files import SOURCES, derive_notebook
from tinyml_course.classroom.exercises import exercises_of, find_exercise, list_lessons
from tinyml_course.exercises import State, judge

SAID = Path(__file__).with_name("what_is_said.txt")
EXERCISES = [exercise for lesson in list_lessons() for exercise in exercises_of(lesson)]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


@each_exercise
def test_the_reference_is_right_and_untouched_is_not_yet(exercise):
    assert judge(exercise, exercise.reference).state is State.CORRECT
    for untouched in (..., lambda *a: ...):
        assert str(judge(exercise, untouched, 2)) == f"exercise {exercise.name}: not yet"


@each_exercise
def test_each_usual_mistake_is_named(exercise):
    assert len(exercise.mistakes) >= 3
    assert exercise.hints
    for mistake in exercise.mistakes:
        verdict = judge(exercise, mistake.made_by)
        assert verdict.state is State.WRONG
        assert verdict.sentences[1:] == (mistake.say,)
        assert "Hint: " in str(judge(exercise, mistake.made_by, attempt=2))


@each_exercise
def test_no_constant_passes_and_no_rounded_result(exercise):
    first = exercise.reference(*exercise.make_cases()[0])
    assert judge(exercise, lambda *a: first).state is State.WRONG

    def rounded(*arguments):
        value = exercise.reference(*arguments)
        return np.round(value, 2) if isinstance(value, float | np.ndarray) else value

    exact = isinstance(first, str | set | dict | int | list | tuple) or exercise.name in (
        "1.3",
        "9.2",
    )
    whole = exact or bool(np.all(np.asarray(first) == np.round(first, 2)))
    assert whole or judge(exercise, rounded).state is State.WRONG


@each_exercise
def test_answers_of_a_strange_kind_are_refused_politely(exercise):
    for answer in ("text", 3.0, lambda *a: None, lambda *a: "text", lambda *a: [], lambda: 1):
        verdict = judge(exercise, answer)
        assert verdict.state is State.WRONG, answer
        assert verdict.sentences[0]


def test_there_are_enough_wrong_answers_and_each_says_something_else():
    said = [mistake.say for exercise in EXERCISES for mistake in exercise.mistakes]
    assert len(said) >= 200
    for exercise in EXERCISES:
        texts = [mistake.say for mistake in exercise.mistakes]
        assert len(set(texts)) == len(texts), exercise.name


def test_what_is_said_was_read():
    assert SAID.read_text() == render_what_is_said(), "python -m tests.classroom.test_exercises"


def render_what_is_said() -> str:
    blocks = []
    for exercise in EXERCISES:
        for number, mistake in enumerate(exercise.mistakes):
            blocks.append(str(judge(exercise, mistake.made_by, number + 1)))
    return "\n\n".join(blocks) + "\n"


def cells_of(source, solved):
    notebook = derive_notebook(source, solved)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def checked_names(cells):
    """The exercises a notebook checks, with the name of the learner's function."""
    return re.findall(r'^check\("([^"]+)", (\w+)\)$', "\n".join(cells), re.MULTILINE)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
@pytest.mark.parametrize("solved", [True, False], ids=["solution", "exercise"])
def test_a_lessons_cells_hold_the_answers_or_nothing(source, solved):
    """The cell of each exercise, run by itself: right when solved, "not yet" when open."""
    cells = cells_of(source, solved)
    lesson = source.name.split("_")[0]
    names = dict(checked_names(cells))
    assert list(names) == [exercise.name for exercise in exercises_of(lesson)]
    for name, function in names.items():
        answer = define(function, cells)
        verdict = judge(find_exercise(name), answer)
        assert verdict.state is (State.CORRECT if solved else State.UNTOUCHED), str(verdict)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_an_exercise_knows_the_function_as_the_lesson_shows_it(source):
    """Its parameters by the names that a learner sees, and how many `...` there are to fill."""
    cells = cells_of(source, solved=False)
    for name, function in checked_names(cells):
        exercise = find_exercise(name)
        (shown,) = [
            node
            for node in ast.parse(cell_that_defines(function, cells)).body
            if isinstance(node, ast.FunctionDef) and node.name == function
        ]
        parameters = [argument.arg for argument in shown.args.args]
        named = list(inspect.signature(exercise.reference).parameters)
        assert named[: len(parameters)] == parameters, name
        blanks = [node for node in ast.walk(shown) if getattr(node, "value", None) is ...]
        assert exercise.blanks == len(blanks), name


def cell_that_defines(function, cells):
    (cell,) = [
        cell
        for cell in cells
        if any(isinstance(n, ast.FunctionDef) and n.name == function for n in ast.parse(cell).body)
    ]
    return cell


def define(function, cells):
    """The learner's function, from the one cell that defines it."""
    tree = ast.parse(cell_that_defines(function, cells))
    tree.body = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom)
    ]
    import math

    from tinyml_course.features.magnitude import compute_magnitude

    names = {"np": np, "math": math, "compute_magnitude": compute_magnitude}
    exec(compile(tree, "<the learner's cell>", "exec"), names)
    return names[function]


def test_the_files_are_python_of_a_percent_notebook():
    assert all(jupytext.read(source, fmt="py:percent").cells for source in SOURCES)


if __name__ == "__main__":
    SAID.write_text(render_what_is_said())
