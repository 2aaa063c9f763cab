"""Frozen dataclasses as JSON and back: what is read has the form that the class says.

Files that one part of the course writes and another reads (`report.json`, `stream.json`) go through
here, so that a damaged one is named, with the key, before anything is computed with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tinyml_course.errors import DataError

Value = TypeVar("Value")
# `field(..., metadata=LEFT_OUT_IF_EMPTY)`: where it says nothing, the file has no such key
LEFT_OUT_IF_EMPTY = {"left_out_if_empty": True}
_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def to_json(value: Any) -> Any:
    """A dataclass as an object, a tuple as a list, deep down; anything else as it is."""
    if is_dataclass(value):
        named = ((f, getattr(value, f.name)) for f in fields(value))
        return {
            f.name: to_json(one)
            for f, one in named
            if one or not f.metadata.get("left_out_if_empty")
        }
    if isinstance(value, Mapping):
        return {key: to_json(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    return value


def from_json(kind: type[Value], value: Any, where: str) -> Value:
    """The `kind`, a dataclass, whose `to_json` gave `value`.

    Its attributes may be text, numbers, other such dataclasses, `tuple[X, ...]`, `Mapping[str, X]`,
    and any of these or None.

    Args:
        where: what is read, for the error: "report.json".

    Raises:
        DataError: a key is missing or unknown, or holds a value of another form.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Point:
    ...     x: float
    ...     names: tuple[str, ...] = ()
    >>> from_json(Point, {"x": 1.5, "names": ["a"]}, "point.json")
    Point(x=1.5, names=('a',))
    >>> from_json(Point, {"x": "left"}, "point.json")
    Traceback (most recent call last):
    tinyml_course.errors.DataError: point.json: x is 'left', not a number
    """
    if not isinstance(value, dict):
        raise DataError(f"{where} is {_short(value)}, not an object")
    hints = get_type_hints(kind)
    known = fields(kind)  # type: ignore[arg-type]  # mypy has no bound for "any dataclass"
    required = {f.name for f in known if f.default is MISSING and f.default_factory is MISSING}
    if missing := sorted(required - value.keys()):
        raise DataError(f"{where}: {', '.join(missing)} missing")
    if unknown := sorted(value.keys() - {f.name for f in known}):
        raise DataError(f"{where}: {', '.join(unknown)} has no place there")
    separator = "." if ":" in where else ": "
    return kind(**{k: _read(hints[k], one, f"{where}{separator}{k}") for k, one in value.items()})


def _read(hint: Any, value: Any, where: str) -> Any:
    """`value` as the annotation `hint` says."""
    kind, inside = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        (other,) = (one for one in inside if one is not NoneType)
        return None if value is None else _read(other, value, where)
    if is_dataclass(hint):
        return from_json(hint, value, where)  # type: ignore[arg-type]  # a class, as hints are
    if kind is tuple:
        if not isinstance(value, list):
            raise DataError(f"{where} is {_short(value)}, not a list")
        return tuple(_read(inside[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    if kind is Mapping:
        if not isinstance(value, dict):
            raise DataError(f"{where} is {_short(value)}, not an object")
        return {key: _read(inside[1], one, f"{where}.{key}") for key, one in value.items()}
    fitting = (int, float) if hint is float else hint
    if not isinstance(value, fitting) or (isinstance(value, bool) and hint is not bool):
        raise DataError(f"{where} is {_short(value)}, not {_NAMES[hint]}")
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 40 else f"{text[:36]} ..."
