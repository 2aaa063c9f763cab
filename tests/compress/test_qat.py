import numpy as np
import pytest

from tests.trained import conv1d_int8, digits, trained_conv1d, trained_dense
from tinyml_course import training
from tinyml_course.compress import qat, quantize
from tinyml_course.errors import QuantizationError
from tinyml_course.interpreters import litert


def parts(shape):
    d = digits()
    return d.x_train.reshape(shape), d.y_train, d.x_val.reshape(shape), d.y_val


def operators(content: bytes) -> list[int]:
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    return [
        model.operatorCodes[operator.opcodeIndex].builtinCode
        for operator in model.subgraphs[0].operators
    ]


def test_the_twin_with_conv2d_answers_the_same():
    x = digits().x_val[:30].reshape(-1, 8, 8)
    twin = qat.as_conv2d(trained_conv1d())
    np.testing.assert_allclose(
        training.predict_scores(twin, x), training.predict_scores(trained_conv1d(), x), atol=1e-5
    )


def test_a_twin_that_flattens_and_leaves_values_out_answers_the_same():
    x = digits().x_val[:30].reshape(-1, 8, 8)
    model = training.build_conv1d((8, 8), 10, flatten=True, dropout=0.2)
    assert model.output_shape == (None, 10)
    assert model.get_layer("scores").kernel.shape == (16, 10)  # one place is left of the last map
    wider = training.build_conv1d((40, 8), 10, flatten=True)
    assert wider.get_layer("scores").kernel.shape == (5 * 16, 10)
    np.testing.assert_allclose(
        training.predict_scores(qat.as_conv2d(model), x),
        training.predict_scores(model, x),
        atol=1e-5,
    )


def test_conv1d_goes_through_qat_to_int8_with_the_same_operators():
    x_train, y_train, x_val, y_val = parts((-1, 8, 8))
    aware = qat.train_qat(trained_conv1d(), x_train, y_train, x_val, y_val, epochs=1)
    content = quantize.convert_int8(aware, quantize.representative_dataset(x_train))
    assert set(operators(content)) == set(operators(conv1d_int8()))
    assert len(content) <= len(conv1d_int8())
    spec = content.input
    assert (spec.shape, spec.dtype) == ((8, 8), np.int8)
    got = training.accuracy(litert.run_litert(content, x_val), y_val)
    before = training.accuracy(litert.run_litert(conv1d_int8(), x_val), y_val)
    assert got > before - 0.03


def test_qat_keeps_dense_layers_per_tensor():
    x_train, y_train, x_val, y_val = parts((-1, 64))
    aware = qat.train_qat(trained_dense(), x_train, y_train, x_val, y_val, epochs=1)
    content = quantize.convert_int8(aware, quantize.representative_dataset(x_train))
    from tests.compress.test_quantize import dense_scales

    assert dense_scales(content) == [1, 1, 1]


def test_rounding_leaves_as_many_values_as_the_bits_allow():
    rounded = qat.round_weights(trained_dense(), 3)
    kernel = rounded.get_weights()[0]
    assert len(np.unique(kernel)) <= 7
    original = trained_dense().get_weights()[0]
    assert np.abs(kernel - original).max() <= np.abs(original).max() / 3 / 2 + 1e-6
    with pytest.raises(QuantizationError, match="take 2 to 16"):
        qat.round_weights(trained_dense(), 1)


@pytest.mark.slow
def test_qat_pays_where_rounding_hurts_and_not_with_8_bits():
    eight, two = qat.compare_qat(
        trained_dense(), *parts((-1, 64)), bits=(8, 2), epochs=3, learning_rate=1e-3
    )
    assert abs(eight.qat - eight.trained_on) < 0.03
    assert two.qat > max(two.rounded, two.trained_on) + 0.1


def test_few_bits_are_for_dense_models():
    with pytest.raises(QuantizationError, match="dense models only"):
        qat.train_qat(trained_conv1d(), *parts((-1, 8, 8)), weight_bits=4)


def test_a_layer_without_a_twin_is_refused():
    keras = training.import_keras()
    model = keras.Sequential(
        [
            keras.layers.Input((8, 8)),
            keras.layers.Conv1D(4, 3),
            keras.layers.LSTM(4, name="memory"),
        ]
    )
    with pytest.raises(QuantizationError, match="'memory' is a LSTM"):
        qat.as_conv2d(model)
