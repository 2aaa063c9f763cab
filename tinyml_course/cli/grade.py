"""The `tinyml grade` command: marks for a folder of notebooks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tinyml_course.cli.output import Commands, show
from tinyml_course.files import write_text
from tinyml_course.plain_json import to_json


def add_grade_command(commands: Commands) -> None:
    """Add `grade` to the parser."""
    grade = commands.add_parser(
        "grade", help="which exercises pass in a folder of notebooks, each in a sandbox"
    )
    grade.add_argument("folder", type=Path, help="holds NAME.ipynb files, or folders NAME")
    grade.add_argument("--csv", type=Path, metavar="FILE", help="write the marks to a table")
    grade.add_argument("--lesson", metavar="NN", help="which one, if the notebooks do not say")
    grade.add_argument(
        "--trust", action="store_true", help="go on where there is no sandbox (bubblewrap)"
    )
    grade.set_defaults(run=run_grade)


def run_grade(options: argparse.Namespace) -> int:
    """`tinyml grade`."""
    from tinyml_course.classroom.grading.marks import grade_folder

    marks = grade_folder(
        options.folder,
        lesson=options.lesson,
        trust=options.trust,
        log=lambda line: print(line, file=sys.stderr, flush=True),
    )
    text = str(marks)
    if options.csv:
        write_text(options.csv, marks.to_csv())
        text += f"\nwritten to {options.csv}"
    show(options, to_json(marks), text)
    return 0
