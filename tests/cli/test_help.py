"""`--help` with the eyes of somebody who knows nothing yet: what can I name, and what do I type?"""

import argparse
import shlex
import subprocess
import sys

import pytest

from tinyml_course.board.catalog import BOARDS
from tinyml_course.board.models import MODELS
from tinyml_course.cli.main import build_parser, main
from tinyml_course.labs import LABS

(SUBPARSERS,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
COMMANDS = sorted(SUBPARSERS.choices)


def help_of(command, capsys):
    """What is shown, with the line breaks within a paragraph taken out."""
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    return " ".join(capsys.readouterr().out.split())


def test_run_lists_every_lab_with_its_title(capsys):
    said = help_of("run", capsys)
    for lab in LABS.values():
        assert f"{lab.name} {lab.title}" in said


@pytest.mark.parametrize(
    ("command", "boards", "default"),
    [
        ("bench", BOARDS, "nano33ble"),
        ("sketch", MODELS, "nano33ble"),
        ("play", MODELS, "nano33ble"),
        ("run", MODELS, "the lab's own"),
    ],
)
def test_a_board_is_one_of_those_there_are_and_one_is_taken_if_none_is_named(
    command, boards, default, capsys
):
    assert f"one of {', '.join(boards)} [{default}]" in help_of(command, capsys)
    if command != "run":
        needed = ["run", "x"] if command == "sketch" else ["x"]
        assert build_parser().parse_args([command, *needed]).board == default


@pytest.mark.parametrize("command", ["sketch", "play"])
def test_the_courses_own_sketches_are_listed(command, capsys):
    said = help_of(command, capsys)
    for name in ("motion", "keywords", "hardware_test", "recorder"):
        assert name in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_every_argument_says_what_it_is(command, capsys):
    parser = SUBPARSERS.choices[command]
    assert parser.description
    for action in parser._actions:
        assert action.help, f"tinyml {command}: {action.option_strings or action.dest}"
    assert "examples:" in help_of(command, capsys) or command in ("boards", "ports")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_is_a_command_line_of_its_command(command):
    lines = "\n".join(SUBPARSERS.choices[command].examples).replace("\\\n", "").splitlines()
    for line in lines:
        name, *arguments = shlex.split(line)
        assert (name, arguments[0]) == ("tinyml", command)
        build_parser().parse_args(arguments)


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], {"tensorflow", "numpy", "tinyml_course.labs", "tinyml_course.board.models"}),
        (["bench", "--help"], {"tensorflow", "numpy", "tinyml_course.labs"}),
        (["sketch", "--help"], {"tensorflow", "numpy", "tinyml_course.labs"}),
        (["run", "--help"], {"tensorflow", "keras", "tf_keras", "sklearn", "matplotlib.pyplot"}),
        (["run", "motion", "--bord", "x"], {"tensorflow", "numpy", "tinyml_course.labs"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_help_imports_only_what_it_shows(arguments, heavy):
    probe = (
        "import runpy, sys\n"
        f"sys.argv = ['tinyml', *{arguments!r}]\n"
        "try:\n    runpy.run_module('tinyml_course', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        f"print('heavy:', sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stdout
