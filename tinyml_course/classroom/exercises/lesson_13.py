"""Lesson 13, Vision: two convolutions, their cost, ink on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _plain_cases() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(13)
    shapes = ((6, 7, 4, 5), (4, 4, 3, 3), (3, 3, 1, 2))
    return [(rng.normal(size=(r, c, m)), rng.normal(size=(3, 3, m, k))) for r, c, m, k in shapes]


def _depthwise_cases() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(14)
    shapes = ((6, 7, 4), (4, 4, 3), (3, 3, 1))
    return [(rng.normal(size=shape), rng.normal(size=(3, 3, shape[2]))) for shape in shapes]


def _slide(picture: Array, w: Array, kind: str = "plain", at: str = "ij") -> Array:
    """A convolution as learners write it, right or with one thing changed."""
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    out = np.zeros((rows, columns, w.shape[-1]))
    for i, j in np.ndindex(3, 3):
        below = picture[i : i + rows, j : j + columns]
        weights = {"ij": w[i, j], "ji": w[j, i], "flipped": w[2 - i, 2 - j]}[at]
        out += below @ weights if kind == "plain" else below * weights
    return out


def _without_places(picture: Array, w: Array, kind: str) -> Array:
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    out = np.zeros((rows, columns, w.shape[-1]))
    for i, j in np.ndindex(3, 3):
        below = picture[:rows, :columns]
        out += below @ w[i, j] if kind == "plain" else below * w[i, j]
    return out


def _first_only(picture: Array, w: Array, kind: str) -> Array:
    below = picture[:-2, :-2]
    out: Array = below @ w[0, 0] if kind == "plain" else below * w[0, 0]
    return out


def _last_only(picture: Array, w: Array, kind: str) -> Array:
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    below = picture[2 : 2 + rows, 2 : 2 + columns]
    out: Array = below @ w[2, 2] if kind == "plain" else below * w[2, 2]
    return out


def _pictures() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(15)
    paper = np.clip(rng.normal(0.05, 0.03, (8, 8)), 0, 1)
    thin, bold = paper.copy(), paper.copy()
    thin[2:6, 3] = 0.9
    bold[1:7, 1:7] = 0.95  # more ink than paper
    high = paper.copy()
    high[:, 1:7] = 0.95  # from the top to the bottom
    cases = [thin, bold, high]
    # Ink in corners or on most of one side, and on less than half of both sides together. The paper
    # is grey: so the mean of the edge can be above 0.5 while the median is not.
    sides = (
        ([0, 1, 2, 3, 4], [6, 7]),
        ([5, 6], [0, 1, 2, 3, 4]),
        ([0, 1, 7], [0, 4, 5, 6]),
        ([0], [3]),
    )
    grey = paper + 0.25
    for left, right in sides:
        touching = grey.copy()
        touching[left, 0] = touching[right, 7] = 1.0
        cases.append(touching)
    broad = grey.copy()
    broad[:, 2:5] = 1.0  # less ink than paper, but the mean of the picture is above 0.5
    cases = [thin, bold, high, broad, *cases[3:]]
    return [(p,) for p in (*cases, *(1 - p for p in cases))]


def _outermost(picture: Array) -> Array:
    return np.concatenate([picture[:, 0], picture[:, -1]])


def _edge(picture: Array) -> float:
    return float(np.median(_outermost(picture)))


_SLIDE_MISTAKES = {
    "ji": "Rows and columns of the filter are swapped: `w[i, j]`, with i for rows.",
    "flipped": "The filter lies upside down. That is the convolution of mathematics; networks do "
    "not turn it.",
    "places": "The same part of the picture is used nine times. The part below place (i, j) begins "
    "at row i and column j.",
    "first": "Only the first place is there: the `return` stands in the loop. After both loops "
    "all nine are added up.",
    "last": "Only the last place is there: `out +=` adds them up, `out =` forgets the others.",
}

EXERCISES = (
    Exercise(
        "13.1",
        _slide,
        _plain_cases,
        (
            Mistake(lambda picture, w: _slide(picture, w, at="ji"), _SLIDE_MISTAKES["ji"]),
            Mistake(
                lambda picture, w: _slide(picture, w, at="flipped"), _SLIDE_MISTAKES["flipped"]
            ),
            Mistake(
                lambda picture, w: _without_places(picture, w, "plain"), _SLIDE_MISTAKES["places"]
            ),
            Mistake(lambda picture, w: _last_only(picture, w, "plain"), _SLIDE_MISTAKES["last"]),
            Mistake(lambda picture, w: _first_only(picture, w, "plain"), _SLIDE_MISTAKES["first"]),
            Mistake(
                lambda picture, w: _slide(picture, w, kind="star"),
                "`*` does not add over the channels. `@` multiplies and adds.",
            ),
            Mistake(
                lambda picture, w: _slide(picture, w) / 9,
                "This divides by nine. A filter adds; it does not average.",
            ),
        ),
        (
            "which part of the picture lies below place (i, j)? as many rows and columns as `out`",
            "`picture[i : i + rows, j : j + columns]`, then `@`",
        ),
        tolerance=1e-5,
    ),
    Exercise(
        "13.2",
        lambda picture, w: _slide(picture, w, "depthwise"),
        _depthwise_cases,
        (
            Mistake(
                lambda picture, w: _slide(picture, w, "depthwise", "ji"), _SLIDE_MISTAKES["ji"]
            ),
            Mistake(
                lambda picture, w: _slide(picture, w, "depthwise", "flipped"),
                _SLIDE_MISTAKES["flipped"],
            ),
            Mistake(
                lambda picture, w: _without_places(picture, w, "star"), _SLIDE_MISTAKES["places"]
            ),
            Mistake(lambda picture, w: _last_only(picture, w, "star"), _SLIDE_MISTAKES["last"]),
            Mistake(lambda picture, w: _first_only(picture, w, "star"), _SLIDE_MISTAKES["first"]),
            Mistake(
                lambda picture, w: _slide(picture, w, "depthwise").sum(axis=2),
                "The channels are added up here. A depthwise convolution keeps each by itself.",
            ),
            Mistake(
                lambda picture, w: _slide(picture, w[..., None]),
                "`@` mixes the channels. Here each has a weight of its own: `*`.",
            ),
        ),
        (
            "where the sum over channels was, there is now a product for each channel",
            "the same part of the picture, and `*` instead of `@`",
        ),
        tolerance=1e-5,
    ),
    Exercise(
        "13.3",
        lambda m, k, p: (9 * m * k * p, 9 * m * p + m * k * p),
        lambda: [(24, 32, 16), (8, 16, 64), (1, 1, 1)],
        (
            Mistake(
                lambda m, k, p: (m * k * p, m * p + m * k * p),
                "A filter of 3 x 3 has nine places.",
            ),
            Mistake(
                lambda m, k, p: (9 * m * k * p, 9 * m * p),
                "The second step is missing: the pointwise convolution.",
            ),
            Mistake(
                lambda m, k, p: (9 * m * k * p, 9 * m * p * m * k * p),
                "The two steps come one after the other: their MACs are added.",
            ),
            Mistake(
                lambda m, k, p: (9 * m * k, 9 * m + m * k),
                "These are the weights. Each is used at every place of the new picture.",
            ),
            Mistake(
                lambda m, k, p: (9 * m * k * p, 9 * m * p + 9 * m * k * p),
                "The pointwise filter is 1 x 1: one place, not nine.",
            ),
            Mistake(
                lambda m, k, p: (9 * m * p + m * k * p, 9 * m * k * p),
                "The two are swapped: plain first.",
            ),
        ),
        ("the three formulas above", "plain; then depthwise plus pointwise"),
        blanks=2,
    ),
    Exercise(
        "13.4",
        lambda picture: 1 - picture if _edge(picture) > 0.5 else picture,
        _pictures,
        (
            Mistake(
                lambda picture: 1 - picture,
                "This turns every picture round, also those that were right.",
            ),
            Mistake(
                lambda picture: picture,
                "Nothing is turned round. What does the edge say about the paper?",
            ),
            Mistake(
                lambda picture: 1 - picture if np.median(picture) > 0.5 else picture,
                "The median of the whole picture is fooled by a bold digit, with more ink than "
                "paper. Ask the edge.",
            ),
            Mistake(
                lambda picture: 1 - picture if picture[0, 0] > 0.5 else picture,
                "One pixel in the corner may be ink. The median of the edge is safer.",
            ),
            Mistake(
                lambda picture: 1 - picture if _edge(picture) < 0.5 else picture,
                "The other way round: ink is high, so a high edge is what must be turned.",
            ),
            Mistake(
                lambda picture: 255 - picture if _edge(picture) > 0.5 else picture,
                "Values go from 0 to 1 here, not to 255.",
            ),
            Mistake(
                lambda picture: 1 - picture if np.mean(_outermost(picture)) > 0.5 else picture,
                "Ink at the edge pulls the mean with it. The median says what most of it is.",
            ),
        ),
        ("if the paper is high, turn the picture round", "1 - picture turns it round"),
    ),
)
