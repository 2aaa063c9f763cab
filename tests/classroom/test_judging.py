"""The judge of exercises: what it says, and that nothing a learner writes stops it."""

import math

import numpy as np
import pytest

from tinyml_course.classroom import check, compare_guess, reference_answer
from tinyml_course.classroom.exercises import find_exercise
from tinyml_course.classroom.teacher import Teacher
from tinyml_course.errors import DataError
from tinyml_course.exercises import Exercise, Mistake, State, judge

DOUBLE = Exercise(
    "1.1",
    lambda x: 2 * x,
    lambda: [(3,), (-1,), (0.25,)],
    (Mistake(lambda x: x**2, "This squares. Twice is wanted."),),
    ("add it to itself", "2 * x"),
)
ARRAYS = Exercise(
    "1.2", lambda x: x * 2.0, lambda: [(np.arange(6.0).reshape(2, 3),)], (), ("times two",)
)


class Hostile:
    """Every look at it raises."""

    def __eq__(self, other):
        raise RuntimeError("no comparing")

    def __repr__(self):
        raise RuntimeError("no showing")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __getattr__(self, name):
        raise RuntimeError("no attributes")

    __hash__ = None


class WithoutText(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def raises(error):
    def answer(x):
        raise error

    return answer


def test_right_and_untouched():
    assert str(judge(DOUBLE, lambda x: x + x)) == "exercise 1.1: correct"
    for untouched in (..., None, lambda x: ..., lambda x: ... + x, lambda x: (..., ...)):
        assert str(judge(DOUBLE, untouched, attempt=3)) == "exercise 1.1: not yet"


def test_a_usual_mistake_is_named_and_says_what_came():
    verdict = judge(DOUBLE, lambda x: x * x)
    assert verdict.state is State.WRONG
    assert verdict.sentences == (
        "With x = 3: came 9, expected 6.",
        "This squares. Twice is wanted.",
    )


def test_hints_come_from_the_second_wrong_attempt_on():
    said = [judge(DOUBLE, lambda x: 7, attempt=n).sentences[1:] for n in (1, 2, 3, 4)]
    assert said == [(), ("Hint: add it to itself",), ("Hint: 2 * x",), ("Hint: 2 * x",)]


def test_a_teacher_counts_wrong_attempts_only():
    teacher = Teacher()
    assert "Hint" not in str(teacher.judge("0.2", ...))
    assert "Hint" not in str(teacher.judge("0.2", lambda a, b: 3))
    assert "Hint: bytes divided by bytes" in str(teacher.judge("0.2", lambda a, b: 3))
    assert "Hint: the part above" in str(teacher.judge("0.2", lambda a, b: 3))
    assert teacher.judge("0.2", lambda a, b: a / b).state is State.CORRECT
    with pytest.raises(DataError, match=r"no exercise '0\.9': there are 0\.1"):
        teacher.judge("0.9", ...)
    with pytest.raises(DataError, match="lesson '77' has no exercises"):
        teacher.judge("77.1", ...)
    with pytest.raises(DataError, match=r"came 0\.1: write the number in quotes, such as \"0\.1\""):
        check(0.1, ...)


def test_a_reference_answer_is_there_for_the_cells_behind_an_exercise():
    scores = np.array([[0.5, 0.5]])
    assert reference_answer("3.2")(scores, np.array([0])) == pytest.approx(0.6931, abs=1e-4)


def said_of(name, answer, attempt=1):
    return str(judge(find_exercise(name), answer, attempt))


def test_what_equals_true_is_true():
    for answer in (
        lambda tag, version, at_work: tag * (version > at_work),
        lambda tag, version, at_work: np.bool_(tag) & (np.array(version) > at_work),
        lambda tag, version, at_work: np.logical_and(tag, np.array(version > at_work)),
    ):
        assert said_of("19.2", answer) == "exercise 19.2: correct"
    for answer in (lambda *a: 2, lambda *a: "True", lambda *a: [True], lambda *a: -1):
        assert "not right yet" in said_of("19.2", answer)


def test_greater_not_equal_is_said_to_who_takes_the_same_version_alone():
    assert "Greater, not equal" in said_of("19.2", lambda tag, new, old: tag and new >= old)
    for attempt in (1, 2, 3):
        assert "equal" not in said_of("19.2", lambda tag, new, old: tag and new < old, attempt)


def test_only_a_list_that_was_not_sorted_is_told_to_be_sorted():
    lower = said_of("9.3", lambda v: sorted(v)[(len(v) - 1) // 2])
    upper = said_of("9.3", lambda v: sorted(v)[len(v) // 2])
    assert "Well sorted" in lower
    assert "Sort it" not in lower + upper
    for place in (lambda n: n // 2, lambda n: (n - 1) // 2):
        said = said_of("9.3", lambda v, place=place: v[place(len(v))])
        assert "not right yet" in said
        assert "sorted" not in said.lower().replace("sort it first", "")


def _close_for(readings, newest):
    for count, one in enumerate(readings[-2::-1]):
        if abs(one - newest) >= 0.01:
            return count
    return len(readings) - 1


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("18.3", lambda w, s, k: w - int(math.copysign(math.floor(abs(s) / 2**k + 0.5), s))),
        ("9.1", lambda bits, ticks: (2**bits - 1) / ticks / 60),
        ("16.3", lambda readings: _close_for(readings, readings[-1])),
    ],
    ids=["half away from zero", "the largest number", "close is not equal"],
)
def test_an_answer_that_is_off_by_little_is_found_and_helped(name, answer):
    said = said_of(name, answer)
    assert "not right yet" in said
    assert said.count("\n") == 2, "what came, and what helps"


@pytest.mark.parametrize("constant", [6, -2, 0.5, True, "6", (6,), [6], np.float64(6)])
def test_no_constant_passes(constant):
    assert judge(DOUBLE, lambda x: constant).state is State.WRONG
    assert judge(DOUBLE, constant).state is State.WRONG


def test_shapes_kinds_and_places_are_named():
    def said(answer):
        return judge(ARRAYS, answer).sentences[0]

    assert "came an array (3, 2), expected one of shape (2, 3)" in said(lambda x: 2 * x.T)
    assert "at place (1, 2) came 11, expected 10" in said(lambda x: 2 * x + (x == 5))
    assert "nothing came back" in said(lambda x: None)
    assert "came 'ten', expected an array (2, 3)" in said(lambda x: "ten")
    assert "expected a function" in said(np.ones(3))
    assert "takes (x, y)" in said(lambda x, y: x)
    assert "at place (0, 0) came nan" in said(lambda x: x * np.nan)
    assert "expected numbers" in said(lambda x: x.astype(str))
    assert judge(ARRAYS, lambda x: (2 * x).tolist()).state is State.CORRECT


def test_an_error_of_the_learner_is_shown_with_its_line():
    def divide(x):
        return x / 0

    (sentence,) = judge(DOUBLE, divide).sentences
    assert "your code raised ZeroDivisionError: division by zero" in sentence
    assert "in the line `return x / 0`" in sentence


def test_an_error_of_the_check_is_never_blamed_on_the_learner():
    def broken():
        raise KeyError("cases")

    for exercise in (
        Exercise("1.3", lambda x: x, broken, (), ()),
        Exercise("1.3", raises(ValueError("reference")), lambda: [(1,)], (), ()),
    ):
        verdict = judge(exercise, lambda x: x)
        assert verdict.state is State.BROKEN
        assert "The check itself has failed, not your answer" in str(verdict)
        assert judge(exercise, ...).state is State.UNTOUCHED


@pytest.mark.parametrize(
    "answer",
    [
        Hostile(),
        lambda x: Hostile(),
        lambda x: [Hostile()],
        Hostile,
        raises(SystemExit(3)),
        raises(RecursionError("deep")),
        raises(WithoutText()),
        lambda x: 10**400,
        lambda x: 1j,
        lambda x: float("inf"),
        lambda x: np.array([None]),
        lambda x: {"a": 1},
        lambda *, x: x,
        print,
        max,
        type,
        b"\xff",
        "3 kB",
        float("nan"),
    ],
    ids=[f"answer {n}" for n in range(19)],
)
@pytest.mark.parametrize("exercise", [DOUBLE, ARRAYS], ids=["number", "array"])
def test_nothing_stops_the_judge(exercise, answer):
    verdict = judge(exercise, answer, attempt=2)
    assert verdict.state is State.WRONG
    assert str(verdict).startswith(f"exercise {exercise.name}: not right yet\n")


def test_an_answer_may_not_change_its_arguments():
    def in_place(x):
        x *= 2
        return x

    verdict = judge(ARRAYS, in_place)
    assert "has changed its arguments" in str(verdict)


@pytest.mark.parametrize(
    ("guess", "says"),
    [
        (..., "no guess yet; it is 4,312 bytes"),
        (None, "no guess yet; it is 4,312 bytes"),
        (2156, "you said 2,156 bytes, it is 4,312 bytes: 2.0 times apart"),
        (0, "you said 0 bytes, it is 4,312 bytes: 4,312 apart"),
        ("3 kB", "you said '3 kB', it is 4,312 bytes"),
        (True, "you said True, it is 4,312 bytes"),
        (float("nan"), "you said nan, it is 4,312 bytes"),
        (10**400, "it is 4,312 bytes"),
        ([1, 2], "you said [1, 2], it is 4,312 bytes"),
        ((20, 0), "it is 4,312 bytes. A comma makes 2 numbers of it: write 20000 without one"),
        ((1, 200, 50), "you said (1, 200, 50), it is 4,312 bytes\n"),
        ((1, 200, 500), "A comma makes 3 numbers of it: write 1200500 without one"),
        ((2, 5), "A comma makes 2 numbers of it: write 2.5 with a point"),
        ((True, 0), "it is 4,312 bytes\n"),
        (Hostile(), "it is 4,312 bytes"),
        (2j, "you said 2j, it is 4,312 bytes"),
    ],
    ids=[f"guess {n}" for n in range(16)],
)
def test_any_guess_is_welcome(guess, says, capsys):
    compare_guess(guess, 4312, "bytes")
    assert says in capsys.readouterr().out


def test_words_are_compared_as_words(capsys):
    compare_guess("years", "days")
    assert capsys.readouterr().out == "you said years, it is days\n"


def test_check_prints(capsys):
    check("0.1", ...)
    assert capsys.readouterr().out == "exercise 0.1: not yet\n"
