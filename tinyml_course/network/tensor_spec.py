"""What goes into a model and what comes out: shape, type, and the way between reals and integers.

    real = scale * (q - zero_point)

Lesson 04 computes scale and zero point by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.network.ir import NUMPY_TYPES, Tensor


@dataclass(frozen=True)
class TensorSpec:
    """An input or output of a model: shape of one sample, element type, quantization.

    `scale` is 0.0 for a tensor of floats; otherwise real = scale * (q - zero_point).
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    scale: float
    zero_point: int

    @classmethod
    def of(cls, tensor: Tensor) -> TensorSpec:
        """The spec of an input or output; its first axis is the batch.

        Raises:
            UnsupportedOperatorError: a type that NumPy does not have.
        """
        if tensor.dtype not in NUMPY_TYPES:
            raise UnsupportedOperatorError(
                f"the model's input or output {tensor.name!r} is {tensor.dtype}: the course can "
                "neither fill nor read it. Convert with int8 or float32 at both ends"
            )
        quantization = tensor.quantization
        if quantization is None or quantization.is_per_channel:
            scale, zero_point = 0.0, 0
        else:
            scale, zero_point = float(quantization.scale), quantization.zero_point
        return cls(tensor.name, tensor.shape[1:], np.dtype(tensor.dtype), scale, zero_point)

    @property
    def is_quantized(self) -> bool:
        """Whether its integers stand for real values."""
        return self.scale != 0.0

    def quantize(self, x: np.ndarray) -> np.ndarray:
        """Real values to this tensor's integers: round half away from zero, then clamp.

        That is `lround(x / scale) + zero_point`, as the C on the board does it. A tensor of floats
        takes the values as they are.

        >>> spec = TensorSpec("input", (1,), np.dtype(np.int8), 0.5, -1)
        >>> spec.quantize(np.array([0.25, 1.0, 1000.0, -1000.0]))
        array([   0,    1,  127, -128], dtype=int8)
        """
        if not self.is_quantized:
            return np.asarray(x, dtype=self.dtype)
        steps = np.asarray(x, dtype=np.float32) / np.float32(self.scale)
        rounded = np.trunc(steps + np.copysign(np.float32(0.5), steps)) + self.zero_point
        limits = np.iinfo(self.dtype)
        clamped: np.ndarray = np.clip(rounded, limits.min, limits.max)
        return clamped.astype(self.dtype)

    def dequantize(self, q: np.ndarray) -> np.ndarray:
        """This tensor's integers to float32 real values: scale * (q - zero_point)."""
        if not self.is_quantized:
            return np.asarray(q, dtype=np.float32)
        return np.float32(self.scale) * (np.asarray(q, dtype=np.float32) - self.zero_point)
