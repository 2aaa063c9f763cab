"""Layers with fast variants on emulated cores against TFLM: the instructions that a board runs.

Inputs and outputs lie at every alignment: what an Arduino sketch hands over may be a part of some
array. A Cortex-M0+ faults on a word at an odd address, and so does the virtual one.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.export.layers.layer_maker import KINDS, LayerMaker
from tests.export.layers.test_fast import samples_for
from tests.tools import need_tool
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.model import TfliteModel

# compiler, options, layers of each kind
BUILDS = (
    ("clang", ("-Os",), 6),
    ("gcc", ("-O3",), 2),
    # and with `make matrix`
    ("clang", ("-O0",), 2),
    ("clang", ("-O3",), 2),
    ("gcc", ("-O0",), 2),
    ("gcc", ("-O1",), 2),
    ("gcc", ("-O2", "-flto"), 2),
)
# the core is started by running up to main: link-time optimization must leave it there
MAIN = """__attribute__((noinline, used)) int main(void) { __asm__ volatile(""); return 0; }\n"""
GUARD = bytes([0x55]) * 16


def invoke_at(cpu: Cpu, name: str, graph, inputs, offset: int) -> list[np.ndarray]:
    """One inference, buffers `offset` bytes behind a multiple of 4. Nothing beside is written."""
    at = (cpu.program.address_of("__heap_start") + 63 & ~63) + offset
    arguments, outputs = [], []
    for x in inputs:
        cpu.write_memory(at, x.tobytes())
        arguments.append(at)
        at += x.nbytes + 64 & ~63
    for tensor in (graph.tensors[i] for i in graph.outputs):
        cpu.write_memory(at, GUARD + bytes(tensor.size_bytes) + GUARD)
        outputs.append((at + len(GUARD), tensor))
        at += tensor.size_bytes + 128 & ~63
    cpu.call(f"{name}_invoke", *arguments, *(address for address, _ in outputs))
    found = []
    for address, tensor in outputs:
        assert cpu.read_memory(address - len(GUARD), len(GUARD)) == GUARD
        assert cpu.read_memory(address + tensor.size_bytes, len(GUARD)) == GUARD
        found.append(np.frombuffer(cpu.read_memory(address, tensor.size_bytes), np.int8))
    return found


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(build, marks=() if build in BUILDS[:2] else pytest.mark.whole_matrix)
        for build in BUILDS
    ],
    ids=lambda build: f"{build[0]}{''.join(build[1])}",
)
@pytest.mark.parametrize("target", TARGETS)
def test_fast_layers_equal_tflm_on_the_core_at_any_alignment(target, build, tmp_path):
    compiler, (optimize, *more), layers = build
    if compiler == "gcc":
        need_tool(TARGETS[target].gcc)
    models, sources = {}, []
    for kind in KINDS:
        for seed in range(layers):
            name = f"{kind}{seed}"
            models[name] = getattr(LayerMaker(100 + seed), kind)()
            code = generate_model_c(models[name], name)
            (tmp_path / f"{name}.h").write_text(code.header)
            sources.append(code.source)
    (tmp_path / "all.c").write_text("\n".join(sources))
    (tmp_path / "main.c").write_text(MAIN)
    program = build_program(
        [tmp_path / "all.c", tmp_path / "main.c"],
        target=target,
        memory=TARGETS[target].roomy_memory,
        out_dir=tmp_path,
        compiler=compiler,
        optimize=optimize,
        extra_flags=more,
        keep=["main", *(f"{name}_invoke" for name in models)],
        is_throwaway=True,
    )
    cpu = Cpu(program)
    cpu.start_call()
    for name, model in models.items():
        graph = TfliteModel.of(model).network
        samples = samples_for(graph, 1, 2)
        for offset, inputs, expected in zip(
            (0, 1, 2, 3), samples, run_tflm_samples(model, samples), strict=True
        ):
            actual = invoke_at(cpu, name, graph, inputs, offset)
            for a, b in zip(actual, expected, strict=True):
                assert a.tolist() == b.reshape(-1).tolist(), f"{name} at {offset}"
