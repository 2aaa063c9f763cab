"""Checks that tell a learner whether an exercise is solved, without ever stopping the notebook.

An unfilled exercise holds `...`. Its check then says "not yet" and the lesson goes on, so that a
notebook runs to its end whether or not anybody filled it in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NOT_YET = ...


def check(name: str, answer: Any, test: Callable[[Any], Any], hint: str = "") -> None:
    """Print whether `answer` passes `test`, and a hint if it does not. Every lesson uses it.

    Args:
        name: what the exercise is called, for instance "4.1".
        answer: a value, or a function the learner wrote.
        test: called with `answer`; a true result means solved. It may call the learner's function:
            an error raised inside counts as "not yet", and its text is shown.
        hint: shown while the exercise is unsolved.

    >>> check("1.1", 42, lambda a: a == 42)
    exercise 1.1: correct
    >>> check("1.2", ..., lambda a: a > 0, hint="count the windows")
    exercise 1.2: not yet. Hint: count the windows
    >>> check("1.3", lambda x: 1 / x, lambda f: f(0) == 1)
    exercise 1.3: not yet. Your code raised ZeroDivisionError: division by zero
    """
    trouble = ""
    solved = False
    if answer is not NOT_YET and answer is not None:
        try:
            solved = bool(test(answer))
        except Exception as error:  # noqa: BLE001 - learner's code may raise anything; we show it
            # A function whose body is still `...` returns None; what follows is not the learner's.
            if not _is_unfilled(error):
                trouble = f" Your code raised {type(error).__name__}: {error}"
    if solved:
        print(f"exercise {name}: correct")
    else:
        print(f"exercise {name}: not yet.{trouble}" + (f" Hint: {hint}" if hint else ""))


def _is_unfilled(error: Exception) -> bool:
    text = str(error)
    return isinstance(error, TypeError | AttributeError) and (
        "NoneType" in text or "ellipsis" in text
    )
