"""Small models with the operators that no golden model has, built through the schema."""

import numpy as np

from tests.network.tflite_builder import TfliteBuilder


def uint8_ends():
    """A picture as a camera gives it goes in, its brightness comes out: uint8, int8 within."""
    b = TfliteBuilder()
    x = b.tensor((1, 4, 5, 3), "uint8", 0.02, 128)
    inner = b.operator("QUANTIZE", [x], b.tensor(x.shape, "int8", 0.02, 0))
    axes = b.tensor((2,), "int32", data=np.array([1, 2]))
    mean = b.operator(
        "MEAN",
        [inner, axes],
        b.tensor((1, 3), "int8", 0.015, -9),
        ("ReducerOptions", {"keepDims": False}),
    )
    y = b.operator("QUANTIZE", [mean], b.tensor((1, 3), "uint8", 0.02, 119))
    return b.build([x], [y])


def choices():
    """An upsampled picture, each channel within limits of its own."""
    b = TfliteBuilder()
    x = b.tensor((1, 2, 3, 2), "int8", 0.1, 5)
    size = b.tensor((2,), "int32", data=np.array([5, 4]))
    y = b.operator(
        "RESIZE_NEAREST_NEIGHBOR",
        [x, size],
        b.tensor((1, 5, 4, 2), "int8", 0.1, 5),
        ("ResizeNearestNeighborOptions", {"alignCorners": True, "halfPixelCenters": False}),
    )
    for kind, limits in (("MAXIMUM", [-40, 0]), ("MINIMUM", [30, 90])):
        limit = b.tensor((2,), "int8", 0.1, 5, data=np.array(limits))
        y = b.operator(kind, [limit, y], b.tensor(y.shape, "int8", 0.1, 5))
    return b.build([x], [y])


def parts():
    """A gate between two halves, the rest put together again; where the greatest lies."""
    b = TfliteBuilder()

    def value(*shape):
        return b.tensor(shape, "int8", 0.1, 3)

    def index(values):
        return b.tensor(np.shape(values), "int32", data=np.array(values))

    x = value(1, 3, 7)
    halves = [value(1, 3, 2), value(1, 3, 2), value(1, 3, 3)]
    sizes = index([2, 2, 3])
    b.operator("SPLIT_V", [x, sizes, index(2)], halves, ("SplitVOptions", {"numSplits": 3}))
    gate = b.operator("MAXIMUM", halves[:2], value(1, 3, 2))
    rows = [value(1, 2) for _ in range(3)]
    b.operator("UNPACK", [gate], rows, ("UnpackOptions", {"num": 3, "axis": 1}))
    swapped = [rows[2], rows[0]]
    packed = b.operator(
        "PACK", swapped, value(1, 2, 2), ("PackOptions", {"valuesCount": 2, "axis": -1})
    )
    first, second = value(1, 1, 2), value(1, 1, 2)
    b.operator("SPLIT", [index(1), packed], [first, second], ("SplitOptions", {"numSplits": 2}))
    taken = b.operator(
        "GATHER", [halves[2], index([2, 0, 2])], value(1, 3, 3), ("GatherOptions", {"axis": 2})
    )
    greatest = b.operator(
        "REDUCE_MAX", [taken, index([1])], value(1, 3), ("ReducerOptions", {"keepDims": False})
    )
    at = b.operator("ARG_MAX", [greatest, index(1)], b.tensor((1,), "int32"), ("ArgMaxOptions", {}))
    real = b.operator("CAST", [greatest], b.tensor((1, 3), "float32"), ("CastOptions", {}))
    return b.build([x], [second, at, first, real])


def int32_ends():
    """A sum of 32 bits goes in, int16 comes out, and int32 again beside it."""
    b = TfliteBuilder()
    x = b.tensor((1, 12), "int32", 0.0000002)
    y = b.operator("QUANTIZE", [x], b.tensor((1, 12), "int16", 0.03))
    wide = b.operator("QUANTIZE", [y], b.tensor((1, 12), "int32", 0.0007))
    return b.build([x], [y, wide])


