"""What goes between the teacher's process and a learner's: values as JSON, a line each.

No pickle: what a stranger's process sends is read as data and can start nothing. Numbers, texts,
bytes, arrays, tuples, lists, sets, dicts, and small values with named fields go across; anything
else arrives as `Strange`, which equals nothing.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyml_course.errors import DataError

LONGEST_LINE = 32 << 20
LARGEST_ARRAY = 4 << 20
DEEPEST = 20
NUMBERS = "?bhilqBHILQefdg"  # the types of arrays that cross, by NumPy's letters


class Strange:
    """A value that does not cross. Its class has the name of what it was."""


class Thing:
    """A value with named fields and perhaps a length, as a case gives it to a learner."""

    def __init__(self, fields: dict[str, Any], length: int | None) -> None:
        self.__dict__.update(fields)
        self._length = length

    def __len__(self) -> int:
        if self._length is None:
            raise TypeError("this value has no length")
        return self._length


def to_line(value: Any) -> bytes:
    """One line of JSON with a line end."""
    return json.dumps(_encode(value, 0)).encode("ascii") + b"\n"


def from_line(line: bytes) -> Any:
    """The value of a line.

    Raises:
        DataError: it is none of ours: too long, cut off, or not of the form `to_line` gives.
    """
    if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
        raise DataError(f"a line of {len(line):,} bytes, at most {LONGEST_LINE:,} and an end")
    try:
        return _decode(json.loads(line), 0)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise DataError(f"a line that says nothing: {type(error).__name__}") from error


def _encode(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return {"strange": "something nested too deeply"}
    if isinstance(value, np.generic):
        if value.dtype.char in NUMBERS:
            return {**_encode_array(np.asarray(value)), "scalar": True}
        value = value.item()
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:
        return value if abs(value) < 1 << 63 else {"int": hex(value)}
    if type(value) is float:
        return {"float": value.hex()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, np.ndarray):
        return _encode_array(value)
    if type(value) in (tuple, list, set, frozenset):
        parts = [_encode(part, depth + 1) for part in value]
        return {"set" if isinstance(value, set | frozenset) else type(value).__name__: parts}
    if isinstance(value, dict):
        return {"dict": [[_encode(k, depth + 1), _encode(v, depth + 1)] for k, v in value.items()]}
    if value is ...:
        return {"unfilled": 1}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value)]
        fields = {name: _encode(getattr(value, name), depth + 1) for name in names}
        length = getattr(value, "__len__", None)
        return {"thing": fields, "length": length() if length else None}
    return {"strange": type(value).__name__}


def _encode_array(value: np.ndarray) -> Any:
    if value.dtype.kind in "US" and value.nbytes <= LARGEST_ARRAY:
        return {"texts": [str(one) for one in value.ravel()], "shape": list(value.shape)}
    if value.dtype.char not in NUMBERS or value.nbytes > LARGEST_ARRAY:
        return {"strange": f"array of {value.nbytes:,} bytes of {value.dtype}"}
    plain = np.ascontiguousarray(value, value.dtype.newbyteorder("="))
    content = base64.b64encode(plain.tobytes()).decode("ascii")
    return {"array": content, "type": plain.dtype.char, "shape": list(value.shape)}


def _decode(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if not isinstance(value, dict):
        if value is None or isinstance(value, bool | str | int):
            return value
        raise ValueError("a bare list or float")
    kind = next(iter(value), "")
    content = value[kind]
    if kind in ("tuple", "list", "set"):
        parts = [_decode(part, depth + 1) for part in content]
        return {"tuple": tuple, "list": list, "set": set}[kind](parts)
    if kind == "dict":
        return {_decode(k, depth + 1): _decode(v, depth + 1) for k, v in content}
    if kind == "array":
        if content is None or value["type"] not in NUMBERS:
            raise ValueError("no array of numbers")
        flat = np.frombuffer(base64.b64decode(content), value["type"])
        array = flat.reshape(value["shape"]).copy()
        return array[()] if value.get("scalar") else array
    if kind == "texts":
        return np.array(content, dtype=str).reshape(value["shape"])
    if kind == "thing":
        fields = {str(name): _decode(part, depth + 1) for name, part in content.items()}
        return Thing(fields, value["length"])
    simple: dict[str, Callable[[], Any]] = {
        "int": lambda: int(content, 16),
        "float": lambda: float.fromhex(content),
        "bytes": lambda: base64.b64decode(content),
        "unfilled": lambda: ...,
        "strange": lambda: type(str(content)[:80], (Strange,), {})(),
    }
    return simple[kind]()
