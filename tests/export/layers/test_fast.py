"""Layers with fast variants, of every shape, on the host against TFLM: equal in every byte.

Every layer must have its variants. A longer run:

    TINYML_FAST_LAYERS=1000 python -m pytest tests/export/layers/test_fast.py
"""

from __future__ import annotations

import itertools
import os

import numpy as np
import pytest

from tests.export.layers.layer_maker import KINDS, LayerMaker, SideBySide
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel, has_sanitizers
from tinyml_course.export.check.verify import compare_outputs, random_inputs
from tinyml_course.export.layers.code import LayerCode
from tinyml_course.export.layers.fast import FAMILIES, fast_layer
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel

LAYERS = int(os.environ.get("TINYML_FAST_LAYERS", "20"))  # of each kind
BATCH = 20  # layers in one network
CHAINS = 2  # of all chains in a network, the largest alone has no memory to spare
SAMPLES = 6


# on a host, thumb1 is the same C as rv32, but for one kernel
@pytest.mark.parametrize(
    ("kind", "family"),
    [*itertools.product(KINDS, ("dsp", "rv32")), ("wide_fully_connected", "thumb1")],
)
def test_fast_layer_equals_tflm_in_every_byte(kind, family):
    batch = CHAINS if kind == "chain" else BATCH
    for first in range(0, LAYERS, batch):
        seeds = range(first, min(first + batch, LAYERS))
        compare(kind, seeds, family)


def samples_for(graph: Graph, seed: int, count: int = SAMPLES) -> list[list[np.ndarray]]:
    """Random inputs, and the two ends of int8: there sums are largest."""
    shapes = [graph.tensors[i].shape for i in graph.inputs]
    ends = [[np.full(shape, end, np.int8) for shape in shapes] for end in (-128, 127)]
    return [*random_inputs(graph, count, seed=seed), *ends]


def compare(kind: str, seeds: range, family: str) -> None:
    """Layers side by side in one network with fast kernels, and in TFLM.

    Each alone, with what its own kernels need and no more, is in `test_fast_on_cores`.
    """
    network = SideBySide()
    for seed in seeds:
        getattr(LayerMaker(seed, network), kind)()
    model = network.build_all()
    graph = model.network
    for operator in graph.operators:
        assert isinstance(fast_layer(graph, operator, family), LayerCode)
    code = generate_model_c(model, "layers")
    fast = f"#define LAYERS_FAST_KERNELS {FAMILIES[family].number}\n"
    flags = ["-O1", *STRICT_FLAGS]
    if has_sanitizers():
        flags += ["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]
    files = {"layers.h": code.header, "layers.c": fast + code.source}
    samples = samples_for(graph, seeds[0])
    with HostModel.compile(graph, "layers", files, flags) as built:
        actual = [built.invoke(*x) for x in samples]
    expected = run_tflm_samples(model, samples)
    for place, seed in enumerate(seeds):
        found = compare_outputs(
            [[outputs[place]] for outputs in expected],
            [[outputs[place]] for outputs in actual],
            "host",
        )
        assert found.bytes_compared > 0 == found.bytes_differing, f"seed {seed}"


@pytest.mark.parametrize("family", FAMILIES)
def test_what_no_fast_kernel_covers_says_why(family):
    maker = LayerMaker(0)
    x = maker.value((1, 9, 9, 2))
    options = {"strideH": 1, "strideW": 1, "padding": 0}
    y = maker.append_conv_2d(x, options, (3, 3), (9, 9))
    model = TfliteModel.of(maker.b.build([x], [y])).network
    assert isinstance(fast_layer(model, model.operators[0], family), LayerCode)
    softmax = LayerMaker(0)
    x = softmax.value((1, 5))
    y = softmax.b.tensor((1, 5), "int8", 1 / 256, -128)
    softmax.b.operator("SOFTMAX", [x], y, ("SoftmaxOptions", {"beta": 1.0}))
    model = TfliteModel.of(softmax.b.build([x], [y])).network
    assert fast_layer(model, model.operators[0], family).why == "no other kernel for this operator"
