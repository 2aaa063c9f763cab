"""The C files in `kernels/`: read, put in order, made one model's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tinyml_course.export import elementwise, softmax
from tinyml_course.export.c_text import values_text
from tinyml_course.export.ir import C_TYPES
from tinyml_course.export.layer_code import LayerCode

KERNELS = Path(__file__).parent / "kernels"
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


def kernels_in_order(codes: Iterable[LayerCode | None]) -> list[str]:
    """All kernels of some layers, each after those that it needs."""
    found: list[str] = []

    def visit(kernel: str) -> None:
        stem, _, types = kernel.partition(":")
        for needed in kernel_needs(stem):
            visit(needed if "_TYPE" not in kernel_text(needed) else f"{needed}:{types}")
        if kernel not in found:
            found.append(kernel)

    for code in codes:
        for kernel in code.kernels if code is not None else ():
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


def with_prefix(text: str, name: str) -> str:
    """C with the model's name instead of `model_` and `MODEL_`, continuation lines realigned."""
    lines = []
    shift = depth = 0
    for line in text.split("\n"):
        if depth > 0 and line.strip():
            moved = len(line) - len(line.lstrip()) + shift
            renamed = " " * max(moved, 0) + line.lstrip()
        else:
            renamed = line
        renamed = re.sub(r"\bmodel_", f"{name}_", renamed)
        renamed = re.sub(r"\bMODEL_", f"{name.upper()}_", renamed)
        if depth == 0 and line.count("(") > line.count(")") and not line.rstrip().endswith("("):
            before = line[: line.index("(")]
            shift = (len(name) - len("model")) * len(re.findall(r"\bmodel_", before))
        depth += line.count("(") - line.count(")")
        if depth <= 0:
            shift = depth = 0
        lines.append(renamed)
    return "\n".join(lines)