def upsampling():
    """A decoder's step: twice the size, weights with a scale a channel, sums with a bias."""
    b = TfliteBuilder()
    rng = np.random.default_rng(5)
    x = b.tensor((1, 3, 4, 2), "int8", 0.05, -7)
    shape = b.tensor((4,), "int32", data=np.array([1, 6, 7, 3]))
    scales = [0.01, 0.02, 0.004]
    w = b.tensor((3, 3, 4, 2), "int8", scales=scales, data=rng.integers(-127, 128, (3, 3, 4, 2)))
    bias = b.tensor((3,), "int32", scales=np.float32(scales) * 0.05, data=np.array([90, -80, 7]))
    y = b.tensor((1, 6, 7, 3), "int8", 0.1, 11)
    fields = {"padding": 0, "strideH": 2, "strideW": 2}
    b.operator("TRANSPOSE_CONV", [shape, w, x, bias], y, ("TransposeConvOptions", fields))
    return b.build([x], [y])


def stream():
    """A streaming layer: the last two rows are kept; beside it the greatest values since ever."""
    b = TfliteBuilder()

    def index(values):
        return b.tensor(np.shape(values), "int32", data=np.array(values))

    x = b.tensor((1, 3, 1, 4), "int8", 0.1, 3)
    kept = b.tensor((1, 2, 1, 4), "int8", 0.1, 3)
    b.operator("READ_VARIABLE", [b.handle("rows")], kept)
    rows = b.tensor((1, 5, 1, 4), "int8", 0.1, 3)
    b.operator("CONCATENATION", [kept, x], rows, ("ConcatenationOptions", {"axis": 1}))
    bounds = [index(v) for v in ([0, 3, 0, 0], [1, 5, 1, 4], [1, 1, 1, 1])]
    fields = dict.fromkeys(
        ("beginMask", "endMask", "ellipsisMask", "newAxisMask", "shrinkAxisMask"), 0
    )
    last = b.tensor(kept.shape, "int8", 0.1, 3)
    b.operator("STRIDED_SLICE", [rows, *bounds], last, ("StridedSliceOptions", fields))
    b.operator("ASSIGN_VARIABLE", [b.handle("rows"), last], [])
    b.begin_with("rows", kept, np.full(kept.shape, 3))
    old, greatest = (b.tensor(x.shape, "int8", 0.1, 3) for _ in range(2))
    b.operator("READ_VARIABLE", [b.handle("greatest")], old)
    b.operator("MAXIMUM", [old, x], greatest)
    b.operator("ASSIGN_VARIABLE", [b.handle("greatest"), greatest], [])
    b.begin_with("greatest", x, np.arange(-60, -48).reshape(x.shape))
    return b.build([x], [rows, greatest])


def keyword_by_lstm():
    """Three steps through an LSTM of int8, and what it says in shares of 65536, as int32."""
    b = TfliteBuilder()
    rng = np.random.default_rng(6)

    def weights(*shape):
        return b.tensor(shape, "int8", 0.009, data=rng.integers(-127, 128, shape))

    x = b.tensor((1, 3, 5), "int8", 0.03, -9)
    into, recurrent = ([weights(4, n) for _ in range(4)] for n in (5, 4))
    bias = [b.tensor((4,), "int32", 0.00027, data=rng.integers(-999, 1000, 4)) for _ in range(4)]
    hidden = b.tensor((1, 4), "int8", 1 / 128, 2, is_variable=True)
    cell = b.tensor((1, 4), "int16", 1 / 2048, is_variable=True)
    gates = [*into, *recurrent, None, None, None, *bias, None, None]
    y = b.operator(
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        [x, *gates, hidden, cell, None, None, None, None],
        b.tensor((1, 3, 4), "int8", 1 / 128, 2),
        (
            "UnidirectionalSequenceLSTMOptions",
            {"fusedActivationFunction": 4, "cellClip": 10.0, "timeMajor": False},
        ),
    )
    shares = b.operator(
        "SOFTMAX",
        [y],
        b.tensor(y.shape, "int16", 1 / 65536, -32768),
        ("SoftmaxOptions", {"beta": 1.0}),
    )
    return b.build([x], [b.operator("QUANTIZE", [shares], b.tensor(y.shape, "int32", 1 / 32768))])


