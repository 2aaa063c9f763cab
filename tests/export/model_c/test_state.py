"""What a network keeps: where it lies, how it begins, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.board.measure import measure_model
from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.verify import HOST, Runner, verify_model
from tinyml_course.export.firmware.classifier import generate_classifier_c
from tinyml_course.export.model_c.places import Place, find_places
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.interpreters.tflm import run_tflm_samples

STREAM = SMALL_GRAPHS["stream"]
INT8 = ("int8", 0.1, 3)


def test_a_streaming_layer_keeps_its_rows_without_a_copy():
    places = find_places(STREAM.network)
    kinds = {STREAM.network.operators[n].kind for n in places.without_code}
    assert kinds == {"READ_VARIABLE", "ASSIGN_VARIABLE"}
    rows, greatest = STREAM.network.initial
    assert Place("state", rows) in places.of.values()
    # the greatest values leave the model: they are computed for the caller, and copied
    moving = [STREAM.network.operators[n] for n in places.moving]
    assert [operator.outputs for operator in moving] == [(greatest,)]


def test_state_counts_as_ram_and_is_named_in_both_files():
    code = generate_model_c(STREAM, "stream")
    assert code.state_bytes == 8 + 12
    assert "#define STREAM_STATE_BYTES 20" in code.header
    assert "void stream_reset(void);" in code.header
    assert "20 bytes of RAM more" in code.header
    assert "stream_reset" not in generate_model_c(SMALL_GRAPHS["choices"], "stream").source


def test_state_is_part_of_what_a_board_measures():
    plain = measure_model(SMALL_GRAPHS["choices"])
    stream = measure_model(STREAM)
    assert stream.ram_bytes - stream.arena_bytes > plain.ram_bytes - plain.arena_bytes


def test_reset_is_power_up():
    samples = [np.full((1, 3, 1, 4), value, np.int8) for value in (-100, 50, 7)]
    with HostModel.build(STREAM) as built:
        first = [built.invoke(x) for x in samples]
        on = built.invoke(samples[0])
        built.reset()
        again = [built.invoke(x) for x in samples]
    np.testing.assert_equal(again, first)
    assert (on[1] != first[0][1]).any()
    assert first[0][1].max() == -49  # what the greatest values begin with
    np.testing.assert_equal(first, run_tflm_samples(STREAM, [[x] for x in samples]))


def test_verify_sees_a_reset_that_forgets_nothing(monkeypatch):
    monkeypatch.setattr(HostModel, "reset", lambda self: None)
    assert verify_model(STREAM, samples=8).bytes_differing == 0
    assert verify_model(STREAM, samples=12).bytes_differing > 0


def test_verify_sees_a_state_that_is_lost():
    def run(model, samples):
        return [HOST.run(model, [x])[0] for x in samples]

    assert verify_model(STREAM, samples=4, runner=Runner("forgetful", run)).bytes_differing > 0


def test_a_classifier_of_windows_refuses_state():
    bundle = replace(Bundle.load_shipped("motion"), model=STREAM)
    with pytest.raises(UnsupportedOperatorError, match="keeps state"):
        generate_classifier_c(bundle, "motion")


def stateful(change):
    b = TfliteBuilder()
    x = b.tensor((1, 4), *INT8)
    old, y = b.tensor((1, 4), *INT8), b.tensor((1, 4), *INT8)
    change(b, x, old)
    b.operator("MAXIMUM", [old, x], y)
    return b.build([x], [y])


def never_written(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)


def two_sizes(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), b.tensor((1, 5), *INT8, data=np.ones(5))], [])


def no_handle(b, x, old):
    b.operator("READ_VARIABLE", [x], old)


def computed_start(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), x], [])
    b.begin_with("v", x, np.ones(4))
    b.graph, main = b.start, b.graph
    b.operator("ROUND", [b.tensor((1, 4), *INT8)], b.tensor((1, 4), *INT8))
    b.graph = main


def late_start(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), x], [])
    b.begin_with("v", x, np.ones(4))
    b.graph.operators.append(b.graph.operators.pop(0))


def other_start(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), x], [])
    b.begin_with("v", b.tensor((1, 2), *INT8), np.ones(2))


def broken_zero_point(b, x, old):
    b.operator("READ_VARIABLE", [b.handle("v")], old)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), b.tensor((1, 4), "int8", 0.1, 1 << 36)], [])


def larger_than_any_chip(b, x, old):
    huge = b.tensor((1 << 12, 1 << 14), *INT8)
    b.operator("ASSIGN_VARIABLE", [b.handle("v"), huge], [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (broken_zero_point, "broken quantization"),
        (larger_than_any_chip, "every size must be at least 1|more values than any"),
        (never_written, "read but never written"),
        (two_sizes, "another type or size"),
        (no_handle, "not named in the file"),
        (computed_start, "start of the state computes"),
        (late_start, "behind what it starts"),
        (other_start, "another type or size"),
    ],
)
def test_contradictions_are_refused(change, reason):
    with pytest.raises(ExportError, match=reason):
        generate_model_c(stateful(change), "net")
