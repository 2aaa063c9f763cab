"""What a teacher reads of submissions that are not as they should be: which cell, file, why."""

import csv
import io

import pytest

from tests.classroom.class_of_forty import BEGIN, CHECKS, FIRST, SECOND, write_notebook
from tests.tools import need_tool
from tinyml_course.classroom.grading.marks import LONGEST_REASON, Mark, Marks, Row, grade_folder
from tinyml_course.classroom.grading.walls import Limits
from tinyml_course.cli import main

STUBBORN = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"


def grade_one(folder, cells, **limits):
    need_tool("bwrap")
    write_notebook(folder / "ann.ipynb", cells)
    (row,) = grade_folder(folder, lesson="00b", limits=Limits(**limits)).rows
    return row


def test_several_cells_without_end_cost_themselves_alone_and_are_named(tmp_path):
    endless = ["while True: pass", "# wait\nwhile 1: pass", "while 2: pass", "while 3: pass"]
    row = grade_one(tmp_path, [BEGIN, *endless, FIRST, SECOND, CHECKS], seconds=12, cell_seconds=4)
    assert row.points == 2, "together they would have taken all of the 12 s"
    assert row.remarks[0] == (
        "code cell 2 did not end within 4 s, and was interrupted (it begins `while True: pass`)"
    )
    assert [text.split(" did not end")[0] for text in row.remarks] == [
        f"code cell {number}" for number in (2, 3, 4, 5)
    ]
    assert row.remarks[1].endswith("(it begins `# wait`)")


def test_the_cell_that_ended_all_is_named_and_no_function_is_blamed(tmp_path):
    row = grade_one(
        tmp_path, [BEGIN, FIRST, "while True: pass", SECOND, STUBBORN, CHECKS],
        seconds=10, cell_seconds=1,
    )  # fmt: skip
    assert row.points == 0
    (reason,) = {mark.reason for mark in row.marks}
    assert reason.startswith("code cell 5 did not end within ")
    assert "does not let itself be interrupted; before it, code cells that did not end: 3" in reason


def test_what_is_no_notebook_is_listed_as_not_graded(tmp_path, capsys):
    need_tool("bwrap")
    folder = tmp_path / "class"
    write_notebook(folder / "ann.ipynb", [BEGIN, FIRST, SECOND, CHECKS])
    write_notebook(folder / "cem" / "00b.IPYNB", [BEGIN, FIRST, SECOND, CHECKS])
    (folder / "cem" / "notes.docx").write_text("beside a notebook: nobody's work is missing")
    (folder / "bob.docx").write_text("x")
    (folder / "dora.py").write_text("x")
    (folder / "eli").mkdir()
    (folder / "eli" / "answers.pdf").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    (folder / ".DS_Store").write_text("x")
    out = folder / "marks.csv"
    assert main(["grade", str(folder), "--csv", str(out)]) == 0
    told = capsys.readouterr()
    rows = {row["learner"]: row for row in csv.DictReader(io.StringIO(out.read_text()))}
    assert rows.keys() == {"ann", "bob", "cem", "dora", "eli"}
    assert (rows["ann"]["points"], rows["cem"]["points"]) == ("2", "2")
    assert rows["bob"]["points"] == rows["bob"]["of"] == "", "none is not zero"
    assert rows["bob"]["remarks"] == (
        "not graded: a Word document, no notebook: ask for the file .ipynb"
    )
    assert "a Python program, no notebook" in rows["dora"]["remarks"]
    assert rows["eli"]["remarks"] == "not graded: no notebook in this folder, but answers.pdf"
    assert told.err.splitlines().count("bob: not graded") == 1
    shown = next(line for line in told.out.splitlines() if line.startswith("dora "))
    assert shown.endswith("  not graded")
    assert main(["grade", str(folder), "--csv", str(out)]) == 0
    assert "marks.csv (" not in capsys.readouterr().out, "the table of the last time"


def test_a_folder_of_other_files_says_which(tmp_path, capsys):
    for name in ("ann.docx", "bob.docx"):
        (tmp_path / name).write_text("x")
    assert main(["grade", str(tmp_path), "--trust"]) == 1
    said = capsys.readouterr().err
    assert "holds no notebook" in said
    assert said.endswith("; it holds ann.docx, bob.docx\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no notebook: the file is empty; ask for it again"),
        ('{"cells": [', "no notebook: it is no JSON (Expecting value: line 1 column 12"),
        ("[]", 'it has no list "cells"'),
        ('{"cells": {}}', 'it has no list "cells"'),
        ('{"worksheets": []}', "it is of an old format; open and save it in Jupyter"),
        ('{"cells": [{"cell_type": "code", "source": ""}, {"source": ""}]}',
         'cell 2 has no "cell_type"'),
        ('{"cells": [{"cell_type": "code"}]}', 'cell 1 has no "source"'),
        ('{"cells": [3]}', 'cell 1 has no "cell_type"'),
        ('{"cells": [{"cell_type": "code", "source": 3}]}', '"source" of cell 1 is no text'),
    ],
)  # fmt: skip
def test_what_is_missing_in_a_notebook_is_said(tmp_path, content, said):
    need_tool("bwrap")
    (tmp_path / "ann.ipynb").write_text(content)
    (row,) = grade_folder(tmp_path).rows
    assert row.marks == ()
    assert said in row.remarks[0]
    assert "Error" not in row.remarks[0]


def test_a_long_reason_is_whole_in_the_table_and_cut_after_a_word_on_the_screen():
    reason = "With x = 3: " + "the numbers differ at many places " * 12
    row = Row("ann", "ann.ipynb", "00b", (Mark("00b.1", 0, reason),), ("remark " * 60,))
    marks = Marks((row,))
    shown = str(marks).splitlines()
    long = [line.strip() for line in shown if line.endswith(" ...")]
    assert len(long) == 2
    assert all(len(line) <= LONGEST_REASON + 4 for line in long)
    assert long[0].removesuffix(" ...").split()[-1] in reason.split(), "a whole word"
    (read,) = csv.DictReader(io.StringIO(marks.to_csv()))
    assert read["reasons"] == f"00b.1: {reason}"


def test_a_long_error_of_a_cell_or_a_function_is_not_cut_in_the_table(tmp_path):
    text = " ".join(f"word{n}" for n in range(100))
    row = grade_one(
        tmp_path,
        [BEGIN, f"raise ValueError({text!r})", FIRST,
         f"def weighted_sums(x, w):\n    raise KeyError({text!r})", CHECKS],
    )  # fmt: skip
    assert f"ValueError: {text} (it begins `raise ValueError(" in row.remarks[0]
    assert text in row.marks[1].reason
    assert f"KeyError: '{text}'" in row.marks[1].reason, "quoted once"


def test_an_error_without_a_text_is_named(tmp_path):
    row = grade_one(
        tmp_path, [BEGIN, FIRST, "def weighted_sums(x, w):\n    raise ValueError", "assert 0",
                   CHECKS],
    )  # fmt: skip
    assert "your code raised ValueError." in row.marks[1].reason
    assert row.remarks == ("code cell 4 raised AssertionError (it begins `assert 0`)",)
