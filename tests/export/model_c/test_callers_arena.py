"""NAME_invoke_with: memory of the caller, shared by models that take turns, one for each thread."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.network.tflite_builder import TfliteBuilder
from tests.networks import tflite_model
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.targets import get_target
from tinyml_course.confine.guard import guarded
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel
from tinyml_course.export.check.verify import random_inputs
from tinyml_course.export.model_c.source import generate_model_c


def aligned(size: int, offset: int = 0) -> np.ndarray:
    """Memory at a multiple of 4 and, with offset 4, at no multiple of 8."""
    memory = np.zeros(size + 16, np.uint8)
    start = -memory.ctypes.data % 8 + offset
    return memory[start : start + size]


@pytest.mark.parametrize("fast", [0, 1, 2])
def test_two_models_take_turns_in_one_arena(fast):
    models = [tflite_model("conv1d"), tflite_model("inverted_residual")]
    codes = [generate_model_c(model, "net") for model in models]
    arena = aligned(max(code.arena_bytes for code in codes), offset=4)
    flags = [f"-DNET_FAST_KERNELS={fast}", *STRICT_FLAGS]
    rng = np.random.default_rng(0)
    with ExitStack() as stack:
        both = [stack.enter_context(HostModel.build(model, "net", flags)) for model in models]
        samples = [list(random_inputs(built.graph, 8)) for built in both]
        for turn in range(8):
            for built, inputs in zip(both, samples, strict=True):
                wanted = built.invoke(*inputs[turn])
                found = built.invoke_with(arena, *inputs[turn])
                assert found[0].tobytes() == wanted[0].tobytes()
            arena[:] = rng.integers(0, 256, arena.size)  # what was there does not matter


def test_nothing_outside_the_arena_is_written():
    model = tflite_model("inverted_residual")
    size = generate_model_c(model, "net").arena_bytes
    around = aligned(size + 128)
    around[:] = 0xA5
    with HostModel.build(model, "net") as built:
        (inputs,) = random_inputs(built.graph, 1)
        built.invoke_with(around[64 : 64 + size], *inputs)
    assert (around[:64] == 0xA5).all()
    assert (around[64 + size :] == 0xA5).all()
    assert (around[64 : 64 + size] != 0xA5).any()


def test_two_threads_with_two_arenas():
    model = tflite_model("ds_cnn")  # some milliseconds an inference: the threads do overlap
    size = generate_model_c(model, "net").arena_bytes
    with HostModel.build(model, "net") as built:
        samples = list(random_inputs(built.graph, 12))
        wanted = [built.invoke(*inputs)[0].tobytes() for inputs in samples]

        def work(order: int) -> list[bool]:
            arena = aligned(size)
            turns = range(12)[::order]
            return [
                built.invoke_with(arena, *samples[i])[0].tobytes() == wanted[i]
                for _ in range(10)
                for i in turns
            ]

        with ThreadPoolExecutor(2) as pool:
            assert all(all(same) for same in pool.map(work, (1, -1)))


def test_a_model_without_intermediate_values_takes_no_arena():
    builder = TfliteBuilder()
    x, y = (builder.tensor((1, 4), "int8", 0.5) for _ in range(2))
    builder.operator("RELU", [x], y)
    content = builder.build([x], [y])
    code = generate_model_c(content, "net")
    assert "#define NET_ARENA_BYTES 0\n" in code.header
    assert "net_invoke_with(NULL, input, output);" in code.source
    with HostModel.build(content, "net", STRICT_FLAGS) as built:
        x_value = np.array([[-5, 3, 0, 1]], np.int8)
        assert built.invoke(x_value)[0].tolist() == [[0, 3, 0, 1]]


def symbols_of(call: str, tmp_path) -> set[str]:
    """What a linker keeps of a program that makes this one call."""
    code = generate_model_c(tflite_model("conv1d"), "net")
    (tmp_path / "net.h").write_text(code.header)
    (tmp_path / "net.c").write_text(code.source)
    (tmp_path / "main.c").write_text(
        '#include "net.h"\n'
        "int32_t lent[NET_ARENA_BYTES / 4];\n"
        "static int8_t x[NET_INPUT_SIZE], y[NET_OUTPUT_SIZE];\n"
        f"int main(void);\nint main(void) {{ {call}; return y[0]; }}\n"
    )
    with guarded() as guard:
        program = build_program(
            [tmp_path / "net.c", tmp_path / "main.c"],
            target="cortex-m4",
            memory=get_target("cortex-m4").roomy_memory,
            out_dir=tmp_path,
            guard=guard,
        )
        return set(program.image.symbols)


def test_who_lends_memory_does_not_pay_for_the_static_arena(tmp_path):
    assert "net_arena" in symbols_of("net_invoke(x, y)", tmp_path)
    lending = symbols_of("net_invoke_with(lent, x, y)", tmp_path)
    assert "lent" in lending
    assert "net_arena" not in lending


def test_header_and_head_comment_say_what_holds_in_threads():
    code = generate_model_c(tflite_model("conv1d"), "net")
    for text in (code.header, code.source):
        assert re.search(r"threads +one net_invoke at a time", text)
    assert f"#define NET_ARENA_BYTES {code.arena_bytes}" in code.header
    assert "#define NET_ARENA_ALIGNMENT 4\n" in code.header


def test_the_state_is_not_in_the_arena():
    """A model with state goes on from its last inference, whatever arena it is lent."""
    content = SMALL_GRAPHS["stream"]
    size = generate_model_c(content, "net").arena_bytes
    with HostModel.build(content, "net", STRICT_FLAGS) as built:
        samples = list(random_inputs(built.graph, 6))
        built.reset()
        wanted = [[y.tobytes() for y in built.invoke(*x)] for x in samples]
        built.reset()
        found = [[y.tobytes() for y in built.invoke_with(aligned(size), *x)] for x in samples]
    assert found == wanted
    assert "one call at a time" in generate_model_c(content, "net").header
