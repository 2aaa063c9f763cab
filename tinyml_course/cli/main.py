"""The `tinyml` command: thin, one function a command, one file a family.

Every command takes `--json`. Exit code 0 means done, 1 means one clear line on stderr says why not,
2 means the command line itself was wrong. Rooms are imported inside the commands, so that
`tinyml --help` starts in a fraction of a second.
"""

from __future__ import annotations

import argparse
import errno
import os
import select
import sys
from collections.abc import Sequence

import tinyml_course
from tinyml_course.cli.boards import add_board_commands
from tinyml_course.cli.labs import add_lab_commands
from tinyml_course.cli.lessons import add_lesson_commands
from tinyml_course.cli.links import add_link_commands
from tinyml_course.cli.models import add_model_commands
from tinyml_course.cli.output import take_any_console
from tinyml_course.cli.sketches import add_sketch_commands
from tinyml_course.errors import MissingExtraError, TinyMLCourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    take_any_console()
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # here, where a closed pipe and a full disk are expected
    except MissingExtraError as error:
        print(f"tinyml {options.command} {error.needs}", file=sys.stderr)
        return 1
    except TinyMLCourseError as error:
        print(f"tinyml {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"tinyml {options.command}: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        if not _reader_is_gone():
            raise  # a program that we had started died: no success
        # The reader of our pipe has seen enough, for instance `head`.
        _forget_output()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _forget_output()
        said = f"cannot write the result: {error.strerror}. Make room, or write elsewhere"
        print(f"tinyml {options.command}: {said}", file=sys.stderr)
        return 1
    return code


def _reader_is_gone() -> bool:
    """Whether nobody reads our standard output any more."""
    try:
        sys.stdout.flush()
        number = sys.stdout.fileno()
    except BrokenPipeError:
        return True
    except (OSError, ValueError):  # no file behind it
        return False
    if not hasattr(select, "poll"):  # Windows: the flush above has told
        return False
    asked = select.poll()
    asked.register(number, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in asked.poll(0))


def _forget_output() -> None:
    """What is still buffered goes nowhere, so that Python's end does not stumble over it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, family by family."""
    parser = argparse.ArgumentParser(
        prog="tinyml",
        description="From a sensor's signal to a microcontroller's answer.",
        epilog="Begin with: tinyml doctor, then: tinyml run motion",
    )
    parser.add_argument("--version", action="version", version=tinyml_course.__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_lab_commands(commands)
    add_model_commands(commands)
    add_board_commands(commands)
    add_sketch_commands(commands)
    add_link_commands(commands)
    add_lesson_commands(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    return parser
