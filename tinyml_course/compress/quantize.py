"""From a Keras model to a .tflite file: one function a number format. Lesson 04 teaches them.

A quantized tensor stores integers q that stand for real = scale * (q - zero_point). Jacob et al.,
"Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference"
(2018), is the source of the arithmetic; the TFLite 8-bit quantization specification fixes ranges.

All functions end in one inner export, `_convert`: batch size 1 (a microcontroller has one sample at
a time, and a fixed shape needs no shape arithmetic in the model), silenced native output, and bytes
that are the same for the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.compress.schemes import SchemeTable, compare_schemes
from tinyml_course.errors import QuantizationError, TinyMLCourseError
from tinyml_course.native_output import silence_native_output
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import strip_model
from tinyml_course.training import import_keras

__all__ = [
    "RepresentativeDataset",
    "SchemeTable",
    "compare_schemes",
    "convert_dynamic_range",
    "convert_fp16",
    "convert_fp32",
    "convert_int8",
    "convert_int16x8",
    "representative_dataset",
]

Samples = Callable[[], Iterator[list[np.ndarray]]]


@dataclass(frozen=True)
class RepresentativeDataset:
    """Samples that show the converter which values each tensor takes; it calls this value."""

    x: np.ndarray

    def __call__(self) -> Iterator[list[np.ndarray]]:
        """One sample after the other, `[(1, *shape)]` each, as the converter asks for them."""
        for sample in self.x:
            yield [sample[None]]

    def __len__(self) -> int:
        return len(self.x)


def representative_dataset(
    x_train: np.ndarray, *, samples: int = 200, seed: int = 0
) -> RepresentativeDataset:
    """A random draw from the training part, for calibration.

    Never draw it from validation or test: the ranges found here become part of the model.

    Args:
        x_train: `(n, *input_shape)`, as the model sees it, after preprocessing.
        samples: how many to draw; all of them if there are fewer.
        seed: of the draw.

    Raises:
        QuantizationError: no samples, or a value that is not finite.

    >>> len(representative_dataset(np.zeros((500, 8)), samples=100))
    100
    """
    x_train = np.asarray(x_train, dtype=np.float32)
    if not len(x_train):
        raise QuantizationError(
            "the representative data set is empty: without samples the converter cannot know any "
            "range; pass the training part"
        )
    if not np.isfinite(x_train).all():
        raise QuantizationError(
            "the representative data set holds NaN or infinity, and so would every range: clean "
            "the training part first"
        )
    index = np.random.default_rng(seed).permutation(len(x_train))[:samples]
    return RepresentativeDataset(x_train[np.sort(index)])


def convert_fp32(model: Any) -> TfliteModel:
    """32-bit floats throughout: the model as trained. TFLM runs it, four times as large as int8."""
    return _convert(model, lambda converter, tf: None)


def convert_fp16(model: Any) -> TfliteModel:
    """Weights stored as 16-bit floats, computing in 32 bits. For phones: TFLM refuses the file."""

    def settings(converter: Any, tf: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]

    return _convert(model, settings)


def convert_dynamic_range(model: Any) -> TfliteModel:
    """Weights stored as int8, activations as floats: a hybrid. TFLM refuses the file.

    The converter leaves tensors of fewer than 1024 elements in float, so a very small model comes
    out as plain fp32, and then TFLM does take it.
    """

    def settings(converter: Any, tf: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]

    return _convert(model, settings)


def convert_int8(
    model: Any, representative_dataset: Samples, *, per_channel_dense: bool = False
) -> TfliteModel:
    """Full integer quantization: int8 weights and activations, int32 biases, int8 in and out.

    Args:
        model: a trained `tf_keras` model, or one that `train_qat` returned.
        representative_dataset: as `representative_dataset` makes it.
        per_channel_dense: one scale for each neuron of a dense layer instead of one for the layer.
            A little more accurate, and today's converter does it by default, but the TFLM
            libraries that Arduino users have (2023) ignore the further scales: their answers are
            wrong, without an error. Convolutions are always per channel, and those libraries do
            handle that.

    Raises:
        QuantizationError: the converter cannot do it, or the samples do not fit the model.
    """

    def settings(converter: Any, tf: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = _check_samples(model, representative_dataset)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        converter._experimental_disable_per_channel_quantization_for_dense_layers = (
            not per_channel_dense
        )

    return _convert(model, settings)


def convert_int16x8(model: Any, representative_dataset: Samples) -> TfliteModel:
    """int8 weights, int16 activations, int16 in and out: finer steps where int8 loses too much."""

    def settings(converter: Any, tf: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = _check_samples(model, representative_dataset)
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        ]
        converter.inference_input_type = tf.int16
        converter.inference_output_type = tf.int16
        converter._experimental_disable_per_channel_quantization_for_dense_layers = True

    return _convert(model, settings)


def _check_samples(model: Any, samples: Samples) -> Samples:
    """The same samples; the converter itself would silently resize the model to a wrong shape."""
    expected = (1, *model.input_shape[1:])

    def checked() -> Iterator[list[np.ndarray]]:
        for arrays in samples():
            shape = np.shape(arrays[0])
            if shape != expected:
                raise QuantizationError(
                    f"the representative data set yields samples of shape {shape}; model "
                    f"{model.name!r} takes {expected}: pass the training part after preprocessing"
                )
            yield arrays

    return checked


def _convert(model: Any, settings: Callable[[Any, Any], None]) -> TfliteModel:
    """The one place where the course calls TensorFlow's converter."""
    import_keras()
    import tensorflow as tf

    with silence_native_output() as printed:
        try:
            shape = (1, *model.input_shape[1:])
            signature = tf.TensorSpec(shape, tf.float32, name="input")
            run = tf.function(lambda x: model(x, training=False))
            # The converter saves what it is given and loads it again. The model itself would take
            # three quarters of the time: all its layers' functions. Its variables are enough.
            weights = tf.Module()
            weights.kept = model.variables
            converter = tf.lite.TFLiteConverter.from_concrete_functions(
                [run.get_concrete_function(signature)], weights
            )
            settings(converter, tf)
            content = converter.convert()
        except TinyMLCourseError:
            raise
        # The converter raises whatever the layer below it raised, so there is no narrower list.
        except Exception as error:
            reason = str(error).strip() or printed().strip() or type(error).__name__
            raise QuantizationError(
                f"the converter cannot turn model {getattr(model, 'name', model)!r} into a .tflite "
                f"file: {_last_line(reason)}. Check that every layer exists in TensorFlow Lite"
            ) from error
    return strip_model(content)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if lines else text)[:300]
