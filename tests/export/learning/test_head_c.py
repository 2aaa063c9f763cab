"""A head that learns as C: every weight equal to Python's after every label, on every core."""

import subprocess
from dataclasses import replace

import numpy as np
import pytest

from tests.on_device.heads import random_examples, random_head, random_spec
from tinyml_course.board.learning_cores import learning_runner, measure_learning
from tinyml_course.errors import BoardError, DataError, ExportError
from tinyml_course.export.check.host_build import STRICT_FLAGS, zig_compiler
from tinyml_course.export.learning.source import export_head_c, generate_head_c
from tinyml_course.export.learning.verify import HOST, Taught, verify_learning
from tinyml_course.on_device.head import Head

# classes, features, zero point, fraction bits, rate, passes, recent, old
CASES = {
    "plain": (3, 16, -128, 20, 32, 4, 5, 5),
    "no rehearsal": (5, 7, -128, 20, 64, 2, 3, 0),
    "more old than new": (2, 1, -128, 20, 8, 1, 1, 4),
    "features of both signs": (4, 9, 3, 20, 256, 2, 3, 2),
    "few bits": (3, 8, 127, 8, 256, 3, 2, 2),
    "many bits": (3, 8, -128, 24, 1, 2, 4, 1),
}


def make_case(name):
    classes, features, zero_point, bits, rate, passes, recent, old = CASES[name]
    head = random_head(classes, features, 0, zero_point, bits)
    x, labels = random_examples(head, 20, seed=3)
    return head, random_spec(head, rate, passes, recent, old), x, labels


@pytest.mark.parametrize("name", CASES)
def test_the_c_learns_the_same_bits_on_this_computer(name):
    found = verify_learning(*make_case(name))
    assert found.passed
    head = make_case(name)[0]
    assert found.weights_compared == 20 * (head.weights.size + head.bias.size)
    assert found.steps > 20


@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m0plus", "riscv32"])
@pytest.mark.parametrize("name", ["plain", "features of both signs"])
def test_the_c_learns_the_same_bits_on_a_core(name, target):
    found = verify_learning(*make_case(name), runner=learning_runner(target))
    assert found.passed
    assert found.target == target


def test_at_the_ends_of_32_bits_it_is_the_same():
    ends = np.array([[2**31 - 1] * 4, [-(2**31)] * 4], np.int32)
    head = Head(ends, ends[:, 0].copy(), -128)
    x, labels = random_examples(head, 12)
    assert verify_learning(head, random_spec(head, rate_256=256), x, labels).passed


def test_a_difference_is_counted():
    head, spec, x, labels = make_case("plain")

    def one_bit_wrong(code, given, wanted):
        taught = HOST.run(code, given, wanted)
        states = taught.states.copy()
        states[5, 4] ^= 1
        states[7, -3] ^= 1  # the memory
        answers = taught.answers.copy()
        answers[2] = (answers[2] + 1) % 3
        return Taught(answers, states)

    found = verify_learning(head, spec, x, labels, runner=replace(HOST, run=one_bit_wrong))
    assert (found.weights_differing, found.answers_differing, found.memory_differing) == (1, 1, 1)
    assert not found.passed
    with pytest.raises(DataError, match="one label for each row"):
        verify_learning(head, spec, x, labels[:-1])


def test_it_compiles_as_cpp_of_2011_and_with_clang(tmp_path):
    for name in ("plain", "no rehearsal", "few bits"):
        head, spec, _, _ = make_case(name)
        paths = export_head_c(head, spec, tmp_path, "gait_head")
        flags = [*STRICT_FLAGS, "-Wpedantic", "-c", "-o", str(tmp_path / "out.o")]
        clang = zig_compiler()
        for command in (
            [*clang, "-std=c99", *flags, str(paths[1])],
            [*clang[:-1], "c++", "-std=c++11", "-x", "c++", *flags, str(paths[1])],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


def test_two_exports_are_the_same_bytes_and_another_head_has_another_number():
    head, spec, _, _ = make_case("plain")
    first, again = (generate_head_c(head, spec, "gait_head") for _ in range(2))
    assert first == again
    assert "Do not edit" in first.header
    assert f"All that it knows: {first.state_bytes:,} bytes" in first.header
    assert all(len(line) <= 100 for line in first.source.splitlines())
    other = generate_head_c(head, replace(spec, rate_256=33), "gait_head")
    number = [line for line in first.header.splitlines() if "_ID 0x" in line]
    assert number != [line for line in other.header.splitlines() if "_ID 0x" in line]
    with pytest.raises(ExportError, match="name of a model"):
        generate_head_c(head, spec, "Movement")


def test_cost_grows_with_what_is_done():
    head, spec, x, labels = make_case("plain")
    small, large = (
        measure_learning(head, one, x, labels) for one in (replace(spec, passes=1), spec)
    )
    assert small.step_cycles == large.step_cycles
    assert 0 < small.answer_cycles < small.step_cycles < small.label_cycles
    assert large.label_cycles > 3.5 * small.label_cycles
    assert small.ram_bytes == generate_head_c(head, spec, "h").state_bytes
    slow = measure_learning(head, spec, x[:3], labels[:3], target="cortex-m0plus")
    assert slow.step_cycles > large.step_cycles
    with pytest.raises(BoardError, match="unknown target"):
        learning_runner("z80")
