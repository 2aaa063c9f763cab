"""Families of cores, and the fast variant of a layer for each: where fast kernels plug in.

The generated file keeps the readable variant and the fast ones behind one macro,
`NAME_FAST_KERNELS`, whose value is the family's number. See `kernels/README.md` for the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinyml_course.export.layers import dsp, small
from tinyml_course.export.layers.code import LayerCode, OnlyReadable
from tinyml_course.network.ir import Graph, Operator

Emitters = dict[str, Callable[[Graph, Operator], LayerCode | OnlyReadable]]


@dataclass(frozen=True)
class CoreFamily:
    """Cores that the same kernels are fast on.

    Attributes:
        number: what `NAME_FAST_KERNELS` is for it; 0 stands for the readable kernels.
        condition: how a compiler's predefined macros say that it builds for such a core.
        cores: for a reader.
        emitters: its kernels, by operator.
    """

    name: str
    number: int
    condition: str
    cores: str
    emitters: Emitters


READABLE = "readable"
FAMILIES = {
    family.name: family
    for family in (
        CoreFamily(
            "dsp",
            1,
            "defined(__ARM_FEATURE_DSP) && defined(__thumb2__)",
            "DSP instructions: Cortex-M4 and its like",
            dsp.EMITTERS,
        ),
        CoreFamily(
            "thumb1",
            2,
            "defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && __ARM_ARCH_ISA_THUMB == 1",
            "Thumb-1 code: Cortex-M0+ and its like",
            small.THUMB1_EMITTERS,
        ),
        CoreFamily(
            "rv32",
            3,
            "defined(__riscv) && __riscv_xlen == 32",
            "RISC-V with 32 bits, as the ESP32-C3",
            small.EMITTERS,
        ),
    )
}


def fast_layer(graph: Graph, operator: Operator, family: str) -> LayerCode | OnlyReadable:
    """The variant of a layer for a family of cores, or why there is none."""
    emit = FAMILIES[family].emitters.get(operator.kind)
    if emit is None:
        return OnlyReadable("no other kernel for this operator")
    types = {graph.input_of(operator, 0).dtype, graph.output_of(operator).dtype}
    return emit(graph, operator) if types == {"int8"} else OnlyReadable("other types than int8")
