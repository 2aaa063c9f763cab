"""Models that end TFLM's process: a sentence instead, and TFLM's bytes where it has them."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder, softmax_of_many_classes
from tests.tools import need_tflm
from tinyml_course.cli import main
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.self_test import generate_self_test_c
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.firmware.example_sketch import example_sketch
from tinyml_course.interpreters import arena_search, tflm
from tinyml_course.interpreters.tflm_apart import may_abort

pytestmark = pytest.mark.usefixtures("with_tflm")


@pytest.fixture
def with_tflm():
    need_tflm()


def test_equal_classes_are_a_sentence_and_not_a_dead_process():
    with pytest.raises(UnsupportedOperatorError, match=r"TFLM itself aborts .* 512 .* compared"):
        verify_model(softmax_of_many_classes(1, 512), samples=16)


def test_the_command_says_so(tmp_path, capsys):
    path = tmp_path / "flat.tflite"
    path.write_bytes(softmax_of_many_classes(1, 1000))
    assert main(["verify", str(path), "--samples", "16"]) == 1
    assert "TFLM itself aborts" in capsys.readouterr().err


@pytest.mark.parametrize("classes", [511, 512, 1000])
def test_classes_that_differ_are_compared(classes):
    model = softmax_of_many_classes(1, classes)
    assert may_abort(model.network) == (classes > 511)
    x = np.random.default_rng(2).integers(-128, 128, (3, 1, classes)).astype(np.int8)
    x[:, 0, 7] = 127
    x[1, 0, 8:] //= 2
    samples = [[one] for one in x]
    expected = tflm.run_tflm_samples(model, samples)
    np.testing.assert_array_equal(
        tflm.run_tflm_raw(model, x[:, 0]), np.ravel(expected).reshape(3, -1)
    )
    with HostModel.build(model) as built:
        for sample, wanted in zip(samples, expected, strict=True):
            np.testing.assert_array_equal(built.invoke(*sample)[0], wanted[0])


def test_what_export_writes_and_what_measures_the_arena_do_not_abort():
    model = softmax_of_many_classes(1, 1000)
    flat = [[np.zeros((1, 1000), np.int8)]]
    assert "NumPy reference" in generate_self_test_c(model, "flat", inputs=flat)["flat_golden.h"]
    assert "NumPy reference" in example_sketch(model, "flat")
    assert tflm.measure_arena(model).total_bytes > 2000


@pytest.mark.parametrize("classes", [511, 512, 1000])
def test_the_smallest_arena_of_a_softmax_that_zeros_would_end(classes):
    model = softmax_of_many_classes(1, classes)
    smallest = tflm.smallest_arena(model)
    assert arena_search.runs_with(model, smallest, is_run=classes < 512)
    assert not arena_search.runs_with(model, smallest - 16, is_run=False)
    assert smallest >= tflm.measure_arena(model).total_bytes


def test_a_model_that_stops_when_it_runs_is_not_called_too_large():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "float32")
    y = b.operator("QUANTIZE", [x], b.tensor((1, 4), "uint8", 0.5, 3))
    with pytest.raises(ExportError, match=r"stops when it runs .* memory is not the reason"):
        tflm.smallest_arena(b.build([x], [y]))


def test_a_model_that_no_board_holds_is_called_too_large():
    b = TfliteBuilder()
    x = b.tensor((1, 9_000_000), "int8", 0.5)
    y = b.operator("LOGISTIC", [x], b.tensor(x.shape, "int8", 1 / 256, -128))
    with pytest.raises(ExportError, match=r"does not load .* 16,777,216 bytes"):
        tflm.smallest_arena(b.build([x], [y]))
