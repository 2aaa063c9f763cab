import numpy as np
import pytest

from tests.trained import conv1d_int8, dense_tflite, digits, trained_conv1d, trained_dense
from tinyml_course import training
from tinyml_course.compress import quantize
from tinyml_course.errors import QuantizationError
from tinyml_course.interpreters import litert
from tinyml_course.network.rewrite import keep_first_dense_scale


def read_model(content: bytes):
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromPackedBuf(content, 0)


def weight_offsets(content: bytes) -> list[int]:
    """Where in the file each buffer's data begin."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(content)
    start = np.frombuffer(content, np.uint8).ctypes.data
    buffers = [model.Buffers(index) for index in range(model.BuffersLength())]
    return [b.DataAsNumpy().ctypes.data - start for b in buffers if b.DataLength()]


def dense_scales(content: bytes) -> list[int]:
    """How many scales each weight matrix of rank 2 has."""
    tensors = read_model(content).subgraphs[0].tensors
    buffers = read_model(content).buffers
    return [
        len(tensor.quantization.scale)
        for tensor in tensors
        if len(tensor.shape) == 2 and buffers[tensor.buffer].data is not None
    ]


@pytest.mark.parametrize("scheme", ["fp32", "fp16", "dynamic_range", "int8", "int16x8"])
def test_every_scheme_stays_within_a_point_of_keras(scheme):
    d = digits()
    expected = training.accuracy(training.predict_scores(trained_dense(), d.x_test), d.y_test)
    got = training.accuracy(litert.run_litert(dense_tflite(scheme), d.x_test), d.y_test)
    assert got == pytest.approx(expected, abs=0.01)


def test_fp32_is_the_keras_model():
    x = digits().x_test[:50]
    expected = training.predict_scores(trained_dense(), x)
    np.testing.assert_allclose(litert.run_litert(dense_tflite("fp32"), x), expected, atol=1e-5)


def test_conv1d_int8_answers_like_keras():
    x = digits().x_test.reshape(-1, 8, 8)
    expected = training.predict_scores(trained_conv1d(), x)
    got = litert.run_litert(conv1d_int8(), x)
    assert np.mean(got.argmax(1) == expected.argmax(1)) > 0.97


def test_int8_reads_and_writes_int8_with_the_softmax_scale():
    inputs = dense_tflite("int8").input
    outputs = dense_tflite("int8").output
    assert (inputs.dtype, inputs.shape) == (np.int8, (64,))
    assert (outputs.dtype, outputs.scale, outputs.zero_point) == (np.int8, 1 / 256, -128)


def test_dense_layers_are_per_tensor_unless_asked_otherwise():
    assert dense_scales(dense_tflite("int8")) == [1, 1, 1]
    assert sorted(dense_scales(dense_tflite("int8_per_channel"))) == [10, 16, 32]
    assert dense_scales(conv1d_int8()) == [1]


def test_a_library_of_2023_answers_wrongly_on_per_channel_dense_layers_only():
    x = digits().x_test
    for scheme, least, most in (("int8", 0, 0), ("int8_per_channel", 0.02, 1)):
        content = dense_tflite(scheme)
        seen = keep_first_dense_scale(content)
        answers = litert.run_litert_raw(content, content.input.quantize(x))
        wrong = litert.run_litert_raw(seen, seen.input.quantize(x))
        changed = np.mean(answers.argmax(axis=1) != wrong.argmax(axis=1))
        assert least <= changed <= most


def test_bytes_are_the_same_every_time():
    samples = quantize.representative_dataset(digits().x_train)
    assert quantize.convert_int8(trained_dense(), samples) == dense_tflite("int8")


def test_weights_are_aligned_and_nothing_dynamic_is_left():
    for content in (dense_tflite("int8"), conv1d_int8()):
        model = read_model(content)
        assert model.metadata is None
        assert [offset for offset in weight_offsets(content) if offset % 16] == []
        for tensor in model.subgraphs[0].tensors:
            assert tensor.shapeSignature is None
            assert tensor.shape is None or all(size > 0 for size in tensor.shape)


def test_conversion_prints_nothing(capfd):
    quantize.convert_fp32(trained_dense())
    assert capfd.readouterr() == ("", "")


def test_representative_data_come_from_what_was_given():
    samples = quantize.representative_dataset(digits().x_train, samples=50)
    train = {row.tobytes() for row in digits().x_train}
    drawn = [arrays[0] for arrays in samples()]
    assert len(drawn) == 50
    assert all(sample.shape == (1, 64) and sample[0].tobytes() in train for sample in drawn)


def test_bad_representative_data_are_refused():
    with pytest.raises(QuantizationError, match="empty"):
        quantize.representative_dataset(np.zeros((0, 8)))
    with pytest.raises(QuantizationError, match="NaN"):
        quantize.representative_dataset(np.full((3, 8), np.nan))
    wrong = quantize.representative_dataset(np.zeros((3, 7)))
    with pytest.raises(QuantizationError, match=r"shape \(1, 7\).*takes \(1, 64\)"):
        quantize.convert_int8(trained_dense(), wrong)
