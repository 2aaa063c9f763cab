"""The last layer of a classifier in whole numbers with a fixed point, ready to learn. Lesson 18.

A network's last dense layer takes the int8 activations of the layer before it, the features. Its
int8 weights are too coarse to learn: a step of SGD is smaller than their grid. So the head keeps
them in 32 bits, `fraction_bits` of them behind the point. Products are summed in 64 bits, so the
order does not matter, and nothing is rounded that C could round otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tinyml_course.errors import DataError, UnsupportedOperatorError
from tinyml_course.network.model import TfliteModel

FEATURE_BITS = 7  # a feature of 128 steps above its zero point counts as 1
FRACTION_BITS = 20
LEAST_BITS, MOST_BITS = 8, 24  # so that a slope and its rounding fit into 32 bits
MOST_FEATURES = 4096
MOST_CLASSES = 255
INT32 = np.iinfo(np.int32)


@dataclass(frozen=True)
class Head:
    """A last layer, as it begins.

    Attributes:
        weights: `(classes, features)` int32 with `fraction_bits` behind the point: what a feature
            of 128 steps adds to a class's logit.
        bias: `(classes,)` int32 with as many.
        zero_point: of the int8 features.
        fraction_bits: 8 to 24.

    Raises:
        DataError: another type or shape.

    >>> head = Head.from_real(np.array([[1.0], [-1.0]]), np.zeros(2), scale=1 / 128)
    >>> head.weights.ravel().tolist(), head.fraction_bits
    ([1048576, -1048576], 20)
    """

    weights: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    zero_point: int
    fraction_bits: int = FRACTION_BITS

    def __post_init__(self) -> None:
        weights, bias = self.weights, self.bias
        if weights.ndim != 2 or bias.shape != weights.shape[:1] or not weights.size:
            raise DataError(f"a head of weights {weights.shape} and bias {bias.shape} cannot be")
        if weights.dtype != np.int32 or bias.dtype != np.int32:
            raise DataError(f"a head's weights are int32, these are {weights.dtype}, {bias.dtype}")
        if not 2 <= self.classes <= MOST_CLASSES or self.features > MOST_FEATURES:
            raise DataError(
                f"a head of {self.classes} classes and {self.features} features: 2 to "
                f"{MOST_CLASSES} and up to {MOST_FEATURES} are possible"
            )
        if not -128 <= self.zero_point <= 127:
            raise DataError(f"a zero point of {self.zero_point} is no int8")
        if not LEAST_BITS <= self.fraction_bits <= MOST_BITS:
            raise DataError(
                f"{self.fraction_bits} fraction bits: {LEAST_BITS} to {MOST_BITS} are possible"
            )

    @property
    def classes(self) -> int:
        """How many answers there are."""
        return int(self.weights.shape[0])

    @property
    def features(self) -> int:
        """How many numbers it looks at."""
        return int(self.weights.shape[1])

    @classmethod
    def from_real(
        cls,
        weights: np.ndarray,
        bias: np.ndarray,
        scale: float,
        zero_point: int = -128,
        fraction_bits: int = FRACTION_BITS,
    ) -> Head:
        """A head from real numbers.

        Args:
            weights: `(classes, features)`, what a feature of the real value 1 adds to a logit.
            bias: `(classes,)`.
            scale: what one step of an int8 feature is worth.

        Raises:
            DataError: weights that 32 bits do not hold, or as the class itself.
        """
        one = float(1 << fraction_bits)
        scaled = np.asarray(weights, np.float64) * scale * (1 << FEATURE_BITS) * one
        return cls(
            _to_int32(scaled),
            _to_int32(np.asarray(bias, np.float64) * one),
            zero_point,
            fraction_bits,
        )

    @classmethod
    def from_model(cls, content: bytes, fraction_bits: int = FRACTION_BITS) -> Head:
        """The last dense layer of an int8 classifier, a softmax behind it or none.

        Raises:
            UnsupportedOperatorError: it does not end so, or the layer is not int8.
            ExportError: no model, or damaged.
        """
        network = TfliteModel.of(content).network
        operators = list(network.operators)
        if operators and operators[-1].kind == "SOFTMAX":
            operators.pop()
        if not operators or operators[-1].kind != "FULLY_CONNECTED":
            found = operators[-1].kind if operators else "nothing"
            raise UnsupportedOperatorError(
                f"a head is a last FULLY_CONNECTED with or without a SOFTMAX; this model ends in "
                f"{found}"
            )
        layer = operators[-1]
        features, filter_, *rest = (network.tensors[i] for i in layer.inputs if i is not None)
        if features.dtype != "int8" or filter_.dtype != "int8" or filter_.data is None:
            raise UnsupportedOperatorError(
                f"a head learns from int8 features with int8 weights; this layer has "
                f"{features.dtype} and {filter_.dtype}"
            )
        steps = np.asarray(filter_.scales, np.float64).reshape(-1, 1)
        weights = filter_.data.astype(np.float64) * steps
        bias = np.zeros(len(weights))
        if rest and rest[0].data is not None:
            bias = rest[0].data.astype(np.float64) * (steps.ravel() * float(features.scale))
        return cls.from_real(
            weights, bias, float(features.scale), features.zero_point, fraction_bits
        )


def _to_int32(values: np.ndarray) -> np.ndarray:
    rounded = np.rint(values)
    if not np.isfinite(rounded).all() or np.abs(rounded).max(initial=0) > INT32.max:
        raise DataError(
            "weights so large that 32 bits do not hold them: take fewer fraction_bits, or train "
            "with smaller weights"
        )
    return rounded.astype(np.int32)
