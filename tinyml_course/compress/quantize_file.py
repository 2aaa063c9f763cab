"""From a float .tflite file to int8, whoever made the file: PyTorch's, JAX's, somebody else's.

`compress.quantize` begins with a Keras model, because TensorFlow's converter does. A file that came
by another road has no Keras model any more. Google's `ai-edge-quantizer` rewrites the file itself.
It needs neither TensorFlow nor PyTorch. Lesson 21 uses it; `tinyml quantize` is this function.
"""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np

from tinyml_course.errors import QuantizationError
from tinyml_course.extras import require
from tinyml_course.native_output import silence_native_output
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import add_signature, strip_model

FORMATS = {"int8": "static_wi8_ai8", "16x8": "static_wi8_ai16"}  # its recipes' names


def quantize_file(model: bytes, samples: np.ndarray, number_format: str = "int8") -> TfliteModel:
    """A float file with the same network in integers. Lesson 21.

    Args:
        model: a .tflite with float inputs and outputs; a file with one input.
        samples: `(n, *input_shape)` float32, from the training part: they show which values each
            tensor takes. Never from validation or test.
        number_format: "int8", or "16x8" for int8 weights and int16 values.

    Returns:
        The file with integer inputs and outputs.

    Raises:
        ExportError: no .tflite, or damaged.
        QuantizationError: a file that is not float, samples of another shape or that are not
            finite, or a file that the quantizer refuses.
        MissingExtraError: `ai-edge-quantizer` is not installed.
    """
    require("ai_edge_quantizer", "quantize_file")
    if number_format not in FORMATS:
        raise QuantizationError(
            f"no number format {number_format!r}; there are {', '.join(FORMATS)}"
        )
    model = TfliteModel.of(model)
    samples = _check(model, np.asarray(samples))
    try:
        return strip_model(TfliteModel(_quantize(model, samples, FORMATS[number_format])))
    except (ValueError, RuntimeError, KeyError, NotImplementedError) as error:
        raise QuantizationError(
            f"ai-edge-quantizer refuses this file: {_first_line(error)}"
        ) from error


def _quantize(model: TfliteModel, samples: np.ndarray, recipe_name: str) -> bytes:
    from ai_edge_quantizer import Quantizer, recipe

    talk = io.StringIO()  # bars and sizes, which belong to nobody's result
    with (
        silence_native_output(),
        warnings.catch_warnings(),
        redirect_stdout(talk),
        redirect_stderr(talk),
    ):
        # It watches every tensor on purpose, of which LiteRT warns.
        warnings.filterwarnings("ignore", message=".*experimental_preserve_all_tensors")
        model = add_signature(model)
        quantizer = Quantizer(bytes(model))
        quantizer.load_quantization_recipe(getattr(recipe, recipe_name)())
        signatures = _signatures_of(model)
        name, argument = next(iter(signatures.items()))
        data = {name: [{argument: sample[np.newaxis]} for sample in samples]}
        calibrated = quantizer.calibrate(data)
        return bytes(quantizer.quantize(calibrated).quantized_model)


def _signatures_of(model: TfliteModel) -> dict[str, str]:
    """The one signature of the file by its name, and its input's name."""
    from ai_edge_litert.interpreter import Interpreter

    signatures = Interpreter(model_content=bytes(model)).get_signature_list()
    return {name: signature["inputs"][0] for name, signature in signatures.items()}


def _check(model: TfliteModel, samples: np.ndarray) -> np.ndarray:
    if len(model.inputs) != 1:
        raise QuantizationError(
            f"the file has {len(model.inputs)} inputs, and samples for one: quantize files with "
            "one input"
        )
    (given,) = model.inputs
    if str(given.dtype) != "float32":
        raise QuantizationError(
            f"the input is {given.dtype}: the file is quantized already, or is no float model; "
            "pass the float file"
        )
    shape = tuple(given.shape)
    if samples.ndim != len(shape) + 1 or samples.shape[1:] != shape:
        raise QuantizationError(
            f"samples of shape {samples.shape} for an input of {shape}: pass "
            f"(n, {', '.join(map(str, shape))})"
        )
    if not len(samples):
        raise QuantizationError("no samples: without them no range is known; pass some tens")
    samples = samples.astype(np.float32)
    if not np.isfinite(samples).all():
        raise QuantizationError(
            "samples hold NaN or infinity, and so would every range: clean them"
        )
    if samples.min() == samples.max():
        raise QuantizationError(
            f"all samples are {samples.flat[0]:g}, and no range comes of one number: pass some "
            "that the network will see"
        )
    return samples


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