def keyword_by_svdf():
    """An SVDF of rank 2 that remembers five inputs, and one value divided by another."""
    b = TfliteBuilder()
    rng = np.random.default_rng(7)
    x = b.tensor((1, 6), "int8", 0.05, 4)
    features = b.tensor((8, 6), "int8", 0.01, data=rng.integers(-127, 128, (8, 6)))
    times = b.tensor((8, 5), "int8", 0.01, data=rng.integers(-127, 128, (8, 5)))
    bias = b.tensor((4,), "int32", 0.0004, data=rng.integers(-2000, 2000, 4))
    state = b.tensor((1, 40), "int8", 0.04, -3, is_variable=True)
    y = b.operator(
        "SVDF",
        [x, features, times, bias, state],
        b.tensor((1, 4), "int8", 0.03, 1),
        ("SVDFOptions", {"rank": 2, "fusedActivationFunction": 0}),
    )
    divisor = b.tensor((4,), "int8", 0.01, -3, data=np.array([-3, 5, 127, -90]))
    z = b.operator("DIV", [y, divisor], b.tensor((1, 4), "int8", 0.02, 7), ("DivOptions", {}))
    return b.build([x], [z])


def picture_moves():
    """A decoder's picture: slices, blocks, frames, sizes; PRELU, ELU, ABS, squares and a sum."""
    b = TfliteBuilder()

    def value(*shape, scale=0.1, point=3):
        return b.tensor(shape, "int8", scale, point)

    def index(values):
        return b.tensor(np.shape(values), "int32", data=np.array(values))

    x = value(1, 4, 5, 8)
    y = b.operator(
        "SLICE",
        [x, index([0, 1, 1, 0]), index([1, 2, -1, 8])],
        value(1, 2, 4, 8),
        ("SliceOptions", {}),
    )
    wide = b.operator(
        "DEPTH_TO_SPACE", [y], value(1, 4, 8, 2), ("DepthToSpaceOptions", {"blockSize": 2})
    )
    filling = b.tensor((), "int8", 0.1, 3, data=np.array(-77))
    frame = index([[0, 0], [1, 1], [0, 0], [0, 0]])
    wide = b.operator("PADV2", [wide, frame, filling], value(1, 6, 8, 2), ("PadV2Options", {}))
    small = b.operator(
        "RESIZE_BILINEAR",
        [wide, index([4, 6])],
        value(1, 4, 6, 2),
        ("ResizeBilinearOptions", {"alignCorners": False, "halfPixelCenters": True}),
    )
    deep = b.operator(
        "SPACE_TO_DEPTH", [small], value(1, 2, 3, 8), ("SpaceToDepthOptions", {"blockSize": 2})
    )
    slopes = b.tensor((8,), "int8", 0.01, -2, data=np.arange(-60, 100, 20))
    bent = b.operator("PRELU", [deep, slopes], value(1, 2, 3, 8, scale=0.05))
    bent = b.operator("ELU", [bent], value(1, 2, 3, 8, scale=0.06, point=-9))
    size = b.operator("ABS", [bent], value(1, 2, 3, 8, scale=0.04, point=-100))
    far = b.operator(
        "SQUARED_DIFFERENCE",
        [size, deep],
        value(1, 2, 3, 8, scale=0.9, point=-128),
        ("SquaredDifferenceOptions", {}),
    )
    kept = b.tensor((1, 2, 1, 8), "int8", 0.9, -128, data=np.arange(-8, 8))
    joined = b.operator(
        "CONCATENATION",
        [far, kept],
        value(1, 2, 4, 8, scale=0.9, point=-128),
        ("ConcatenationOptions", {"axis": 2}),
    )
    total = b.operator(
        "SUM", [joined, index([1, 2])], value(1, 8, scale=3.0, point=-120), ("ReducerOptions", {})
    )
    return b.build([x], [total])


SMALL_GRAPHS = {
    "picture_moves": picture_moves(),
    "keyword_by_lstm": keyword_by_lstm(),
    "keyword_by_svdf": keyword_by_svdf(),
    "stream": stream(),
    "upsampling": upsampling(),
    "int32_ends": int32_ends(),
    "uint8_ends": uint8_ends(),
    "choices": choices(),
    "parts": parts(),
}
