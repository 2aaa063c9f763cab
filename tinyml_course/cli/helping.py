"""What `--help` says: a sentence, what is known by name, and commands to copy.

Names of labs, boards and sketches are looked up where the course has them, and only when help is
shown: a command that shows none starts as soon as before.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from tinyml_course.cli.output import Commands

MODEL = "a .tflite file, for instance out/motion/model_int8.tflite after tinyml run motion"
DEFAULT_BOARD = "nano33ble"


class CommandParser(argparse.ArgumentParser):
    """A command's parser, whose help ends with examples and with what else is to be known.

    Attributes:
        examples: command lines.
        find_notes: makes the lines below them, when help is shown.
    """

    examples: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    find_notes: Callable[[], Iterable[str]] | None = None

    def format_help(self) -> str:
        """The whole text."""
        parts = []
        if self.find_notes is not None:
            parts.append("\n".join(self.find_notes()))
        if self.examples:
            parts.append("examples:\n" + "\n".join(f"  {line}" for line in self.examples))
        self.epilog = "\n\n".join(parts)
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the base class; what was given is kept for `error`."""
        self.given = tuple(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and which name of a file was taken for an option; exit with 2."""
        options = self._option_string_actions
        names = [word for word in self.given if word.startswith("-") and word not in options]
        if name := next((word for word in names if len(word) > 1 and Path(word).exists()), ""):
            message += f"; {name} looks like an option: write .{os.sep}{name}"
        super().error(message)


class Names:
    """Names that are looked up when a help text shows them."""

    def __init__(self, find: Callable[[], Iterable[str]]) -> None:
        self._find = find

    def __str__(self) -> str:
        return ", ".join(self._find())


def add_command(
    commands: Commands, name: str, says: str, *examples: str, notes: Any = None
) -> CommandParser:
    """A command with its sentence and its examples.

    Args:
        notes: called when help is shown; its lines stand above the examples.
    """
    command: CommandParser = commands.add_parser(
        name,
        help=says,
        description=f"{says[:1].upper()}{says[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.examples = examples
    command.find_notes = notes
    return command


def add_named(
    command: argparse.ArgumentParser, option: str, find: Callable[[], Iterable[str]], **more: Any
) -> None:
    """An argument that takes a name; `%(names)s` in its help are those that `find` knows."""
    action = command.add_argument(option, **more)
    vars(action)["names"] = Names(find)


def add_board_option(command: argparse.ArgumentParser, find: Callable[[], Iterable[str]]) -> None:
    """`--board BOARD`, with its default and the boards there are."""
    says = "one of %(names)s [%(default)s]"
    add_named(command, "--board", find, default=DEFAULT_BOARD, metavar="BOARD", help=says)


def find_boards() -> Iterable[str]:
    """The boards of the catalogue."""
    from tinyml_course.board.catalog import BOARDS

    return BOARDS


def find_virtual_boards() -> Iterable[str]:
    """The boards that can be emulated."""
    from tinyml_course.board.models import MODELS

    return MODELS


def find_sketches() -> Iterable[str]:
    """The course's own sketches."""
    from tinyml_course.shipped import SKETCHES

    return sorted(file.stem for file in SKETCHES.glob("*/*.ino") if file.stem == file.parent.name)


def describe_labs() -> Iterable[str]:
    """The labs, a line each."""
    from tinyml_course.labs import LABS

    width = max(map(len, LABS))
    return ["labs:", *(f"  {lab.name:<{width}}  {lab.title}" for lab in LABS.values())]
