"""Marks for a class of forty, of whom more than twenty try something."""

import csv
import io
import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.classroom.class_of_forty import (
    BEGIN,
    CHECKS,
    FIRST,
    HOSTILE,
    SECOND,
    write_class,
    write_notebook,
)
from tests.tools import need_tool
from tinyml_course.classroom.grading import session, walls, wire
from tinyml_course.classroom.grading.marks import grade_folder
from tinyml_course.classroom.grading.submissions import list_submissions, read_lesson
from tinyml_course.classroom.grading.walls import Limits
from tinyml_course.cli import main
from tinyml_course.errors import DataError
from tinyml_course.shipped import LESSONS

# A class in a hurry: what runs on and on costs seconds here.
LIMITS = Limits(seconds=25, cell_seconds=4, call_seconds=4, memory_bytes=1 << 30)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The forty, graded once: rows by learner, what was expected, and what lay outside."""
    need_tool("bwrap")
    folder = tmp_path_factory.mktemp("class")
    secret = tmp_path_factory.mktemp("teacher") / "marks_of_last_year.txt"
    secret.write_text("all of them")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        expected = write_class(folder, server.getsockname()[1], secret)
        marks = grade_folder(folder, lesson="00b", limits=LIMITS)
        with pytest.raises(TimeoutError):
            server.accept()  # nobody called
    left = list(_walls_around(folder))
    return {row.learner: row for row in marks.rows}, expected, secret, left


def _walls_around(folder):
    """The bubblewrap processes that hold a notebook of `folder`; with them all within ends."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                command = Path(f"/proc/{entry}/cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"bwrap" in command and os.fsencode(folder) in command:
                yield entry


def test_there_are_forty_and_twenty_of_them_hostile(graded):
    rows, expected, _, _ = graded
    assert rows.keys() == expected.keys()
    assert len(rows) >= 40
    assert len(HOSTILE) >= 20


def test_each_gets_what_it_earned(graded):
    rows, expected, _, _ = graded
    given = {name: tuple(mark.points for mark in row.marks) for name, row in rows.items()}
    assert given == {name: handed.marks for name, handed in expected.items()}


def test_where_a_point_is_missing_the_reason_is_said(graded):
    rows, expected, _, _ = graded
    for name, handed in expected.items():
        row = rows[name]
        said = " ".join([*(mark.reason for mark in row.marks), *row.remarks])
        assert handed.said in said, f"{name}: {said}"
        assert all(mark.reason for mark in row.marks if not mark.points), name


def test_nothing_outside_was_touched_and_nothing_runs_on(graded):
    _, _, secret, left = graded
    assert secret.read_text() == "all of them"
    assert not left


def test_the_lesson_as_handed_out_has_no_point_and_solved_has_all(tmp_path):
    need_tool("bwrap")
    for name, folder in (("open", LESSONS), ("solved", LESSONS / "solutions")):
        (source,) = folder.glob("00b_*.ipynb")
        (tmp_path / name).mkdir()
        shutil.copy(source, tmp_path / name)
    solved, opened = sorted(grade_folder(tmp_path).rows, key=lambda row: -row.points)
    assert (solved.learner, solved.points, opened.learner, opened.points) == (
        "solved",
        2,
        "open",
        0,
    )
    assert {mark.reason for mark in opened.marks} == {"not yet"}
    assert not solved.remarks


