"""What a refused operator's author is told to use instead."""

import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.network import remedies, support
from tinyml_course.network.tflite_file import import_schema


def test_what_is_supported_needs_no_remedy_and_what_has_one_exists():
    known = vars(import_schema().BuiltinOperator)
    for kind in remedies._REMEDIES:
        assert kind not in support.SIGNATURES
        assert kind in known


@pytest.mark.parametrize("kind", ["LOG_SOFTMAX", "BATCH_MATMUL", "CUMSUM", "RANK"])
def test_a_refusal_ends_with_the_remedy(kind):
    b = TfliteBuilder()
    x, y = (b.tensor((1, 4), "int8", 0.1) for _ in range(2))
    b.operator(kind, [x], y)
    with pytest.raises(UnsupportedOperatorError) as refusal:
        _ = b.build([x], [y]).network
    assert f"not supported. {remedies.remedy(kind)}. Supported: ABS, ADD" in str(refusal.value)
