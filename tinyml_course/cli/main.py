"""The `tinyml` command: thin, one function a command, one file a family.

Every command takes `--json`. Exit code 0 means done, 1 means one clear line on stderr says why not,
2 means the command line itself was wrong. Rooms are imported inside the commands, so that
`tinyml --help` starts in a fraction of a second.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import select
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import tinyml_course
from tinyml_course.cli.boards import add_board_commands
from tinyml_course.cli.ending import Stopped, leave, stoppable
from tinyml_course.cli.grade import add_grade_command
from tinyml_course.cli.helping import CommandParser
from tinyml_course.cli.labs import add_lab_commands
from tinyml_course.cli.lessons import add_lesson_commands
from tinyml_course.cli.links import add_link_commands
from tinyml_course.cli.models import add_model_commands
from tinyml_course.cli.output import take_any_console
from tinyml_course.cli.play import add_play_commands
from tinyml_course.cli.quantize import add_quantize_command
from tinyml_course.cli.sketches import add_sketch_commands
from tinyml_course.errors import MissingExtraError, TinyMLCourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    take_any_console()
    options = _parse(arguments)
    is_program = arguments is None
    try:
        with stoppable(options.command, is_program=is_program) as heard:
            code = _run(options)
        # It may have heard the signal itself, as the recorder does, and said what it kept.
        return code if heard.number is None else leave(heard.number, is_program=is_program)
    except KeyboardInterrupt as error:
        print(f"tinyml {options.command}: stopped", file=sys.stderr)
        number = error.number if isinstance(error, Stopped) else signal.SIGINT
        return leave(number, is_program=is_program)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; an option that the command has not is said with the one that is meant."""
    parser = build_parser()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] in (["help"], ["version"]):  # as other programs have it
        arguments = [*arguments[1:2], f"--{arguments[0]}"]
    if not arguments:
        parser.print_help(sys.stderr)
        parser.exit(2, "\ntinyml: which command?\n")
    options, unknown = parser.parse_known_args(arguments)
    if not unknown:
        return options
    command: CommandParser = options.parser
    command.refuse_unknown(unknown, options.commands)


def _run(options: argparse.Namespace) -> int:
    """The command; whatever stops it but an interrupt becomes one line and an exit code."""
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # here, where a closed pipe and a full disk are expected
    except MissingExtraError as error:
        return _fail(options, f" {error.needs}")
    except TinyMLCourseError as error:
        return _fail(options, f": {error}")
    except BrokenPipeError as error:
        if _reader_is_gone():
            # The reader of our pipe has seen enough, for instance `head`.
            _forget_output()
            return 0
        return _catch(options, error)  # a program that we had started died: no success
    except Exception as error:  # noqa: BLE001 - the net; with --debug it is not there
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _forget_output()
            said = f"cannot write the result: {error.strerror}. Make room, or write elsewhere"
            return _fail(options, f": {said}")
        if isinstance(error, OSError) and error.filename is not None and not options.debug:
            # A folder that we may not enter, a name that is too long: wherever it was met.
            said = f"{os.fsdecode(error.filename)}: {error.strerror}; look at the path"
            return _fail(options, f": {said}, and at who may use it")
        return _catch(options, error)
    return code


def _fail(options: argparse.Namespace, said: str) -> int:
    """Say why not. What a file's name or a sketch says to a terminal is shown, not obeyed."""
    shown = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", lambda m: repr(m[0])[1:-1], said)
    print(f"tinyml {options.command}{shown}", file=sys.stderr)
    return 1


def _catch(options: argparse.Namespace, error: Exception) -> int:
    """The net under all commands. Tests run without it."""
    if options.debug or os.environ.get("TINYML_DEBUG"):
        raise error
    if isinstance(error, MemoryError):
        return _fail(options, ": there is not enough memory; close other programs, or give it less")
    what = " ".join(str(error).split())[:300]
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = (
        f": this is a fault of the course, please report it: {type(error).__name__}: {what} "
        f"(at {Path(place.filename).name}:{place.lineno}). The same command with --debug shows more"
    )
    return _fail(options, said)


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
    parser = CommandParser(
        prog="tinyml",
        description="From a sensor's signal to a microcontroller's answer.",
        epilog="Begin with: tinyml doctor, then: tinyml run motion. "
        "What a command takes: tinyml COMMAND -h",
    )
    parser.add_argument("--version", action="version", version=tinyml_course.__version__)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=CommandParser
    )
    add_lab_commands(commands)
    add_quantize_command(commands)
    add_model_commands(commands)
    add_board_commands(commands)
    add_sketch_commands(commands)
    add_link_commands(commands)
    add_play_commands(commands)
    add_lesson_commands(commands)
    add_grade_command(commands)
    for command in commands.choices.values():
        command.set_defaults(parser=command, commands=commands.choices)
        command.add_argument("--json", action="store_true", help="the result as JSON on stdout")
        command.add_argument(
            "--debug", action="store_true", help="show all of the traceback of a fault"
        )
    return parser
