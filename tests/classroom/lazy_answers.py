"""Answers of somebody who guesses: a constant, an argument, the right result made a little wrong.

None of them makes a usual mistake on purpose. So each that is told one is a case for a person to
read, and each that is accepted is a hole in the exercise's cases.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from tinyml_course.answers import describe
from tinyml_course.exercises import Answer, Exercise

CONSTANTS = (0, 1, -1, 0.5, 100, True, False, "", [], (), {}, set())

OF_ANY: dict[str, Callable[[Any], Any]] = {
    "{}": lambda v: v,
    "minus {}": lambda v: -v,
    "1 - {}": lambda v: 1 - v,
}

OF_A_LONG_ONE: dict[str, Callable[[Any], Any]] = {
    "the first of {}": lambda v: v[0],
    "the last of {}": lambda v: v[-1],
    "the middle of {}": lambda v: v[len(v) // 2],
    "the mean of {}": np.mean,
    "the median of {}": np.median,
    "the sum of {}": np.sum,
    "the largest of {}": np.max,
    "the smallest of {}": np.min,
    "where {} is largest": lambda v: int(np.argmax(v)),
    "the length of {}": len,
    "sorted {}": lambda v: np.sort(v) if isinstance(v, np.ndarray) else sorted(v),
    "{} turned round": lambda v: v[::-1],
    "{} without its mean": lambda v: v - v.mean(),
    "{} without its first": lambda v: v - v[0],
    "the sums along the last axis of {}": lambda v: v.sum(axis=-1),
    "the means along the first axis of {}": lambda v: v.mean(axis=0),
}

OF_THE_RESULT: dict[str, Callable[[Any], Any]] = {
    **{f"rounded to {n}": lambda r, n=n: _each(lambda v: np.round(v, n), r) for n in (0, 1, 2, 3)},
    "cut off": lambda r: _each(np.trunc, r),
    "rounded down": lambda r: _each(np.floor, r),
    "rounded up": lambda r: _each(np.ceil, r),
    "in percent": lambda r: _each(lambda v: 100 * v, r),
    "a hundredth": lambda r: _each(lambda v: v / 100, r),
    "with the other sign": lambda r: _each(lambda v: -v, r),
    "without signs": lambda r: _each(np.abs, r),
    "one more": lambda r: _each(lambda v: v + 1, r),
    "one less": lambda r: _each(lambda v: v - 1, r),
    "half of it": lambda r: _each(lambda v: v / 2, r),
    "twice": lambda r: _each(lambda v: 2 * v, r),
    "one divided by it": lambda r: _each(lambda v: 1 / v, r),
    "transposed": np.transpose,
    "turned round": lambda r: r[::-1],
    "sorted, of the result": lambda r: np.sort(r) if isinstance(r, np.ndarray) else sorted(r),
    "its first": lambda r: r[0],
    "its last": lambda r: r[-1],
    "its sum": np.sum,
    "its mean": np.mean,
    "all but its last": lambda r: r[:-1],
    "as text": str,
    "in a list": lambda r: [r],
    "zeros like it": lambda r: np.zeros_like(r) if isinstance(r, np.ndarray) else [0] * len(r),
    "ones like it": lambda r: np.ones_like(r) if isinstance(r, np.ndarray) else [1] * len(r),
    "true or false": bool,
}


def _each(change: Callable[[Any], Any], result: Any) -> Any:
    """`change` of a number, of an array, or of each number of a tuple, a list or a dict."""
    if isinstance(result, tuple | list):
        return type(result)(_each(change, part) for part in result)
    if isinstance(result, dict):
        return {name: _each(change, part) for name, part in result.items()}
    changed = change(result)
    return changed if isinstance(changed, np.ndarray) else np.asarray(changed).item()


def lazy_answers(exercise: Exercise, names: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    """Names and functions; `names` are those of the exercise's parameters.

    What is the result itself by its kind is left out, such as the transposed of a number.
    """
    cases = list(exercise.make_cases())
    right = exercise.reference
    results = [right(*case) for case in cases]
    for value in (*CONSTANTS, *{repr(result): result for result in results[:2]}.values()):
        yield f"always {_in_words(value)}", lambda *a, v=value: v
    for i, name in enumerate(names):
        is_long = hasattr(cases[0][i], "__len__")
        for says, change in {**OF_ANY, **(OF_A_LONG_ONE if is_long else {})}.items():
            yield says.format(name), lambda *a, i=i, change=change: change(a[i])
    for says, change in OF_THE_RESULT.items():
        if not _is_the_same_by_kind(says, results[0]):
            yield says, lambda *a, change=change: change(right(*a))

    first = repr(cases[0])
    yield (
        "right for the first case, else the same",
        lambda *a: right(*a) if repr(a) == first else results[0],
    )
    yield (
        "right for the first case, else its argument",
        lambda *a: right(*a) if repr(a) == first else a[0],
    )
    yield "wrong for the first case alone", lambda *a: -99 if repr(a) == first else right(*a)


def _in_words(value: Any) -> str:
    return describe(value) if isinstance(value, np.ndarray | tuple | list) else repr(value)


def _is_the_same_by_kind(says: str, result: Any) -> bool:
    kinds: dict[str, tuple[type, ...]] = {
        "transposed": (int, float, str, tuple, list, np.number, set, dict),
        "its sum": (int, float, np.number, set, dict),
        "its mean": (int, float, np.number),
        "as text": (str,),
        "true or false": (bool,),
        **{
            says: (bool,)
            for says in OF_THE_RESULT
            if says.startswith(("rounded", "cut", "without"))
        },
    }
    is_flat = says == "transposed" and isinstance(result, np.ndarray) and result.ndim == 1
    return is_flat or isinstance(result, kinds.get(says, ()))
