"""The C files in `kernels/`: read, put in order, made one model's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tinyml_course.export.text import values_text
from tinyml_course.network import elementwise, softmax
from tinyml_course.network.ir import C_TYPES

KERNELS = Path(__file__).parent
_TABLE = re.compile(r"^ *static const u?int(\d+)_t \w+\[(\d+)\] = ", re.MULTILINE)
_NEEDS = re.compile(r"/\* needs: ([a-z0-9_ ]+) \*/\n")


def kernel_text(stem: str) -> str:
    """The text of a kernel file, with the tables that are computed filled in."""
    text = (KERNELS / f"{stem}.c").read_text(encoding="ascii")
    for token, make in _COMPUTED_TABLES.items():
        if token in text:
            text = text.replace(token, values_text(make()))
    return text


_COMPUTED_TABLES = {
    "@SIGMOID_TABLE@": elementwise.sigmoid_table,
    "@EXP_TABLE@": softmax.exp_table,
    "@RECIPROCAL_TABLE@": softmax.reciprocal_table,
}


def kernel_needs(stem: str) -> list[str]:
    """The kernels that a kernel calls."""
    match = _NEEDS.match(kernel_text(stem))
    return match.group(1).split() if match else []


def kernel_table_bytes(kernel: str) -> int:
    """Flash of the tables that a kernel brings along, inside its functions too; layers share them.

    >>> kernel_table_bytes("sigmoid_table"), kernel_table_bytes("exp_q5")
    (512, 28)
    """
    tables = _TABLE.findall(typed_kernel(kernel))
    return sum(int(bits) // 8 * int(count) for bits, count in tables)


def kernels_in_order(wanted: Iterable[str]) -> list[str]:
    """The wanted kernels and all that they need, each after those that it needs."""
    found: list[str] = []

    def visit(kernel: str) -> None:
        stem, _, types = kernel.partition(":")
        for needed in kernel_needs(stem):
            visit(needed if "_TYPE" not in kernel_text(needed) else f"{needed}:{types}")
        if kernel not in found:
            found.append(kernel)

    for kernel in wanted:
        visit(kernel)
    return found


def typed_kernel(kernel: str) -> str:
    """The text of a kernel such as "conv_2d:int8", with its types (or its number) filled in."""
    stem, _, types = kernel.partition(":")
    text = _NEEDS.sub("", kernel_text(stem))
    if types:
        first, last = types.split("_")[0], types.split("_")[-1]
        text = re.sub(r"(_|\b)TYPE\b", rf"\g<1>{types}", text)
        text = re.sub(r"\belement_t\b", C_TYPES.get(last, last), text)
        text = re.sub(r"\binput_t\b", C_TYPES.get(first, first), text)
    return text.strip("\n")
