"""What an exercise is, and how an answer to it is judged: a pure function of the learner's object.

An exercise asks for a function. It is called with arguments that the learner has not seen, and what
it returns is compared with what the reference returns. So a constant, an unrounded value or a lucky
sum cannot pass. A usual mistake is declared as the function that people write by mistake: an answer
that equals it in every case is told what that mistake is. To equal it only where the answer is
wrong proves little: of two possible answers, a wrong one is always the other.

The exercises themselves are in `tinyml_course/classroom/exercises/`, one file a lesson.
"""

from __future__ import annotations

import copy
import inspect
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from tinyml_course.answers import (
    describe,
    first_difference,
    is_the_same_slip,
    lines_left,
    round_numbers,
)

Answer = Callable[..., Any]
MOST_DIGITS = 5  # to so many a result is rounded for reading


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people often give.

    Attributes:
        made_by: the function as they write it. It may raise, if theirs does.
        say: what helps, in one or two sentences; it does not give the answer away.
    """

    made_by: Answer
    say: str


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    Attributes:
        name: as in the lesson's heading, for instance "4.2".
        reference: a right answer. Learners do not see it.
        make_cases: gives the arguments to try, one tuple for each call.
        mistakes: the usual ones; the first that an answer equals in all cases is named.
        hints: shown one after the other, from the second wrong attempt on.
        tolerance: how far a float may be off, relative to the larger of 1 and its size. Whole
            numbers must be equal.
        dtype_matters: whether an array must have the type of the reference's.
        blanks: how many `...` the function has in the lesson. Who filled some of them is told
            which are left.
    """

    name: str
    reference: Answer
    make_cases: Callable[[], Sequence[tuple[Any, ...]]]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    tolerance: float = 1e-6
    dtype_matters: bool = False
    blanks: int = 1


class State(Enum):
    """What became of an answer."""

    CORRECT = "correct"
    UNTOUCHED = "not yet"
    WRONG = "not right yet"
    BROKEN = "cannot be checked"


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer: its state, and the sentences that go with it."""

    exercise: str
    state: State
    sentences: tuple[str, ...] = ()

    def __str__(self) -> str:
        first = f"exercise {self.exercise}: {self.state.value}"
        return "\n  ".join([first, *self.sentences])


class _Unfilled(Exception):
    """The answer still holds `...` where something should be."""


@dataclass(frozen=True)
class _Raised:
    """An error in a learner's function: what a call came to."""

    error: BaseException


def judge(exercise: Exercise, answer: Any, attempt: int = 1) -> Verdict:
    """Say what an answer is worth. Nothing that `answer` is or does makes this raise.

    Args:
        exercise: which one.
        answer: what the learner has: a function, `...`, or anything else.
        attempt: the how manieth wrong one this would be; from the second on there are hints.

    >>> double = Exercise("1.1", lambda x: 2 * x, lambda: [(3,), (-1,)],
    ...                   (Mistake(lambda x: x ** 2, "This squares. Twice is wanted."),), ("2 *",))
    >>> print(judge(double, lambda x: x + x))
    exercise 1.1: correct
    >>> print(judge(double, ...))
    exercise 1.1: not yet
    >>> print(judge(double, lambda x: x * x, attempt=2))
    exercise 1.1: not right yet
      With x = 3: came 9, expected 6.
      This squares. Twice is wanted.
      Hint: 2 *
    """
    if answer is ... or answer is None:
        return Verdict(exercise.name, State.UNTOUCHED)
    try:
        cases = list(exercise.make_cases())
        expected = [exercise.reference(*copy.deepcopy(case)) for case in cases]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours and not the learner's
        trouble = f"The check itself has failed, not your answer: {type(error).__name__}: {error}"
        return Verdict(exercise.name, State.BROKEN, (trouble, "Go on; and please report it."))
    try:
        sentences = _judge_calls(exercise, answer, cases, expected)
    except _Unfilled:
        return Verdict(exercise.name, State.UNTOUCHED, _what_is_left(exercise, answer))
    if not sentences:
        return Verdict(exercise.name, State.CORRECT)
    hint = exercise.hints[: attempt - 1][-1:] if attempt > 1 else ()
    return Verdict(exercise.name, State.WRONG, (*sentences, *(f"Hint: {text}" for text in hint)))


def _judge_calls(
    exercise: Exercise, answer: Any, cases: list[tuple[Any, ...]], expected: list[Any]
) -> tuple[str, ...]:
    """What is wrong with the answer, as sentences; none if it is right in every case."""
    if not callable(answer):
        return (f"Came {describe(answer)}, expected a function: keep the line with `def`.",)
    misfit = _wrong_arguments(answer, cases[0])
    if misfit:
        return (misfit,)
    came, changed = [], False
    for case in cases:
        theirs = copy.deepcopy(case)
        came.append(_attempt(answer, theirs))
        changed = changed or _is_changed(theirs, case)
    wrong = [i for i, value in enumerate(came) if _differs(value, expected[i], exercise)]
    if not wrong:
        if changed:
            return ("The result is right, but the function has changed its arguments: copy first.",)
        return ()
    first = wrong[0]
    sentence = _what_came(exercise, answer, cases[first], came[first], expected[first])
    for mistake in exercise.mistakes:
        slips = (_attempt(mistake.made_by, copy.deepcopy(case)) for case in cases)
        if _are_the_same(came, slips, expected, exercise):
            return (sentence, mistake.say)
    return (sentence, *_rounded(exercise, came, expected))


