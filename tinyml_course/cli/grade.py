"""The `tinyml grade` command: marks for a folder of notebooks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tinyml_course.cli.helping import add_command
from tinyml_course.cli.output import Commands, show
from tinyml_course.errors import OutputError
from tinyml_course.files import write_text
from tinyml_course.plain_json import to_json


def add_grade_command(commands: Commands) -> None:
    """Add `grade` to the parser."""
    grade = add_command(
        commands,
        "grade",
        "which exercises pass in a folder of notebooks, each in a sandbox",
        "tinyml grade class --csv marks.csv",
    )
    grade.add_argument(
        "folder", type=Path, metavar="FOLDER", help="holds NAME.ipynb files, or folders NAME"
    )
    grade.add_argument("--csv", type=Path, metavar="FILE", help="write the marks to a table")
    grade.add_argument(
        "--lesson",
        metavar="NN",
        help="mark all of them as this lesson, for instance 04 [each says its own]",
    )
    grade.add_argument(
        "--trust", action="store_true", help="go on where there is no sandbox (bubblewrap)"
    )
    grade.set_defaults(run=run_grade)


def run_grade(options: argparse.Namespace) -> int:
    """`tinyml grade`."""
    from tinyml_course.classroom.grading.marks import grade_folder

    if options.csv:
        _refuse_table(options.csv)
    marks = grade_folder(
        options.folder,
        lesson=options.lesson,
        trust=options.trust,
        log=lambda line: print(line, file=sys.stderr, flush=True),
    )
    text = str(marks)
    unwritten: OutputError | None = None
    if options.csv:
        try:
            write_text(options.csv, marks.to_csv())
            text += f"\nwritten to {options.csv}"
        except OutputError as error:
            unwritten = error
    show(options, to_json(marks), text)
    if unwritten is not None:  # after the marks: a class takes minutes, and they are on the screen
        raise unwritten
    return 0


def _refuse_table(path: Path) -> None:
    """What a slip on the keyboard names, before a class was run: a learner's work, a folder."""
    if path.suffix == ".ipynb":
        raise OutputError(
            f"cannot write the marks to {path}: a notebook is not overwritten. Choose another "
            "file, for instance --csv marks.csv"
        )
    if path.is_dir():
        raise OutputError(
            f"cannot write the marks to {path}: it is a folder. Name a file, for instance "
            f"--csv {path / 'marks.csv'}"
        )
