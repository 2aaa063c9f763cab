"""What `--help` says: a sentence, what is known by name, and commands to copy.

Names of labs, boards and sketches are looked up where the course has them, and only when help is
shown: a command that shows none starts as soon as before.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tinyml_course.cli.output import Commands
from tinyml_course.errors import meant

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
        """Say what is wrong and what is probably meant; exit with 2."""
        strange = [word for word in self.given if word.startswith("-") and not self._knows(word)]
        if name := next((word for word in strange if len(word) > 1 and Path(word).exists()), ""):
            message += f"; {name} looks like an option: write .{os.sep}{name}"
        elif "are required" in message and strange:
            message += f"; {strange[0]} is not known{self._near_option(strange[0])}"
        elif "expected one argument" in message:
            option = message.removeprefix("argument ").partition(":")[0]
            action = self._option_string_actions.get(option)
            wanted = action.metavar or "{" + ",".join(action.choices or ()) + "}" if action else ""
            message += f": {option} {wanted}"
        elif self.examples and "are required" in message:
            message += f"; for example: {self.examples[0]}"
        super().error(message)

    def refuse_unknown(
        self, unknown: Sequence[str], others: Mapping[str, CommandParser]
    ) -> NoReturn:
        """Refuse what the command does not take, with what is meant; exit with 2.

        Args:
            others: all commands by name.
        """
        message = f"unrecognized arguments: {' '.join(unknown)}"
        word = next((word for word in unknown if word.startswith("-")), "")
        name = word.partition("=")[0]
        owners = [other.prog for other in others.values() if name and other._knows(name)]
        if self._knows(word):
            message += f"; put it behind the command: {self.prog} ... {word}"
        elif near := self._near_option(word):
            message += near
        elif owners:
            message += f"; {name} is an option of {', '.join(owners)}"
        elif not word:
            takes = [str(a.metavar or a.dest) for a in self._actions if not a.option_strings]
            kinds = f"{' '.join(takes)} and options" if takes else "options only"
            message += f"; {self.prog} takes {kinds}"
            message += ". A name with spaces stands in quotes" if takes else ""
        self.error(message)

    def _knows(self, word: str) -> bool:
        return word.partition("=")[0] in self._option_string_actions

    def _near_option(self, word: str) -> str:
        name = word.partition("=")[0].lower()
        known = [option for option in self._option_string_actions if option.startswith("--")]
        if len(name) == 2:  # a short one, which most commands do not have
            near = [option for option in known if option[2] == name[1]][:1]
        else:
            near = difflib.get_close_matches(name, known, 1)
        return f"; did you mean {near[0]}?" if near else ""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """As the base class, with the choice that is near."""
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            said = f"invalid choice: {value!r} (choose from {', '.join(known)})"
            said += meant(str(value), known)
            if isinstance(action, argparse._SubParsersAction) and self.given[0].startswith("-"):
                said += f"; the command comes first, then {self.given[0]}"
            if not action.option_strings and self.examples and not meant(str(value), known):
                said += f"; for example: {self.examples[0]}"
            raise argparse.ArgumentError(action, said)


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
