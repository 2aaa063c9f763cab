import pytest

from tests.tools import need_tflm
from tests.trained import dense_tflite, digits
from tinyml_course.compress.quantize import compare_schemes
from tinyml_course.errors import QuantizationError
from tinyml_course.interpreters import tflm

SCHEMES = ["fp32", "fp16", "dynamic_range", "int8", "int16x8"]


@pytest.fixture(scope="module")
def table():
    d = digits()
    return compare_schemes({name: dense_tflite(name) for name in SCHEMES}, d.x_test, d.y_test)


def test_rows_keep_their_order_and_sizes(table):
    assert [row.name for row in table] == SCHEMES
    assert table["int8"].file_bytes == len(dense_tflite("int8"))
    assert table["int8"].file_bytes < table["fp16"].file_bytes < table["fp32"].file_bytes


def test_errors_grow_as_the_steps_do(table):
    assert table["fp32"].max_error < 1e-5
    assert table["fp32"].changed == 0
    assert table["int16x8"].mean_error < table["int8"].mean_error < 0.02
    assert table["int8"].accuracy == pytest.approx(table["fp32"].accuracy, abs=0.01)


def test_arena_or_the_reason_why_there_is_none(table):
    need_tflm()
    for row in table:
        assert (row.arena_bytes is None) == bool(row.refusal)
    assert table["int8"].arena_bytes > 1000
    assert table["fp16"].refusal.startswith("refuses: 16-bit float")
    assert table["dynamic_range"].refusal.startswith("refuses: hybrid")


def test_it_prints_aligned_and_shows_as_html(table):
    lines = str(table).splitlines()
    assert len(lines) == len(SCHEMES) + 2
    assert len({line.index(".") for line in lines[1:-1]}) == 1
    assert table._repr_html_().count("<tr>") == len(SCHEMES) + 1
    assert "against fp32" in lines[-1]


def test_without_tflm_the_accuracies_are_still_there(monkeypatch):
    monkeypatch.setattr(tflm, "is_available", lambda: False)
    d = digits()
    models = {"fp32": dense_tflite("fp32"), "int8": dense_tflite("int8")}
    table = compare_schemes(models, d.x_test, d.y_test)
    assert table["int8"].accuracy > 0.9
    assert table["int8"].arena_bytes is None
    assert table["int8"].refusal == "not on this computer"


def test_a_reference_that_is_not_there():
    with pytest.raises(QuantizationError, match="no model is called 'fp32' among int8"):
        compare_schemes({"int8": b""}, digits().x_test, digits().y_test)
