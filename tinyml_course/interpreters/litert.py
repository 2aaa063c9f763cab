"""A .tflite model on this computer, with LiteRT's plain reference kernels.

LiteRT's default path (XNNPACK) is built for speed and rounds differently from a microcontroller.
The reference kernels used here agree with TFLM in all but a few int8 outputs of a thousand, which
differ in the last places; TFLM itself, in `interpreters.tflm`, is the integer truth. No TensorFlow
is imported. Lesson 04 uses it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyml_course.errors import DataError, ExportError
from tinyml_course.native_output import silence_native_output
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.tensor_spec import TensorSpec
from tinyml_course.network.tflite_file import check_mark


def run_litert_raw(model: bytes, x: np.ndarray) -> np.ndarray:
    """Raw outputs for raw inputs, element types as in the file.

    Args:
        model: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type (int8 for an int8 model).

    Returns:
        `(n, *output_shape)` of the output tensor's own type.

    Raises:
        ExportError: `model` is no model, or damaged.
        DataError: `x` has another shape or type than the model's input.
    """
    model = TfliteModel.of(model)
    x = check_raw_input(model.input, x)
    interpreter = load_interpreter(model)
    input_index = interpreter.get_input_details()[0]["index"]
    output_index = interpreter.get_output_details()[0]["index"]
    answers = np.empty((len(x), *model.output.shape), dtype=model.output.dtype)
    for index, sample in enumerate(x):
        interpreter.set_tensor(input_index, sample[None])
        interpreter.invoke()
        answers[index] = interpreter.get_tensor(output_index)[0]
    return answers


def run_litert(model: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs: quantized and dequantized by the tensors' own parameters.

    Args:
        model: a .tflite file.
        x: `(n, *input_shape)` floats, after preprocessing.

    Returns:
        `(n, *output_shape)` float32.

    Raises:
        ExportError, DataError: as `run_litert_raw`.
    """
    model = TfliteModel.of(model)
    return model.output.dequantize(run_litert_raw(model, model.input.quantize(x)))


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


def load_interpreter(model: bytes) -> Any:
    """A LiteRT interpreter with reference kernels and allocated tensors.

    Raises:
        ExportError: `model` is no model, or damaged.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    check_mark(model)
    try:
        with silence_native_output():
            interpreter = Interpreter(
                model_content=bytes(model),
                experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            )
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ExportError(
            f"LiteRT cannot load this model of {len(model)} bytes: {error}. It is damaged, or "
            "made by a newer converter: convert it again with compress.quantize"
        ) from error
    return interpreter
