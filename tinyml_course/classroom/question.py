"""A question with choices, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One answer to choose.

    Attributes:
        text: the answer.
        is_right: whether it is right.
        why: why it is, or is not; a wrong choice's reason says what would be true of it.
    """

    text: str
    is_right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """A question and its choices, one of them right."""

    text: str
    choices: tuple[Choice, ...]


def ask(text: str, *choices: Choice) -> Question:
    """A question with its choices, in the order in which they are shown."""
    return Question(text, choices)


def right(text: str, why: str) -> Choice:
    """The right answer, and why."""
    return Choice(text, True, why)


def wrong(text: str, why: str) -> Choice:
    """A wrong answer, and why not."""
    return Choice(text, False, why)
