"""What a folder of submissions holds: whose notebook it is, of which lesson, which cells matter."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinyml_course.classroom.exercises import exercises_of, list_lessons
from tinyml_course.datasets.folders import is_left_by_system
from tinyml_course.errors import DataError
from tinyml_course.shipped import LESSONS

LARGEST_NOTEBOOK = 20 << 20
MOST_NAMES = 5  # of files, in a message
ENDING = ".ipynb"
MARKS_BEGIN = b"learner,file,lesson,"  # a table of marks that somebody wrote there
KINDS = {
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".html": "a web page",
    ".htm": "a web page",
    ".md": "a text",
    ".odt": "a text document",
    ".pdf": "a PDF",
    ".py": "a Python program",
    ".txt": "a text",
    ".zip": "an archive, which is not unpacked",
}
LEFT_OUT = {".ipynb_checkpoints", "__MACOSX", "__pycache__"}


@dataclass(frozen=True)
class Submission:
    """One learner's notebook.

    Attributes:
        learner: the folder's name, or the file's where notebooks lie side by side.
        path: the notebook.
    """

    learner: str
    path: Path


@dataclass(frozen=True)
class Notebook:
    """As much of a notebook as a grader reads: the sources of its code cells, and all its text."""

    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Lesson:
    """What a lesson asks for.

    Attributes:
        number: two digits, for instance "04".
        answers: by exercise, the name under which the lesson keeps the learner's answer.
        cells: the sources of its code cells, as it is handed out.
    """

    number: str
    answers: dict[str, str]
    cells: tuple[str, ...]


def list_submissions(folder: Path) -> list[Submission]:
    """The notebooks in a folder: `ann.ipynb`, or `ann/04_quantization.ipynb`, in their order.

    A folder without a notebook stands for its learner itself, a link for what it leads to, and so
    does a file of another kind: none is read, but nobody is missing in the table.

    Raises:
        DataError: no such folder, or no notebook in it.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; put one notebook or one folder a learner into one")
    found = []
    for entry in sorted(folder.iterdir()):
        if _is_left_out(entry):
            continue
        if entry.is_dir() and not entry.is_symlink():
            paths = sorted(path for path in entry.rglob("*") if _is_notebook(path, entry))
            found += [Submission(entry.name, path) for path in paths or [entry]]
        else:
            found.append(Submission(entry.stem, entry))
    if all(one.path.is_symlink() or one.path.suffix.lower() != ENDING for one in found):
        there = f"; it holds {_list_names(one.path for one in found)}" if found else ""
        raise DataError(
            f"{folder} holds no notebook: give the folder in which each learner has a file "
            f"NAME{ENDING} or a folder NAME with notebooks{there}"
        )
    return found


def _is_left_out(entry: Path) -> bool:
    """What a system, Jupyter or an earlier `tinyml grade --csv` put there, and no learner."""
    if entry.name in LEFT_OUT or is_left_by_system(entry.name):
        return True
    if entry.suffix.lower() != ".csv" or entry.is_symlink() or not entry.is_file():
        return False
    with open(entry, "rb") as file:
        return file.read(len(MARKS_BEGIN)) == MARKS_BEGIN


def _is_notebook(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    is_file = path.is_symlink() or path.is_file()
    return path.suffix.lower() == ENDING and is_file and not LEFT_OUT & set(inside)


def _list_names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def read_notebook(path: Path) -> Notebook:
    """The cells of a notebook.

    Raises:
        DataError: it is none, a link, or too large; the text says what it is instead.
    """
    if path.is_symlink():
        raise DataError("a link, which is not followed: put the notebook itself there")
    if path.is_dir():
        others = [entry for entry in sorted(path.rglob("*")) if entry.is_file()]
        others = [entry for entry in others if not _is_left_out(entry)]
        raise DataError(
            "no notebook in this folder" + (f", but {_list_names(others)}" if others else "")
        )
    if not path.is_file():
        raise DataError("no ordinary file")
    if path.suffix.lower() != ENDING:
        raise DataError(
            f"{KINDS.get(path.suffix.lower(), 'a file')}, no notebook: ask for the file {ENDING}"
        )
    try:
        if path.stat().st_size > LARGEST_NOTEBOOK:
            raise DataError(f"larger than {LARGEST_NOTEBOOK >> 20} MB: clear its outputs")
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"the file cannot be read ({error.strerror})") from error
    sources = _read_sources(content)
    code = tuple(source for kind, source in sources if kind == "code")
    return Notebook(code, "\n".join(source for _, source in sources))


