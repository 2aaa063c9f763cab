"""From a folder of submissions to marks: one row a submission, one column an exercise.

The teacher's tests call each learner's functions in that learner's process and compare what comes
back, here. What a notebook prints, and what it makes of `check`, is not looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.classroom.exercises import find_exercise
from tinyml_course.classroom.grading.alike import collect_runs, count_short, find_alike
from tinyml_course.classroom.grading.session import (
    EndedError,
    Proxy,
    Session,
    check_session,
    run_submission,
)
from tinyml_course.classroom.grading.submissions import (
    Lesson,
    Notebook,
    Submission,
    choose_cells,
    defined_names,
    find_lesson,
    list_submissions,
    read_lesson,
    read_notebook,
)
from tinyml_course.classroom.grading.walls import Limits, check_walls
from tinyml_course.errors import DataError
from tinyml_course.exercises import State, Verdict, judge
from tinyml_course.extras import require
from tinyml_course.table import Table

Log = Callable[[str], None]
NOT_GRADED = "not graded"
LONGEST_LINE = 60  # of a cell, by which it is found
LONGEST_REASON = 200  # on a screen; a table has it whole


@dataclass(frozen=True)
class Mark:
    """One exercise of one submission: a point or none, and why none."""

    exercise: str
    points: int
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One submission.

    Attributes:
        learner, file: whose it is, and the notebook's name.
        lesson: its number, "" if it could not be told.
        marks: one an exercise, in the lesson's order.
        remarks: what else is to be said: a renamed file, a cell that raised, why it was ended.
    """

    learner: str
    file: str
    lesson: str = ""
    marks: tuple[Mark, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The sum of its marks."""
        return sum(mark.points for mark in self.marks)


@dataclass(frozen=True)
class Marks:
    """All rows, and which submissions are alike.

    Attributes:
        rows: one a submission.
        alike: two learners, and how much of their own code they share.
        not_compared: a lesson, how many have too little code of their own for that, of how many.
    """

    rows: tuple[Row, ...]
    alike: tuple[tuple[str, str, float], ...] = ()
    not_compared: tuple[tuple[str, int, int], ...] = ()

    @property
    def exercises(self) -> tuple[str, ...]:
        """The columns: every exercise of every lesson that was handed in."""
        names = {mark.exercise: None for row in self.rows for mark in row.marks}
        return tuple(sorted(names, key=lambda name: (name.split(".")[0].zfill(3), name)))

    def to_csv(self) -> str:
        """A table for a spreadsheet, UTF-8; a text that begins like a formula gets a `'`.

        Who was not graded has no points, not even 0; the remarks say why.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        names = self.exercises
        writer.writerow(["learner", "file", "lesson", *names, "points", "of", "reasons", "remarks"])
        for row in self.rows:
            points = {mark.exercise: mark.points for mark in row.marks}
            reasons = "; ".join(f"{m.exercise}: {m.reason}" for m in row.marks if m.reason)
            texts = [row.learner, row.file, row.lesson, *(points.get(name, "") for name in names)]
            texts += [row.points, len(row.marks)] if row.marks else ["", ""]
            texts += [reasons, "; ".join(row.remarks)]
            writer.writerow([_plain(text) for text in texts])
        return out.getvalue()

    def __str__(self) -> str:
        names = self.exercises
        rows = []
        for row in self.rows:
            points = {mark.exercise: str(mark.points) for mark in row.marks}
            columns = [points.get(name, "") for name in names]
            total = f"{row.points} of {len(row.marks)}" if row.marks else NOT_GRADED
            rows.append((row.learner, *columns, total))
        sides = "l" + "r" * (len(names) + 1)
        lines = [str(Table(("learner", *names, "points"), tuple(rows), align=sides))]
        for row in self.rows:
            said = [f"{m.exercise}: {m.reason}" for m in row.marks if m.reason] + list(row.remarks)
            if said:
                lines.append(f"{row.learner} ({row.file})")
            lines += [f"  {cut_text(text)}" for text in said]
        if self.alike:
            lines.append("alike, which is no proof of anything:")
        lines += [f"  {one} and {other}: {share:.0%}" for one, other, share in self.alike]
        lines += [
            f"not compared: {short} of {count} notebooks of lesson {lesson} "
            f"{'has' if short == 1 else 'have'} too little code of their own; "
            "short answers are alike by nature"
            for lesson, short, count in self.not_compared
        ]
        return "\n".join(lines)


def grade_folder(
    folder: Path,
    *,
    lesson: str | None = None,
    trust: bool = False,
    limits: Limits | None = None,
    workers: int = 2,
    log: Log = lambda line: None,
) -> Marks:
    """Grade every notebook in `folder`.

    Args:
        folder: holds `NAME.ipynb` files, or folders `NAME` with notebooks.
        lesson: its number, for instance "04": all are marked as of this one, and a remark says
            whose cells are another's. Without it each tells its own.
        trust: go on where there are no walls to keep strangers' programs in.
        limits: of each submission.
        workers: submissions at a time.
        log: takes a line for each that is done.

    Raises:
        MissingExtraError: IPython is not installed.
        DataError: no notebooks, or no such lesson.
        TinyMLCourseError: no walls, and no trust; or no notebook at all can be run here.
    """
    require("IPython", "grading notebooks")
    walls = check_walls(trust=trust)
    if lesson is not None:
        read_lesson(lesson)
    submissions = list_submissions(folder)
    limits = limits or Limits()
    check_session(limits, walls=walls)

    def grade(one: Submission) -> tuple[Row, Notebook | None]:
        row, notebook = grade_submission(one, lesson, limits, walls=walls)
        log(f"{row.learner}: " + (f"{row.points} of {len(row.marks)}" if row.marks else NOT_GRADED))
        return row, notebook

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        graded = list(pool.map(grade, submissions))
    alike, not_compared = [], []
    for number in sorted({row.lesson for row, _ in graded if row.lesson}):
        same = [(r.learner, book) for r, book in graded if r.lesson == number and book is not None]
        own = collect_runs(same, read_lesson(number))
        alike += find_alike(own)
        short = count_short(own)
        not_compared += [(number, short, len(own))] if short else []
    return Marks(tuple(row for row, _ in graded), tuple(alike), tuple(not_compared))


def grade_submission(
    one: Submission, lesson: str | None, limits: Limits, *, walls: bool
) -> tuple[Row, Notebook | None]:
    """The row of one submission, and its notebook if it can be read."""
    try:
        notebook = read_notebook(one.path)
        number, remark = find_lesson(notebook, one.path.name, lesson)
    except DataError as error:
        return Row(one.learner, one.path.name, remarks=(f"{NOT_GRADED}: {error}",)), None
    asked = read_lesson(number)
    marks, remarks = mark_notebook(one.path, notebook, asked, limits, walls=walls)
    remarks = [text for text in (remark, *remarks) if text]
    return Row(one.learner, one.path.name, number, tuple(marks), tuple(remarks)), notebook


def mark_notebook(
    path: Path, notebook: Notebook, lesson: Lesson, limits: Limits, *, walls: bool
) -> tuple[list[Mark], list[str]]:
    """The marks of a notebook's answers, and remarks.

    Where a call had to be ended, the process begins anew for the exercises that are left: one
    function without end does not cost the others.
    """
    cells = choose_cells(notebook, lesson)
    left = list(lesson.answers.items())
    marks: list[Mark] = []
    remarks: list[str] = []
    while left:
        try:
            with run_submission(path, cells, limits, walls=walls) as (session, raised):
                if not remarks:
                    remarks = [_name_cell(notebook, number, text) for number, text in raised]
                while left and not session.reason:
                    exercise, name = left.pop(0)
                    proxy = Proxy(session, exercise, name, limits.call_seconds)
                    marks.append(_mark(exercise, name, proxy, session, notebook))
        except EndedError as error:  # its cells did not come to an end
            marks += [Mark(exercise, 0, str(error)) for exercise, _ in left]
            break
    return marks, remarks


def _name_cell(notebook: Notebook, number: int, text: str) -> str:
    """What became of a cell; with its first line, by which it is found in the notebook."""
    lines = [line.strip() for line in notebook.cells[number].splitlines() if line.strip()]
    begins = f" (it begins `{lines[0][:LONGEST_LINE]}`)" if lines else ""
    return f"code cell {number + 1} {text}{begins}"


def _mark(exercise: str, name: str, proxy: Proxy, session: Session, notebook: Notebook) -> Mark:
    try:
        there = proxy.describe()
    except EndedError as error:
        return Mark(exercise, 0, f"{name}: {error}")
    if not there.get("is_there"):
        defined = any(name in defined_names(cell) for cell in notebook.cells)
        reason = "not yet" if defined else f"missing: no cell defines {name}"
        return Mark(exercise, 0, reason)
    verdict = judge(find_exercise(exercise), proxy if there.get("callable") else object())
    if session.reason:
        return Mark(exercise, 0, f"{name}: {session.reason}")
    if verdict.state is State.CORRECT:
        return Mark(exercise, 1)
    return Mark(exercise, 0, _reason(verdict))


def _reason(verdict: Verdict) -> str:
    return " ".join(" ".join(verdict.sentences).split()) or verdict.state.value


def cut_text(text: str, most: int = LONGEST_REASON) -> str:
    """A text as a screen shows it: on one line, cut after a word if it is too long.

    >>> cut_text("one two three", 9), cut_text("one", 9), cut_text("1234567890", 9)
    ('one two ...', 'one', '123456789 ...')
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    begins = text[: most + 1]
    return (begins.rpartition(" ")[0] or text[:most]) + " ..."


def _plain(text: object) -> object:
    """No spreadsheet takes a learner's name for a formula."""
    if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + text
    return text
