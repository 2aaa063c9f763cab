"""A quiz at the end of a lesson: choices that unfold their reason, and plain text without them.

`quiz("04")` as the last line of a cell shows five questions. In JupyterLab and on a web page each
choice is a line to click on, and below it stands why it is right or not. No kernel is needed for
that, and nothing is counted. In a terminal the same comes as text, with the reasons at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from pkgutil import iter_modules

from tinyml_course.classroom import quizzes
from tinyml_course.classroom.question import Question
from tinyml_course.errors import DataError

_LETTERS = "abcdef"


@dataclass(frozen=True)
class Quiz:
    """The questions of one lesson."""

    lesson: str
    questions: tuple[Question, ...]

    def _repr_html_(self) -> str:
        blocks = []
        for number, question in enumerate(self.questions, 1):
            choices = "".join(
                f"<details><summary>{_marked_up(choice.text)}</summary>"
                f'<p style="margin:0.2em 0 0.6em 1.3em"><b>{_opinion(choice.is_right)}</b> '
                f"{_marked_up(choice.why)}</p></details>"
                for choice in question.choices
            )
            blocks.append(
                f'<div style="margin:1em 0"><p><b>{number}.</b> {_marked_up(question.text)}</p>'
                f'<div style="margin-left:1em">{choices}</div></div>'
            )
        return f'<div style="max-width:44em">{"".join(blocks)}</div>'

    def __repr__(self) -> str:
        asked, reasons = [], ["Reasons"]
        for number, question in enumerate(self.questions, 1):
            asked.append(f"{number}. {question.text}")
            for letter, choice in zip(_LETTERS, question.choices, strict=False):
                asked.append(f"   {letter}) {choice.text}")
                reasons.append(f"{number}{letter}) {_opinion(choice.is_right)} {choice.why}")
            asked.append("")
        return "\n".join([*asked, *reasons])


@cache
def quiz(lesson: str) -> Quiz:
    """The quiz of a lesson.

    Args:
        lesson: its number, for instance "04".

    Raises:
        DataError: there is none.

    >>> len(quiz("00").questions)
    5
    """
    there = sorted(m.name.removeprefix("lesson_") for m in iter_modules(quizzes.__path__))
    if lesson not in there:
        raise DataError(f"there is no quiz of lesson {lesson!r}: choose of {', '.join(there)}")
    module = import_module(f"{quizzes.__name__}.lesson_{lesson}")
    return Quiz(lesson, module.QUESTIONS)


def _opinion(is_right: bool) -> str:
    return "Right." if is_right else "Not quite."


def _marked_up(text: str) -> str:
    """HTML of a sentence in which `code` stands between back quotes, *stress* between stars."""
    parts = escape(text, quote=False).split("`")
    parts[::2] = [re.sub(r"\*(\S|\S[^*]*\S)\*", r"<em>\1</em>", part) for part in parts[::2]]
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
