"""The teacher of a notebook: knows the exercises by name, and counts the attempts at each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinyml_course.classroom.exercises import find_exercise
from tinyml_course.exercises import State, Verdict, judge


class Teacher:
    """Judges answers one after the other, and gives one hint more from wrong attempt to attempt."""

    def __init__(self) -> None:
        self._wrong: dict[str, int] = {}

    def judge(self, name: str, answer: Any) -> Verdict:
        """The verdict on the answer to exercise `name`.

        Raises:
            DataError: there is no such exercise.
        """
        exercise = find_exercise(name)
        verdict = judge(exercise, answer, self._wrong.get(name, 0) + 1)
        if verdict.state is State.WRONG:
            self._wrong[name] = self._wrong.get(name, 0) + 1
        return verdict


_TEACHER = Teacher()


def reference_answer(name: str) -> Callable[..., Any]:
    """The right answer to exercise `name`, for the cells of a lesson that need one behind it.

    So an open notebook runs on before the exercise is done, and does not show how it is done.

    Raises:
        DataError: there is no such exercise.

    >>> reference_answer("0.2")(1, 4)
    0.25
    """
    return find_exercise(name).reference


def check(name: str, answer: Any) -> None:
    """Print what is to be said about an answer. Every lesson uses it; it stops no notebook.

    Args:
        name: what the exercise is called, for instance "4.1".
        answer: the learner's function, or whatever stands in its place.

    >>> check("3.3", ...)
    exercise 3.3: not yet
    """
    print(_TEACHER.judge(name, answer))
