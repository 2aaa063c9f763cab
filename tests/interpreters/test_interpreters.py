import numpy as np
import pytest

from tests.tools import need_tflm
from tests.trained import conv1d_int8, dense_tflite, digits
from tinyml_course import training
from tinyml_course.errors import (
    DataError,
    ExportError,
    TinyMLCourseError,
    UnsupportedOperatorError,
)
from tinyml_course.interpreters import arena_search, litert, tflm


@pytest.fixture
def with_tflm():
    need_tflm()


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 100, b"\0\0\0\0TFL3" + b"\0" * 50])
@pytest.mark.parametrize("run", [litert.run_litert, tflm.run_tflm])
def test_what_is_no_model_is_an_export_error(content, run):
    with pytest.raises(ExportError):
        run(content, np.zeros((1, 64)))


@pytest.mark.parametrize("run", [litert.run_litert, tflm.run_tflm])
def test_half_a_model_is_an_export_error(run):
    content = dense_tflite("int8")
    with pytest.raises(ExportError, match="damaged"):
        run(content[: len(content) // 2], np.zeros((1, 64)))


def test_inputs_of_another_shape_or_type_are_refused():
    with pytest.raises(DataError, match=r"\(64,\) and type int8; got \(63,\)"):
        litert.run_litert_raw(dense_tflite("int8"), np.zeros((1, 63), np.int8))
    with pytest.raises(DataError, match="float32"):
        litert.run_litert_raw(dense_tflite("int8"), np.zeros((1, 64), np.float32))


@pytest.mark.usefixtures("with_tflm")
@pytest.mark.parametrize("scheme", ["fp32", "int8", "int8_per_channel"])
def test_tflm_and_litert_agree_but_for_rare_last_places(scheme):
    x = digits().x_test
    ours = tflm.run_tflm(dense_tflite(scheme), x)
    theirs = litert.run_litert(dense_tflite(scheme), x)
    assert np.mean(ours != theirs) < 0.02
    np.testing.assert_allclose(ours, theirs, atol=0.05)
    assert training.accuracy(ours, digits().y_test) > 0.9


@pytest.mark.usefixtures("with_tflm")
@pytest.mark.parametrize(
    ("scheme", "reason"), [("fp16", "16-bit float weights"), ("dynamic_range", "hybrid")]
)
def test_tflm_refuses_and_says_why(scheme, reason, capfd):
    assert reason in tflm.find_refusal(dense_tflite(scheme))
    with pytest.raises(UnsupportedOperatorError, match="convert_int8"):
        tflm.run_tflm(dense_tflite(scheme), digits().x_test[:1])
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("with_tflm")
def test_arena_by_part(capfd):
    use = tflm.measure_arena(dense_tflite("int8"))
    assert use.total_bytes == use.activations_bytes + use.persistent_bytes
    assert 64 + 32 <= use.activations_bytes < use.persistent_bytes
    assert sum(use.parts.values()) <= use.persistent_bytes
    assert "NodeAndRegistration struct" in str(use)
    assert capfd.readouterr().err == ""


def test_an_allocation_report_of_another_form_is_noticed():
    with pytest.raises(ExportError, match="changed its form"):
        tflm.parse_allocations("nothing of the kind")


@pytest.mark.usefixtures("with_tflm")
def test_smallest_arena_works_and_the_next_smaller_does_not():
    content = conv1d_int8()
    smallest = tflm.smallest_arena(content)
    assert smallest % 16 == 0
    assert smallest > tflm.measure_arena(content).total_bytes
    assert arena_search.runs_with(content, smallest)
    assert not arena_search.runs_with(content, smallest - 16)


@pytest.mark.usefixtures("with_tflm")
def test_integer_run_takes_tflm_where_it_can():
    x = dense_tflite("int8").input.quantize(digits().x_test[:5])
    run = tflm.run_integer_model(dense_tflite("int8"), x)
    assert run.engine == "TFLM"
    assert run.outputs.dtype == np.int8


def test_without_the_wheel_litert_answers_and_tflm_says_so(monkeypatch):
    monkeypatch.setattr(tflm, "is_available", lambda: False)
    x = dense_tflite("int8").input.quantize(digits().x_test[:5])
    run = tflm.run_integer_model(dense_tflite("int8"), x)
    assert run.engine == "LiteRT reference kernels"
    np.testing.assert_array_equal(run.outputs, litert.run_litert_raw(dense_tflite("int8"), x))
    with pytest.raises(TinyMLCourseError, match="Linux on x86-64 only"):
        tflm.run_tflm_raw(dense_tflite("int8"), x)
