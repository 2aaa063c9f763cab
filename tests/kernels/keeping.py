"""A result that is kept in a file under all that it depends on, for whoever asks for it next."""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kernels import REMEMBERED

FORGOTTEN = (pickle.PicklingError, AttributeError, TypeError)  # of what cannot be pickled


def remember(function: Callable[..., Any], *arguments: Any) -> tuple[Any, bool]:
    """`function()`, or what it gave for the same arguments before; and whether it did.

    Raises:
        Unknown: the arguments do not say all that matters.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    try:
        told = pickle.dumps((name, arguments))
    except FORGOTTEN as error:
        raise Unknown from error
    if b"__main__" in told:  # a name, behind which another notebook has something else
        raise Unknown
    kept = Path(os.environ[REMEMBERED]) / hashlib.sha256(told).hexdigest()
    if kept.exists():
        return pickle.loads(kept.read_bytes()), True
    result = function()
    with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
        pickle.dump(result, file)
    Path(file.name).rename(kept)  # whole, or not there: others read meanwhile
    return result, False


class Unknown(Exception):
    """Not to be remembered."""


def remembers(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` of arrays and numbers, remembered."""

    @functools.wraps(function)
    def remembered(*arguments: Any, **named: Any) -> Any:
        made = functools.partial(function, *arguments, **named)
        functools.update_wrapper(made, function)
        try:
            return remember(made, arguments, sorted(named.items()))[0]
        except Unknown:
            return function(*arguments, **named)

    return remembered