def _read_sources(content: bytes) -> list[tuple[str, str]]:
    """Kind and source of each cell; refused with what is missing where."""
    try:
        notebook = json.loads(content)
    except RecursionError as error:
        raise DataError("no notebook: nested too deeply") from error
    except ValueError as error:
        what = "the file is empty" if not content.strip() else f"it is no JSON ({error})"
        raise DataError(f"no notebook: {what}; ask for it again, saved by Jupyter") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        is_old = isinstance(notebook, dict) and "worksheets" in notebook
        why = "it is of an old format" if is_old else 'it has no list "cells"'
        raise DataError(f"no notebook of today: {why}; open and save it in Jupyter")
    return [_read_cell(number, cell) for number, cell in enumerate(cells, 1)]


def _read_cell(number: int, cell: object) -> tuple[str, str]:
    fields = cell if isinstance(cell, dict) else {}
    for key in ("cell_type", "source"):
        if key not in fields:
            raise DataError(f'no whole notebook: cell {number} has no "{key}"; ask for it again')
    source = fields["source"]
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise DataError(f'no whole notebook: "source" of cell {number} is no text')
    return str(fields["cell_type"]), "".join(lines)


def find_lesson(notebook: Notebook, name: str, told: str | None = None) -> tuple[str, str]:
    """The lesson's number, and a remark if the file's name or its cells do not say it.

    The exercises that a notebook hands in tell more than its name, which people change.

    Args:
        told: the lesson that the teacher says; it counts, whatever the notebook says.

    Raises:
        DataError: neither names a lesson that has exercises.
    """
    counts: dict[str, int] = {}
    for exercise in re.findall(r"""check\(\s*["'](\d\d?b?)\.\w+["']""", notebook.text):
        number = exercise.zfill(3 if exercise.endswith("b") else 2)
        counts[number] = counts.get(number, 0) + 1
    by_cells = max(counts, key=lambda number: counts[number]) if counts else ""
    if told is not None:
        other = f"its cells are lesson {by_cells}'s; it was marked as lesson {told}, as you said"
        return told, other if by_cells not in ("", told) else ""
    begins = re.match(r"(\d\db?)_", name)
    by_name = begins[1] if begins else ""
    lesson = by_cells or by_name
    if lesson not in list_lessons():
        raise DataError("neither its name nor its cells say which lesson it is: use --lesson")
    renamed = f"a renamed file: its cells are lesson {lesson}'s"
    remark = renamed if by_name and by_name != lesson else ""
    return lesson, remark


@cache
def read_lesson(number: str) -> Lesson:
    """What a lesson asks for, read from the notebook that learners get.

    Raises:
        DataError: there is no such lesson.
    """
    names = [exercise.name for exercise in exercises_of(number)]
    (path,) = LESSONS.glob(f"{number}_*.ipynb")
    cells = read_notebook(path).cells
    answers = {}
    for cell in cells:
        for call in _calls_of_check(cell):
            name, answer = call.args[0], call.args[1]
            if isinstance(name, ast.Constant) and isinstance(answer, ast.Name):
                answers[str(name.value)] = answer.id
    return Lesson(number, {name: answers[name] for name in names if name in answers}, cells)


def choose_cells(notebook: Notebook, lesson: Lesson) -> list[int]:
    """The code cells to run: all up to the last exercise, and later ones that define an answer."""
    wanted = set(lesson.answers.values())
    last = -1
    for number, cell in enumerate(notebook.cells):
        hands_in = any(
            isinstance(call.args[0], ast.Constant) and str(call.args[0].value) in lesson.answers
            for call in _calls_of_check(cell)
        )
        if hands_in or wanted & defined_names(cell):
            last = number
    return list(range(last + 1))


def defined_names(cell: str) -> set[str]:
    """The names that a cell's outermost statements give."""
    names = set()
    for node in _parse(cell):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names


def _calls_of_check(cell: str) -> list[ast.Call]:
    return [
        node
        for statement in _parse(cell)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "check"
        and len(node.args) >= 2
    ]


def _parse(cell: str) -> list[ast.stmt]:
    """A cell's statements; of one with magics, the lines that are Python."""
    lines = [line for line in cell.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