def _are_the_same(
    came: list[Any], slips: Iterable[Any], expected: list[Any], exercise: Exercise
) -> bool:
    """Whether an answer gives in every case what a mistake gives. The first difference ends it."""
    return all(_same(*each, exercise) for each in zip(came, slips, expected, strict=True))


def _rounded(exercise: Exercise, came: list[Any], expected: list[Any]) -> tuple[str, ...]:
    """What is said to who rounds, in any exercise; nothing where a constant would do as well."""
    for digits in range(MOST_DIGITS):
        slips = (round_numbers(value, digits) for value in expected)
        if not _are_the_same(came, slips, expected, exercise):
            continue
        if all(_same(came[0], one, one, exercise) for one in came):
            return ()
        what = "rounded" if digits else "what stands behind the point is lost"
        return (f"Right, but {what}. Return it in full; round where you print it.",)
    return ()


def _what_is_left(exercise: Exercise, answer: Any) -> tuple[str, ...]:
    """Which `...` are left, if some of several were filled; nothing about an untouched function."""
    left = lines_left(answer)
    if not 0 < len(left) < exercise.blanks:
        return ()
    return ("Left to fill in: " + ", ".join(f"`{line}`" for line in dict.fromkeys(left)) + ".",)


def _attempt(function: Answer, case: tuple[Any, ...]) -> Any:
    """What the call returns, or what it raised. Warnings of NumPy say nothing to a beginner."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = function(*case)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a learner's code may raise anything
        if "ellipsis" in _text_of(error).lower():
            raise _Unfilled from None
        return _Raised(error)
    if value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        raise _Unfilled
    return value


def _is_changed(theirs: tuple[Any, ...], case: tuple[Any, ...]) -> bool:
    """Whether a call has written into the arrays it was given."""
    return any(
        isinstance(before, np.ndarray) and not np.array_equal(now, before)
        for now, before in zip(theirs, case, strict=True)
    )


def _differs(came: Any, expected: Any, exercise: Exercise) -> bool:
    if isinstance(came, _Raised):
        return True
    tolerance, dtype_matters = exercise.tolerance, exercise.dtype_matters
    return bool(first_difference(came, expected, tolerance, dtype_matters))


def _same(came: Any, slip: Any, expected: Any, exercise: Exercise) -> bool:
    if isinstance(came, _Raised) or isinstance(slip, _Raised):
        both = isinstance(came, _Raised) and isinstance(slip, _Raised)
        return both and _kind_of(came.error) == _kind_of(slip.error)
    return is_the_same_slip(came, slip, expected, exercise.tolerance, exercise.dtype_matters)


def _what_came(
    exercise: Exercise, answer: Any, case: tuple[Any, ...], came: Any, expected: Any
) -> str:
    names = inspect.signature(exercise.reference).parameters
    values = zip(names, case, strict=False)  # a reference may have further ones, with defaults
    given = "With " + ", ".join(f"{name} = {describe(value)}" for name, value in values)
    if isinstance(came, _Raised):
        where = _line_of(came.error, answer)
        text = _text_of(came.error)
        error = f"{type(came.error).__name__}: {text}" if text else type(came.error).__name__
        return f"{given}: your code raised {error}{where}."
    if came is None:
        return f"{given}: nothing came back, expected {describe(expected)}. Is there a `return`?"
    difference = first_difference(came, expected, exercise.tolerance, exercise.dtype_matters)
    return f"{given}: {difference}."


def _wrong_arguments(answer: Answer, case: tuple[Any, ...]) -> str:
    try:
        signature = inspect.signature(answer)
    except Exception:  # noqa: BLE001 - functions written in C have none, odd objects may raise
        return ""
    try:
        signature.bind(*case)
    except TypeError:
        return (
            f"Your function takes {signature}; it is called with {len(case)} "
            f"argument{'s' * (len(case) != 1)}. Keep the line with `def` as it was."
        )
    return ""


def _line_of(error: BaseException, answer: Answer) -> str:
    """Where in the learner's own function it happened, if that can be told."""
    code = getattr(answer, "__code__", None)
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if code is not None and frame.filename == code.co_filename and frame.line
    ]
    return f", in the line `{own[-1].line}`" if own else ""


def _kind_of(error: BaseException) -> tuple[type, list[str]]:
    """Its type and the words of its text, in any order: operands may stand the other way round."""
    return type(error), sorted(_text_of(error).split())


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error class of the learner's, whose text raises
        return "(its text cannot be read)"
