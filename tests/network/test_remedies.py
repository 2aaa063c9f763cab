"""What a refused operator's author is told to use instead."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.export.check.host_build import HostModel, has_sanitizers
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


def refusal(kind, inputs, output, options=None):
    """What the author of one operator hears; values are (type, shape[, data])."""
    b = TfliteBuilder()
    scale = {"int8": 0.1, "int16": 0.1, "uint8": 0.1}
    values = [
        b.tensor(shape, dtype, scale.get(dtype), data=data[0] if data else None)
        for dtype, shape, *data in inputs
    ]
    y = b.tensor(output[1], output[0], scale.get(output[0]))
    b.operator(kind, values, y, options)
    fed = [value for value, (_, _, *data) in zip(values, inputs, strict=True) if not data]
    with pytest.raises(UnsupportedOperatorError) as caught:
        _ = b.build(fed, [y]).network
    return str(caught.value)


@pytest.mark.parametrize("kind", ["SQRT", "RSQRT", "EXP"])
def test_a_file_that_is_int8_is_not_told_to_become_int8(kind):
    said = refusal(kind, [("int8", (1, 4))], ("int8", (1, 4)))
    assert said.endswith(
        f"{kind} is exported for float32: convert the model so, or use another layer"
    )


def test_types_of_int16_networks():
    axes = ("int32", (1,), [1])
    reducer = ("ReducerOptions", {"keepDims": False})
    said = refusal("REDUCE_MAX", [("int16", (1, 4, 2)), axes], ("int16", (1, 2)), reducer)
    assert "REDUCE_MAX is exported for int8, float32: " in said
    paddings = ("int32", (2, 2), [[0, 0], [1, 1]])
    filled = ("int8", (1,), [0])
    said = refusal("PADV2", [("int16", (1, 4)), paddings, filled], ("int16", (1, 6)))
    assert "int16 with the inputs (int16, int32, int16) or (int16, int64, int16): " in said
    assert "fully" not in said


def test_the_place_of_the_greatest_is_asked_for_as_int32():
    inputs = [("float32", (1, 4)), ("int32", (), 1)]
    said = refusal("ARG_MAX", inputs, ("int64", (1,)), ("ArgMaxOptions", {}))
    assert said.endswith("for int8 to int32, float32 to int32: give it output_type=tf.int32")


def test_old_quantization_is_told_to_quantize_anew():
    said = refusal("MAXIMUM", [("uint8", (1, 4))] * 2, ("uint8", (1, 4)))
    assert said.endswith("int8, int16, float32: quantize fully to int8, or convert as float32")


@pytest.mark.parametrize("kind", ["MEAN", "SUM"])
def test_the_limit_of_a_sum_is_named(kind):
    reducer = ("ReducerOptions", {"keepDims": False})
    inputs = [("int8", (1, 70_000, 1)), ("int32", (1,), [1])]
    said = refusal(kind, inputs, ("int8", (1, 1)), reducer)
    assert "it sums 70,000 values, at most 65,535 are supported. Pool before it" in said


def pool_of(dtype, height, width):
    b = TfliteBuilder()
    x = b.tensor((1, height, width, 1), dtype, 0.1)
    options = {"filterHeight": height, "filterWidth": width, "strideH": 1, "strideW": 1}
    y = b.operator(
        "AVERAGE_POOL_2D",
        [x],
        b.tensor((1, 1, 1, 1), dtype, 0.1),
        ("Pool2DOptions", {**options, "padding": 1}),
    )
    return b.build([x], [y])


def test_an_average_of_more_than_32_bits_hold_is_refused():
    said = "it averages 65,536 values of int16, at most 65,535 are supported. Use a smaller window"
    with pytest.raises(UnsupportedOperatorError, match=said):
        _ = pool_of("int16", 256, 256).network
    _ = pool_of("int8", 256, 256).network


@pytest.mark.parametrize("value", [-32768, 32767])
def test_the_longest_average_that_is_taken_fits_32_bits(value):
    model = pool_of("int16", 255, 257)
    x = np.full((1, 255, 257, 1), value, np.int16)
    flags = ["-O1"]
    if has_sanitizers():
        flags += ["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]
    with HostModel.build(model, flags=flags) as built:
        assert built.invoke(x)[0].item() == value
