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


SMALL_GRAPHS = {"uint8_ends": uint8_ends(), "choices": choices()}