def test_what_is_no_submission_is_said_or_left_out(tmp_path):
    need_tool("bwrap")
    (tmp_path / "empty.ipynb").write_text("")
    (tmp_path / "other.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "1"}]}')
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "elsewhere").symlink_to("/etc")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "x.ipynb").write_text("")
    write_notebook(tmp_path / "sam" / "04_quantization.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    rows = {row.learner: row for row in grade_folder(tmp_path).rows}
    assert rows.keys() == {"empty", "other", "sam", "link", "nothing", "elsewhere"}
    assert rows["link"].remarks == rows["elsewhere"].remarks
    assert "a link, which is not followed" in rows["link"].remarks[0]
    assert rows["nothing"].remarks == ("not graded: no notebook in this folder",)
    assert "no notebook" in rows["empty"].remarks[0]
    assert "use --lesson" in rows["other"].remarks[0]
    assert rows["sam"].points == 2
    assert rows["sam"].remarks == ("a renamed file: its cells are lesson 00b's",)


def test_the_lesson_that_the_teacher_names_counts_and_who_says_otherwise_is_told(tmp_path, capsys):
    need_tool("bwrap")
    other = ["def pick_scale(x):\n    return 1", 'check("04.1", pick_scale)']
    write_notebook(tmp_path / "ann.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    write_notebook(tmp_path / "bob.ipynb", other)
    rows = {row.learner: row for row in grade_folder(tmp_path, lesson="00b").rows}
    assert (rows["ann"].points, rows["ann"].remarks) == (2, ())
    assert {row.lesson for row in rows.values()} == {"00b"}
    said = "its cells are lesson 04's; it was marked as lesson 00b, as you said"
    assert rows["bob"].remarks[0] == said
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    assert "mark all of them as this lesson" in " ".join(capsys.readouterr().out.split())


def test_who_is_alike_is_listed(tmp_path):
    need_tool("bwrap")
    own = "\n".join(f"value_{n} = [{n}, {n + 1}, {n * n}]  # mine" for n in range(12))
    for name, cell in (
        ("ann", own), ("bob", own.replace("# mine", "")), ("cem", "total = sum(range(9))"),
    ):  # fmt: skip
        write_notebook(tmp_path / f"{name}.ipynb", [BEGIN, FIRST, SECOND, cell, CHECKS])
    marks = grade_folder(tmp_path)
    assert [pair[:2] for pair in marks.alike] == [("ann", "bob")]
    assert "no proof" in str(marks)
    assert "not compared: 1 of 3 notebooks of lesson 00b has too little" in str(marks)


def test_short_answers_are_said_not_to_be_compared(tmp_path):
    """The right answers to a short lesson are the same by nature: that is no sign of copying."""
    need_tool("bwrap")
    for name in ("ann", "bob", "cem"):
        write_notebook(tmp_path / f"{name}.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    marks = grade_folder(tmp_path)
    assert marks.alike == ()
    said = "not compared: 3 of 3 notebooks of lesson 00b have too little code of their own"
    assert said in str(marks)


def test_the_command_writes_a_table(tmp_path, capsys):
    need_tool("bwrap")
    for name in ("ann", "=HYPERLINK(1)"):
        write_notebook(tmp_path / "class" / f"{name}.ipynb", [BEGIN, FIRST, CHECKS])
    out = tmp_path / "marks.csv"
    assert main(["grade", str(tmp_path / "class"), "--csv", str(out)]) == 0
    assert "ann" in capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [row["learner"] for row in rows] == ["'=HYPERLINK(1)", "ann"]
    assert rows[1]["00b.1"] == "1"
    assert rows[1]["points"] == "1"
    assert "00b.2: missing" in rows[1]["reasons"]


def test_a_learners_notebook_is_not_overwritten_by_the_marks(tmp_path, capsys):
    notebook = tmp_path / "class" / "ann.ipynb"
    write_notebook(notebook, [BEGIN, FIRST, CHECKS])
    before = notebook.read_bytes()
    folder = str(tmp_path / "class")
    for slip, said in ((notebook, "a notebook is not overwritten"), (folder, "it is a folder")):
        assert main(["grade", folder, "--trust", "--csv", str(slip)]) == 1
        told = capsys.readouterr()
        assert said in told.err
        assert "ann: " not in told.err, "said before the class is run, not after"
    assert notebook.read_bytes() == before


def test_marks_that_cannot_be_written_are_on_the_screen_all_the_same(tmp_path, capsys):
    write_notebook(tmp_path / "class" / "ann.ipynb", [BEGIN, FIRST, CHECKS])
    in_the_way = tmp_path / "plain"
    in_the_way.write_text("a file")
    out = str(in_the_way / "marks.csv")
    assert main(["grade", str(tmp_path / "class"), "--trust", "--csv", out]) == 1
    told = capsys.readouterr()
    assert "1 of 2" in told.out
    assert "cannot write" in told.err
    assert "written to" not in told.out


def test_without_walls_only_the_trusting_go_on(tmp_path, monkeypatch, capsys):
    write_notebook(tmp_path / "ann.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    monkeypatch.setattr(walls, "has_walls", lambda: False)
    assert main(["grade", str(tmp_path)]) == 1
    assert "--trust" in capsys.readouterr().err
    assert main(["grade", str(tmp_path), "--trust"]) == 0
    assert "2 of 2" in capsys.readouterr().out


def test_a_computer_that_runs_no_submission_gives_nobody_zeros(tmp_path, monkeypatch, capsys):
    need_tool("bwrap")
    write_notebook(tmp_path / "class" / "ann.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    monkeypatch.setattr(session, "LEARNER", tmp_path / "gone.py")
    out = tmp_path / "marks.csv"
    assert main(["grade", str(tmp_path / "class"), "--csv", str(out)]) == 1
    assert "not even an empty notebook" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("what", "said"),
    [("nowhere", "is no folder"), ("", "holds no notebook")],
)
def test_no_submissions_is_one_line(tmp_path, what, said):
    with pytest.raises(DataError, match=said):
        list_submissions(tmp_path / what)


def test_a_name_in_capitals_is_a_notebook_too(tmp_path):
    write_notebook(tmp_path / "ann.ipynb", [BEGIN])
    (tmp_path / "ann.ipynb").rename(tmp_path / "Ann.IPYNB")
    assert [one.learner for one in list_submissions(tmp_path)] == ["Ann"]


def test_a_lesson_that_is_none(tmp_path):
    write_notebook(tmp_path / "ann.ipynb", [BEGIN])
    with pytest.raises(DataError, match="lesson '77'"):
        grade_folder(tmp_path, lesson="77", trust=True)


@pytest.mark.parametrize(
    "line",
    [b"", b"{}\n", b"[1]\n", b"1.5\n", b'{"array": "AAAA", "type": "O", "shape": [1]}\n',
     b'{"array": "AAAA", "type": "d", "shape": [9]}\n', b'{"pickle": "x"}\n',
     b'{"list": ' * 50 + b"\n", b'{"dict": [[{"list": []}, 1]]}\n', b"\xff\xfe\n"],
)  # fmt: skip
def test_a_strangers_line_is_refused(line):
    with pytest.raises(DataError):
        wire.from_line(line)


def test_every_exercise_has_an_answer_in_the_lesson_that_asks_it():
    from tinyml_course.classroom.exercises import exercises_of, list_lessons

    for lesson in list_lessons():
        asked = [exercise.name for exercise in exercises_of(lesson)]
        assert list(read_lesson(lesson).answers) == asked
