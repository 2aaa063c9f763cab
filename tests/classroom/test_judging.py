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


def half_filled(x, scale, zero_point):
    steps = x / scale
    rounded = ...
    return np.clip(rounded + zero_point, -128, 127).astype(np.int8) + 0 * steps


def nearly_untouched(x, scale, zero_point):
    steps = x / scale  # noqa: F841
    rounded = ...  # noqa: F841
    return ...


def without_starts(recording, window, hop):
    starts = ...
    return np.stack([recording[s : s + window] for s in starts])


def untouched_windows(recording, window, hop):
    starts = ...  # noqa: F841
    return ...


def test_who_filled_some_is_told_what_is_left():
    open_yet = "exercise 4.2: not yet\n  Left to fill in: "
    assert said_of("4.2", half_filled) == open_yet + "`rounded = ...`."
    both = open_yet + "`rounded = ...  # noqa: F841`, `return ...`."
    assert said_of("4.2", nearly_untouched) == both
    assert said_of("1.3", without_starts).endswith("not yet\n  Left to fill in: `starts = ...`.")
    assert said_of("1.3", untouched_windows) == "exercise 1.3: not yet"


def test_a_usual_mistake_is_named_only_if_it_is_the_same_in_every_case():
    signs = Exercise(
        "1.1",
        lambda x: "up" if x > 0 else "down",
        lambda: [(3,), (-1,), (2,)],
        (Mistake(lambda x: "down" if x > 0 else "up", "Up and down are swapped."),),
        (),
    )
    assert "swapped" in str(judge(signs, lambda x: "up" if x < 0 else "down"))
    for lazy in (lambda x: "up", lambda x: "down", lambda x: "up" if x == 3 else "down"):
        assert len(judge(signs, lazy).sentences) == 1


def test_an_integer_is_no_unrounded_number():
    counted = Exercise(
        "1.1",
        lambda x: round(x),
        lambda: [(1e9 + 0.6,), (2e9 + 0.3,)],
        (Mistake(lambda x: x, "Round it."),),
        (),
    )
    assert "Round it" in str(judge(counted, lambda x: x))
    for other in (math.floor, math.ceil):
        assert len(judge(counted, other).sentences) == 1


def test_who_rounds_is_told_so_where_no_mistake_says_it():
    thirds = Exercise("1.1", lambda x: x / 3, lambda: [(2,), (5,)], (), ())
    assert "Right, but rounded." in str(judge(thirds, lambda x: round(x / 3, 2)))
    assert "behind the point is lost" in str(judge(thirds, lambda x: round(x / 3)))
    ones = Exercise("1.1", lambda x: x / 3, lambda: [(2,), (4,)], (), ())
    assert "Right" not in str(judge(ones, lambda x: 1)), "a constant rounds nothing"


def test_the_input_is_shown_where_it_is_small():
    assert "With part_a = a part with groups ['ann', 'ann', 'bob'], part_b = a part" in said_of(
        "2.1", lambda a, b: set()
    )
    assert "came array('bob'), expected" in said_of("2.1", lambda a, b: np.array(["bob"]))
    assert "With boards = [big (90 us, 9 uJ), small (700 us, 2.5 uJ), slow" in said_of(
        "10.3", lambda b, us: ""
    )
    pairs = "[('compiler', True), ('panel', False), ('page', True), ('sounds', False)]"
    assert f"With checks = {pairs}: came" in said_of("20.1", lambda checks: [])


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
        ("90 %", "you said '90 %', it is 4,312 bytes\n"),
    ],
    ids=[f"guess {n}" for n in range(17)],
)
def test_any_guess_is_welcome(guess, says, capsys):
    compare_guess(guess, 4312, "bytes")
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("guess", "measured", "unit", "says"),
    [
        (90, 0.967, "", "you said 90, it is 0.967. 90 % is 0.9 as a share: 0.067 apart"),
        (5, 0.04, "", "you said 5, it is 0.04. 5 % is 0.05 as a share: 0.01 apart"),
        ("90 %", 0.967, "", "you said '90 %', it is 0.967. 90 % is 0.9 as a share: 0.067 apart"),
        ("97.5%", 0.967, "", "97.5 % is 0.975 as a share: 0.008 apart"),
        (100, 1.0056, "of the file", "it is 1.01 of the file. 100 % is 1 as a share: 0.0056 apart"),
        (0.9, 94.2, "of 100", "you said 0.9 of 100, it is 94.2 of 100. 0.9 is 90 in a hundred"),
        (0.2, 25.0, "%", "you said 0.2 %, it is 25 %. 0.2 is 20 in a hundred: 5 apart"),
        ("20 %", 25.0, "%", "you said '20 %', it is 25 %: 5 apart"),
        (0.9, 0.967, "", "you said 0.9, it is 0.967: 0.067 apart"),
        (2, 0.5, "g", "you said 2 g, it is 0.5 g: 4.0 times apart"),
        (1.2, 0.5, "", "you said 1.2, it is 0.5: 2.4 times apart"),
        (300, 0.967, "", "you said 300, it is 0.967: 310.2 times apart"),
        (0.4, 0.5, "%", "you said 0.4 %, it is 0.5 %: 0.1 apart"),
    ],
)
def test_a_guess_in_percent_is_compared_as_a_share_and_the_other_way(
    guess, measured, unit, says, capsys
):
    compare_guess(guess, measured, unit)
    assert says in capsys.readouterr().out


def test_words_are_compared_as_words(capsys):
    compare_guess("years", "days")
    assert capsys.readouterr().out == "you said years, it is days\n"


def test_check_prints(capsys):
    check("0.1", ...)
    assert capsys.readouterr().out == "exercise 0.1: not yet\n"
