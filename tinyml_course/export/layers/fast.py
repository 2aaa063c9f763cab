"""The fast variant of a layer, where there is one: the place where fast kernels plug in.

`fast_layer` returns None for every layer that only has its readable form. The generated file keeps
both behind one macro, `NAME_FAST_KERNELS`. See `kernels/README.md` for the rules.
"""

from __future__ import annotations

from tinyml_course.export.layers.code import LayerCode
from tinyml_course.export.layers.dsp import dsp_layer
from tinyml_course.network.ir import Graph, Operator


def fast_layer(graph: Graph, operator: Operator) -> LayerCode | None:
    """The variant for a core with DSP instructions, or None."""
    return dsp_layer(graph, operator)
