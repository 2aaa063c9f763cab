"""Files that are legal and that no converter of today writes: TFLM's bytes, or a reason."""

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from tests.network.tflite_builder import TfliteBuilder, Value
from tests.tools import need_tflm
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.network.model import TfliteModel


class OneLayer:
    """A dense layer from 6 values to 4, to be made unusual."""

    def __init__(self):
        self.b = TfliteBuilder()
        self.x = self.b.tensor((1, 6), "int8", 0.05, 3)
        self.w = self.b.tensor((4, 6), "int8", 0.02, data=np.arange(24).reshape(4, 6) * 5 - 60)
        self.y = self.b.tensor((1, 4), "int8", 0.1, -5)
        options = ("FullyConnectedOptions", {})
        self.b.operator("FULLY_CONNECTED", [self.x, self.w], self.y, options)

    def build(self, inputs=None, outputs=None):
        return self.b.build(inputs or [self.x], outputs or [self.y])


def unused_tensors():
    m = OneLayer()
    m.b.tensor((3, 5), "float32")
    m.b.tensor((7,), "int64", data=np.arange(7))
    return m.build()


def weights_twice():
    """Two layers read one buffer, one through a tensor of its own."""
    b = TfliteBuilder()
    x = y = b.tensor((1, 4), "int8", 0.05, 3)
    for number in range(2):
        w = b.tensor((4, 4), "int8", 0.02, data=np.arange(16).reshape(4, 4) - 8)
        b.graph.tensors[w.index].buffer = 1
        output = b.tensor((1, 4), "int8", 0.1, -5 + number)
        y = b.operator("FULLY_CONNECTED", [y, w], output, ("FullyConnectedOptions", {}))
    return b.build([x], [y])


def input_goes_out():
    m = OneLayer()
    return m.build(outputs=[m.y, m.x, m.y])


def nothing_but_the_input():
    m = OneLayer()
    m.b.graph.operators.clear()
    return m.build(outputs=[m.x])


def constants_go_out():
    m = OneLayer()
    return m.build(outputs=[m.w, m.y])


def an_input_nobody_reads():
    m = OneLayer()
    return m.build(inputs=[m.b.tensor((1, 3), "int8", 0.1), m.x])


def metadata_without_content():
    m = OneLayer()
    entry = schema.MetadataT()
    entry.name, entry.buffer = b"", len(m.b.model.buffers)
    empty = schema.BufferT()
    empty.data = np.zeros(0, np.uint8)
    m.b.model.buffers.append(empty)
    m.b.model.metadata = [entry]
    return m.build()


def a_batch():
    b = TfliteBuilder()
    x = b.tensor((3, 2, 2), "int8", 0.1)
    return b.build([x], [b.operator("LOGISTIC", [x], b.tensor(x.shape, "int8", 1 / 256, -128))])


def a_scalar():
    b = TfliteBuilder()
    x = b.tensor((), "int8", 0.1)
    return b.build([x], [b.operator("LOGISTIC", [x], b.tensor((), "int8", 1 / 256, -128))])


UNUSUAL = (
    unused_tensors,
    weights_twice,
    input_goes_out,
    nothing_but_the_input,
    constants_go_out,
    an_input_nobody_reads,
    metadata_without_content,
    a_batch,
    a_scalar,
)
NAMES = {
    "a word of C": b"int",
    "umlauts": "größe".encode(),
    "the end of a comment": b"a\nb*/ int x; /*\r\n",
    "300 characters": b"n" * 300,
    "empty": b"",
    "no UTF-8": b"\xff\xfe",
    "a backslash at the end": b'// "hi" %s ??/ \\',
    "a zero byte": b"a\0b",
    "none": None,
}


@pytest.mark.parametrize("make", UNUSUAL, ids=lambda make: make.__name__)
def test_an_unusual_file_gives_tflms_bytes(make):
    need_tflm()
    found = verify_model(make(), samples=4)
    assert found.bytes_compared > 0
    assert found.bytes_differing == 0


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_a_name_of_any_kind_stays_in_its_comment(name):
    """Of tensors, graph, model and signature; two outputs, so that names reach the header."""
    need_tflm()
    m = OneLayer()
    for tensor in m.b.graph.tensors:
        tensor.name = name
    m.b.graph.name = m.b.model.description = name
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = name, 0
    signature.inputs, signature.outputs = [called(m.x, name)], [called(m.y, name)] * 2
    m.b.model.signatureDefs = [signature]
    assert verify_model(m.build(outputs=[m.y, m.y]), samples=2).bytes_differing == 0


def called(value: Value, name) -> schema.TensorMapT:
    entry = schema.TensorMapT()
    entry.name, entry.tensorIndex = name, value.index
    return entry


def test_an_input_that_is_listed_twice_is_refused():
    """TFLM has one memory for both: what is set last counts for all."""
    m = OneLayer()
    with pytest.raises(
        ExportError, match=r"lists its input 't0' more than once: .* each input once"
    ):
        _ = TfliteModel.of(m.build(inputs=[m.x, m.x])).network


def fine(kind, scale):
    """A layer whose bound or greatest answer, 6, is many steps of its output."""
    b = TfliteBuilder()
    if kind == "ELU":
        x = b.tensor((1, 255), "int8", 6 / 254, -127)
        return b.build([x], [b.operator("ELU", [x], b.tensor(x.shape, "int8", scale, 5))])
    x = b.tensor((1, 8), "int8", scale, -128)
    if kind == "RELU6":
        return b.build([x], [b.operator(kind, [x], b.tensor(x.shape, "int8", scale, -128))])
    y = b.tensor((1, 8), "int8", scale, -128)
    options = ("AddOptions", {"fusedActivationFunction": schema.ActivationFunctionType.RELU6})
    return b.build([x], [b.operator("ADD", [x, x], y, options)])


@pytest.mark.parametrize("kind", ["ELU", "RELU6", "ADD"])
def test_a_scale_so_fine_that_32_bits_do_not_hold_6_is_refused(kind):
    """6 is 2^31 steps of 2.79e-9: beyond, TFLM refuses the model or casts what does not fit."""
    need_tflm()
    assert verify_model(fine(kind, 2.8e-9), samples=8).bytes_differing == 0
    with pytest.raises(UnsupportedOperatorError, match=r"2\.79e-09 is too fine: 6 is 2\^31 steps"):
        _ = fine(kind, 2.79e-9).network


def test_a_batch_is_refused_by_what_looks_at_a_picture():
    b = TfliteBuilder()
    x, y = b.tensor((2, 4, 4, 4), "int8", 0.1), b.tensor((2, 2, 2, 4), "int8", 0.1)
    window = {"filterHeight": 2, "filterWidth": 2, "strideH": 2, "strideW": 2, "padding": 1}
    b.operator("AVERAGE_POOL_2D", [x], y, ("Pool2DOptions", window))
    with pytest.raises(UnsupportedOperatorError, match=r"a batch of more than one. Fix the batch"):
        _ = b.build([x], [y]).network

    b = TfliteBuilder()
    x, y = b.tensor((2, 4, 4, 4), "int8", 0.1), b.tensor((2, 8, 8, 1), "int8", 0.1)
    b.operator("DEPTH_TO_SPACE", [x], y, ("DepthToSpaceOptions", {"blockSize": 2}))
    with pytest.raises(UnsupportedOperatorError, match=r"a batch of more than one. Fix the batch"):
        _ = b.build([x], [y]).network
