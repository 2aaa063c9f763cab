"""The exercises of the lessons, one file a lesson: what is asked, and what people get wrong.

None of these files imports TensorFlow, and none needs a notebook: a teacher's tests can judge a
learner's functions from anywhere.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tinyml_course.errors import DataError, meant
from tinyml_course.exercises import Exercise


def list_lessons() -> list[str]:
    """The numbers of the lessons that have exercises, such as "04"."""
    return sorted(module.name.removeprefix("lesson_") for module in iter_modules(__path__))


@cache
def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of a lesson, in its order.

    Args:
        lesson: two digits, for instance "04".

    Raises:
        DataError: there is no such lesson.

    >>> [exercise.name for exercise in exercises_of("00")]
    ['0.1', '0.2']
    """
    if lesson not in list_lessons():
        raise DataError(
            f"lesson {lesson!r} has no exercises: choose of {', '.join(list_lessons())}"
            f"{meant(lesson.zfill(2), list_lessons())}"
        )
    found: tuple[Exercise, ...] = import_module(f"{__name__}.lesson_{lesson}").EXERCISES
    return found


def find_exercise(name: str) -> Exercise:
    """The exercise called `name`, for instance "4.2".

    Raises:
        DataError: there is none of this name, or it is no text.
    """
    if not isinstance(name, str):
        raise DataError(
            f"an exercise is called by a text, came {name!r}: write the number in quotes, "
            f'such as "0.1"'
        )
    lesson = name.split(".")[0].zfill(2)
    for exercise in exercises_of(lesson):
        if exercise.name == name:
            return exercise
    names = ", ".join(exercise.name for exercise in exercises_of(lesson))
    raise DataError(f"lesson {lesson} has no exercise {name!r}: there are {names}")
