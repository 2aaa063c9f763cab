"""A .tflite model on this computer, with LiteRT's plain reference kernels.

LiteRT's default path (XNNPACK) is built for speed and rounds differently from a microcontroller.
The reference kernels used here agree with TFLM in all but a few int8 outputs of a thousand, which
differ in the last places; TFLM itself, in `compress.tflm`, is the integer truth. No TensorFlow is
imported. Lesson 04 uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.errors import DataError, ExportError
from tinyml_course.native_output import silence_native_output


@dataclass(frozen=True)
class TensorSpec:
    """An input or output of a model: shape of one sample, element type, quantization.

    `scale` is 0.0 for a tensor of floats; otherwise real = scale * (q - zero_point).
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    scale: float
    zero_point: int

    @property
    def is_quantized(self) -> bool:
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
        return np.clip(rounded, limits.min, limits.max).astype(self.dtype)

    def dequantize(self, q: np.ndarray) -> np.ndarray:
        """This tensor's integers to float32 real values: scale * (q - zero_point)."""
        if not self.is_quantized:
            return np.asarray(q, dtype=np.float32)
        return np.float32(self.scale) * (np.asarray(q, dtype=np.float32) - self.zero_point)


def read_input_spec(content: bytes) -> TensorSpec:
    """The model's input tensor.

    Raises:
        ExportError: `content` is no model, or damaged.
    """
    return _spec(load_interpreter(content).get_input_details()[0])


def read_output_spec(content: bytes) -> TensorSpec:
    """The model's output tensor.

    Raises:
        ExportError: `content` is no model, or damaged.
    """
    return _spec(load_interpreter(content).get_output_details()[0])


def run_litert_raw(content: bytes, x: np.ndarray) -> np.ndarray:
    """Raw outputs for raw inputs, element types as in the file.

    Args:
        content: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type (int8 for an int8 model).

    Returns:
        `(n, *output_shape)` of the output tensor's own type.

    Raises:
        ExportError: `content` is no model, or damaged.
        DataError: `x` has another shape or type than the model's input.
    """
    interpreter = load_interpreter(content)
    inputs, outputs = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    spec = _spec(inputs)
    x = check_raw_input(spec, x)
    answers = np.empty((len(x), *outputs["shape"][1:]), dtype=outputs["dtype"])
    for index, sample in enumerate(x):
        interpreter.set_tensor(inputs["index"], sample[None])
        interpreter.invoke()
        answers[index] = interpreter.get_tensor(outputs["index"])[0]
    return answers


def run_litert(content: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs: quantized and dequantized by the tensors' own parameters.

    Args:
        content: a .tflite file.
        x: `(n, *input_shape)` floats, after preprocessing.

    Returns:
        `(n, *output_shape)` float32.
    """
    interpreter = load_interpreter(content)
    inputs = _spec(interpreter.get_input_details()[0])
    outputs = _spec(interpreter.get_output_details()[0])
    return outputs.dequantize(run_litert_raw(content, inputs.quantize(x)))


def check_raw_input(spec: TensorSpec, x: np.ndarray) -> np.ndarray:
    """`x` if it fits the input tensor.

    Raises:
        DataError: another shape or type.
    """
    x = np.asarray(x)
    if x.shape[1:] != spec.shape or x.dtype != spec.dtype:
        raise DataError(
            f"the model takes samples of shape {spec.shape} and type {spec.dtype}; got "
            f"{x.shape[1:]} and {x.dtype}: apply the preprocessing, then the input's quantize()"
        )
    return x


def load_interpreter(content: bytes) -> Any:
    """A LiteRT interpreter with reference kernels and allocated tensors.

    Raises:
        ExportError: `content` is no model, or damaged.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    content = bytes(content)
    if content[4:8] != b"TFL3":
        raise ExportError(
            f"these {len(content)} bytes are no .tflite model: bytes 4 to 7 are "
            f"{content[4:8]!r}, a model has b'TFL3' there. Is it the right file?"
        )
    try:
        with silence_native_output():
            interpreter = Interpreter(
                model_content=content,
                experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            )
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ExportError(
            f"LiteRT cannot load this model of {len(content)} bytes: {error}. It is damaged, or "
            "made by a newer converter: convert it again with compress.quantize"
        ) from error
    return interpreter


def _spec(details: dict[str, Any]) -> TensorSpec:
    scale, zero_point = details["quantization"]
    return TensorSpec(
        name=details["name"],
        shape=tuple(int(size) for size in details["shape"][1:]),
        dtype=np.dtype(details["dtype"]),
        scale=float(scale),
        zero_point=int(zero_point),
    )
