"""What is said about wrong answers that learners wrote: the right mistake, or none.

`None` stands for an answer that is wrong in a way of its own: what came is shown, no mistake named.
"""

import math
import statistics

import numpy as np
import pytest

from tinyml_course.classroom.exercises import find_exercise
from tinyml_course.exercises import State, judge
from tinyml_course.features.magnitude import compute_magnitude


def multiplier(change):
    """Multiplier and shift, with another way to a whole number."""

    def answer(factor):
        m0, exponent = math.frexp(factor)
        return change(m0 * 2**31), exponent

    return answer


def first_push(away, limit=0.15):
    def answer(x):
        off = away(x)
        strong = off[np.flatnonzero(np.abs(off) > limit)]
        return "right" if len(strong) and strong[0] > 0 else "left"

    return answer


def scale_and_zero_point(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def zero_point_by(change):
    def answer(low, high):
        low, high = min(low, 0.0), max(high, 0.0)
        scale = (high - low) / 255
        return scale, change(-128 - low / scale)

    return answer


def zeroed(weights, share, change):
    pruned = weights.copy()
    order = np.argsort(np.abs(weights), axis=None)
    pruned.flat[order[: change(share * weights.size)]] = 0
    return pruned


def fake_quantized(weights, bits, largest):
    scale = largest / (2 ** (bits - 1) - 1)
    return np.round(weights / scale) * scale


def shift_of_one(factor):
    m0, shift = math.frexp(factor)
    multiplier = round(m0 * 2**31)
    return (2**30, 1) if multiplier == 2**31 else (multiplier, shift)


def second_strong(x):
    away = x - np.median(x)
    return "right" if away[np.flatnonzero(np.abs(away) > 0.15)[1]] > 0 else "left"


def choose_at_most(boards, limit_us):
    known = [b for b in boards if None not in (b.latency_us, b.energy_uj)]
    return min((b for b in known if b.latency_us <= limit_us), key=lambda b: b.energy_uj).board.name


def begin_counting_at_minus_one(energy, floor, confirm):
    loud = -1
    for at, value in enumerate(energy):
        loud = loud + 1 if value > floor else 0
        if loud == confirm:
            return at
    return -1


def of_the_right(scores, y):
    return scores[np.arange(len(y)), y]


def lowest(right, groups):
    return min(np.mean(right[groups == name]) for name in groups)


def returns_too_early(picture, w):
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    out = np.zeros((rows, columns, w.shape[-1]))
    for i in range(3):
        for j in range(3):
            below = picture[i : i + rows, j : j + columns]
            out += below @ w[i, j] if w.ndim == 4 else below * w[i, j]
            return out


def turns_by(ask):
    return lambda picture: 1 - picture if ask(picture) > 0.5 else picture


def both_columns(picture):
    return np.concatenate([picture[:, 0], picture[:, -1]])


def strongest_by(length):
    def answer(enters, leaves, count):
        strength = length(enters, 0) * length(leaves, 1)
        return np.sort(np.argsort(-strength)[:count])

    return answer


def fastest_enough(boards, limit_us):
    return min((b for b in boards if b.latency_us), key=lambda b: b.latency_us).board.name


# exercise, what was written, what is said (None: no mistake), a name for the test
HEARD = [
    ("0.1", lambda scores, y: 0, None, "constant 0"),
    ("0.1", lambda scores, y: np.sum(scores.argmax(axis=1) == y) // len(y), "`//` drops", "//"),
    ("0.1", lambda scores, y: np.mean(scores.max(axis=1) == y), "is `argmax`", "max"),
    ("0.2", lambda part, whole: round(part / whole, 2), "rounded", "rounded to 2"),
    ("0.2", lambda part, whole: round(part / whole, 3), "rounded", "rounded to 3"),
    ("0.2", lambda part, whole: int(part / whole), "behind the point is lost", "int"),
    ("0.2", lambda part, whole: part // whole, "behind the point", "//"),
    ("2.1", lambda a, b: np.intersect1d(a.groups, b.groups), "a set is wanted", "an array"),
    ("2.1", lambda a, b: sorted(set(a.groups) & set(b.groups)), "a set is wanted", "a list"),
    ("2.2", lambda w: compute_magnitude(w).std(axis=1, ddof=1), "ddof", "ddof=1"),
    ("2.3", lambda k, n: (n - k.mean(axis=0)) / k.std(axis=0, ddof=1), "ddof", "ddof=1"),
    ("3.1", lambda x, w, b: max(0, x @ w + b), "np.maximum", "max of Python"),
    ("3.1", lambda x, w, b: x @ w + b if x @ w + b > 0 else 0, "np.maximum", "if"),
    ("3.2", lambda scores, y: -np.mean(np.log2(of_the_right(scores, y))), "`log2`", "log2"),
    ("4.1", zero_point_by(int), "`int` cuts", "int for round"),
    ("4.1", zero_point_by(math.floor), None, "floor for round"),
    ("4.1", zero_point_by(math.ceil), None, "ceil for round"),
    ("4.1", lambda low, high: scale_and_zero_point(low, high)[::-1], "swapped", "swapped"),
    (
        "4.2",
        lambda x, scale, zero: np.clip(np.trunc(x / scale + 0.5) + zero, -128, 127).astype(np.int8),
        "copysign",
        "0.5 without a sign",
    ),
    *(
        (name, multiplier(change), None, says)
        for name in ("4.4", "8.2")
        for change, says in (
            (lambda v: int(v + 1), "one more"),
            (lambda v: round(v) | 1, "odd"),
        )
    ),
    *(
        (name, multiplier(lambda v: min(round(v), 2**31 - 1)), "hold the multiplier", "saturated")
        for name in ("4.4", "8.2")
    ),
    *((name, multiplier(math.ceil), "nearest", "ceil") for name in ("4.4", "8.2")),
    *((name, multiplier(lambda v: v), "round it", "float") for name in ("4.4", "8.2")),
    *((name, multiplier(round), "Nearly", "no carry") for name in ("4.4", "8.2")),
    ("4.4", shift_of_one, None, "a shift of 1 in any case"),
    ("8.2", shift_of_one, None, "a shift of 1 in any case"),
    ("5.1", lambda weights, share: zeroed(weights, share, int), None, "int for round"),
    ("6.3", lambda w, bits: fake_quantized(w, bits, w.max()), "negative one", "the largest"),
    ("6.3", lambda w, bits: fake_quantized(w, bits, -w.min()), None, "the smallest"),
    ("6.2", lambda scores, t: scores / scores.sum(axis=1, keepdims=True), "as hard", "no power"),
    ("10.3", choose_at_most, None, "at most the limit"),
    ("11.1", second_strong, None, "the second strong reading"),
    ("7.2", lambda value, scale, zero: zero, None, "the zero point"),
    ("9.3", lambda v: v[0], None, "the first"),
    ("9.3", lambda v: statistics.mode(v), None, "the most frequent"),
    ("9.3", lambda v: v.min(), "luckiest", "the smallest"),
    ("10.3", lambda boards, limit: "quick", None, "constant"),
    ("10.3", fastest_enough, "the fastest", "fastest"),
    ("11.1", lambda x: "right", None, "right"),
    ("11.1", lambda x: "left", None, "left"),
    ("11.1", lambda x: "right" if x.max() > -x.min() else "left", None, "strongest by max"),
    ("11.1", lambda x: "right" if x.sum() > 0 else "left", None, "sign of the sum"),
    ("11.1", lambda x: "right" if x[-1] > 0 else "left", None, "last reading"),
    (
        "11.1",
        lambda x: "left" if first_push(lambda x: x - np.median(x))(x) == "right" else "right",
        "swapped",
        "swapped",
    ),
    ("11.1", first_push(lambda x: x - x.mean()), "mean", "the mean for the median"),
    ("11.1", first_push(lambda x: x - x[0]), "first reading", "the first for the median"),
    ("11.1", first_push(lambda x: x - np.median(x), 0.2), None, "0.2 for 0.15"),
    ("11.1", first_push(lambda x: x - np.median(x), 0.1), None, "0.1 for 0.15"),
    ("11.3", lambda right, groups: 100 * lowest(right, groups), "percent", "percent"),
    ("11.3", lambda right, groups: round(100 * lowest(right, groups)), None, "percent, rounded"),
    ("12.1", lambda n, window, hop: round((n - window) / hop) + 1, "rounds", "rounds"),
    ("12.1", lambda n, window, hop: math.ceil((n - window) / hop) + 1, "rounds", "rounds up"),
    ("12.1", lambda n, window, hop: n // hop, "begin within", "begin within"),
    ("13.1", returns_too_early, "`return`", "return in the loop"),
    ("13.2", returns_too_early, "`return`", "return in the loop"),
    ("13.4", turns_by(lambda p: p[-1, -1]), None, "one corner"),
    ("13.4", turns_by(lambda p: p[0, 0]), "One pixel", "the first corner"),
    ("13.4", turns_by(lambda p: np.mean(both_columns(p))), "mean", "a mean"),
    *(
        ("13.4", turns_by(ask), None, says)
        for says, ask in (
            ("the right column", lambda p: np.median(p[:, -1])),
            ("the left column", lambda p: np.median(p[:, 0])),
            ("the top row", lambda p: np.median(p[0])),
            ("the last row", lambda p: np.median(p[-1])),
            ("the mean of all", np.mean),
            ("the corners", lambda p: np.median(p[[0, 0, -1, -1], [0, -1, 0, -1]])),
            ("the largest of the edge", lambda p: both_columns(p).max()),
            ("the smallest of the edge", lambda p: both_columns(p).min()),
        )
    ),
    ("13.4", lambda p: 1 - p if np.median(both_columns(p)) > 0.2 else p, None, "0.2 for 0.5"),
    (
        "13.4",
        lambda p: 1 - p if np.median(p) > 0.5 else p,
        "whole picture",
        "the median of all",
    ),
    ("5.3", strongest_by(lambda m, axis: np.abs(m).sum(axis=axis)), "squares", "sums of sizes"),
    ("5.3", strongest_by(lambda m, axis: m.sum(axis=axis)), None, "sums"),
    ("5.3", strongest_by(lambda m, axis: np.abs(m).max(axis=axis)), None, "largest"),
    ("5.3", strongest_by(lambda m, axis: m.std(axis=axis)), None, "deviations"),
    ("17.3", begin_counting_at_minus_one, None, "begins to count at -1"),
    ("19.3", lambda known, names, asked: names[0], "always the first", "the first name"),
]


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [each[:3] for each in HEARD],
    ids=[f"{name} {about}" for name, _, _, about in HEARD],
)
def test_a_wrong_answer_is_told_its_own_mistake_or_none(name, answer, says):
    verdict = judge(find_exercise(name), answer)
    assert verdict.state is State.WRONG
    named = " ".join(verdict.sentences[1:])
    assert says in named if says else not named, verdict


@pytest.mark.parametrize("row", range(8))
@pytest.mark.parametrize("column", range(8))
def test_no_single_pixel_tells_what_is_paper(row, column):
    ask = turns_by(lambda picture: picture[row, column])
    assert judge(find_exercise("13.4"), ask).state is State.WRONG
