"""Quantization-aware training: the network feels the rounding while it learns. Lesson 06.

Jacob et al. (2018), section 3: in the forward pass weights and activations are rounded as the
integers will be, and gradients pass as if they were not. It helps where rounding after training
costs accuracy; with 8 bits and a small network, that is seldom. `weight_bits` makes such a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.errors import QuantizationError
from tinyml_course.table import Table
from tinyml_course.training import (
    accuracy,
    copy_model,
    fit_model,
    import_keras,
    import_toolkit,
    predict_scores,
)


def train_qat(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    learning_rate: float = 5e-4,
    seed: int = 0,
    log_every: int = 0,
    weight_bits: int = 8,
    fit_options: Mapping[str, Any] | None = None,
) -> Any:
    """Go on training a trained model with rounding in the loop.

    `convert_int8` turns the result into a .tflite file. Its dense layers are per tensor, its
    convolutions per channel, as without QAT. The toolkit knows no Conv1D, so such a model is first
    rebuilt with Conv2D of height 1, which is what the converter makes of it anyway.

    Args:
        model: a trained `tf_keras` model; it stays as it is.
        weight_bits: 8 for a model to convert. Fewer only for dense models, to see where QAT pays:
            score the result with `predict_scores`, and compare with `round_weights`.
        fit_options: what `training.fit_model` needs besides, for a model that does not classify.

    Returns:
        A quantization-aware `tf_keras` model.

    Raises:
        QuantizationError: a layer that the toolkit cannot make quantization-aware.
    """
    tfmot = import_toolkit()
    try:
        if weight_bits == 8:
            aware = tfmot.quantization.keras.quantize_model(as_conv2d(model))
        else:
            aware = _quantize_with_few_bits(tfmot, model, weight_bits)
    except (RuntimeError, ValueError) as error:
        raise QuantizationError(
            f"model {model.name!r} cannot be made quantization-aware: {error}. Quantize it after "
            "training with convert_int8, or build it from Dense, Conv1D, Conv2D, batch "
            "normalization, ReLU and pooling"
        ) from error
    fit_model(
        aware,
        x_train,
        y_train,
        x_val,
        y_val,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        log_every=log_every,
        **(fit_options or {}),
    )
    return aware


@dataclass(frozen=True)
class QatRow:
    """Accuracies at one number of weight bits: rounded, trained on and rounded, QAT."""

    bits: int
    rounded: float
    trained_on: float
    qat: float


@dataclass(frozen=True)
class QatComparison:
    """QAT beside its controls, from many bits to few."""

    rows: tuple[QatRow, ...]
    epochs: int
    samples: int

    def __iter__(self) -> Iterator[QatRow]:
        return iter(self.rows)

    def table(self) -> Table:
        """The same as text cells."""
        more = f"{self.epochs} more epochs"
        return Table(
            ("weight bits", "rounded", f"{more}, rounded", f"{more} of QAT"),
            tuple(
                (str(row.bits), f"{row.rounded:.3f}", f"{row.trained_on:.3f}", f"{row.qat:.3f}")
                for row in self.rows
            ),
            f"accuracy on {self.samples} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def compare_qat(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    bits: Sequence[int] = (8, 4, 3, 2),
    epochs: int = 5,
    **options: Any,
) -> QatComparison:
    """Where QAT pays: a dense model with ever fewer weight bits, and the two controls.

    The first control rounds the trained weights and does nothing else. The second spends the
    epochs of QAT on plain training before it rounds, because more training alone may explain a
    gain. In both, activations stay floats; in QAT they are rounded to 8 bits.

    Args:
        model: a trained dense model; it stays as it is.
        bits: numbers of bits for the weights.
        epochs: of QAT, and of the second control.
        options: `batch_size`, `learning_rate`, `seed`, as `train_qat` takes them.
    """
    data = (x_train, y_train, x_val, y_val)

    def score(candidate: Any) -> float:
        return accuracy(predict_scores(candidate, x_val), y_val)

    fit_options = {"batch_size": 64, "learning_rate": 5e-4, "seed": 0, **options}
    trained_on = copy_model(model)
    fit_model(trained_on, *data, epochs=epochs, log_every=0, **fit_options)
    rows = tuple(
        QatRow(
            bits=count,
            rounded=score(round_weights(model, count)),
            trained_on=score(round_weights(trained_on, count)),
            qat=score(train_qat(model, *data, epochs=epochs, weight_bits=count, **fit_options)),
        )
        for count in bits
    )
    return QatComparison(rows, epochs, len(x_val))


def round_weights(model: Any, bits: int) -> Any:
    """A copy whose weight matrices are rounded to `bits` bits after training; biases stay.

    Symmetric and per tensor: the integers run from -(2**(bits-1) - 1) to 2**(bits-1) - 1, and the
    largest weight of a layer takes the largest of them.
    """
    if not 2 <= bits <= 16:
        raise QuantizationError(f"weights cannot be rounded to {bits} bits: take 2 to 16")
    rounded = copy_model(model)
    largest_q = 2 ** (bits - 1) - 1
    weights = []
    for array in rounded.get_weights():
        if array.ndim > 1:
            scale = np.abs(array).max() / largest_q or 1.0
            array = np.round(array / scale) * scale
        weights.append(array)
    rounded.set_weights(weights)
    return rounded


def as_conv2d(model: Any) -> Any:
    """The same network with each Conv1D written as a Conv2D of height 1; others pass unchanged.

    A window `(window, channels)` becomes an image `(1, window, channels)` inside the model, so
    inputs and outputs keep their shapes, and so do the numbers.
    """
    keras = import_keras()
    kinds = keras.layers
    if not any(isinstance(layer, kinds.Conv1D) for layer in model.layers):
        return copy_model(model)
    shape = tuple(model.input_shape[1:])
    layers = [kinds.Input(shape, name="input"), kinds.Reshape((1, *shape), name="as_image")]
    for layer in model.layers:
        if isinstance(layer, kinds.Conv1D):
            layers.append(
                kinds.Conv2D(
                    layer.filters,
                    (1, *layer.kernel_size),
                    strides=(1, *layer.strides),
                    padding=layer.padding,
                    activation=layer.activation,
                    use_bias=layer.use_bias,
                    name=layer.name,
                )
            )
        elif isinstance(layer, kinds.GlobalAveragePooling1D):
            layers.append(kinds.GlobalAveragePooling2D(name=layer.name))
        elif isinstance(layer, kinds.BatchNormalization):
            layers.append(type(layer).from_config({**layer.get_config(), "axis": -1}))
        elif isinstance(
            layer, kinds.Dense | kinds.ReLU | kinds.Activation | kinds.Flatten | kinds.Dropout
        ):
            layers.append(type(layer).from_config(layer.get_config()))
        else:
            raise QuantizationError(
                f"layer {layer.name!r} is a {type(layer).__name__}, which has no known form for "
                "images of height 1: quantize after training with convert_int8 instead"
            )
    twin = keras.Sequential(layers, name=model.name)
    shapes = [array.shape for array in twin.get_weights()]
    weights = [w.reshape(shape) for w, shape in zip(model.get_weights(), shapes, strict=True)]
    twin.set_weights(weights)
    return twin


def _quantize_with_few_bits(tfmot: Any, model: Any, bits: int) -> Any:
    """`model` with dense weights rounded to `bits` bits in training, activations to 8."""
    keras = import_keras()
    quantizers = tfmot.quantization.keras.quantizers

    class FewBitWeights(tfmot.quantization.keras.QuantizeConfig):
        def get_weights_and_quantizers(self, layer: Any) -> list[tuple[Any, Any]]:
            quantizer = quantizers.LastValueQuantizer(
                num_bits=bits, per_axis=False, symmetric=True, narrow_range=True
            )
            return [(layer.kernel, quantizer)]

        def get_activations_and_quantizers(self, layer: Any) -> list[tuple[Any, Any]]:
            quantizer = quantizers.MovingAverageQuantizer(
                num_bits=8, per_axis=False, symmetric=False, narrow_range=False
            )
            return [(layer.activation, quantizer)]

        def set_quantize_weights(self, layer: Any, quantize_weights: list[Any]) -> None:
            layer.kernel = quantize_weights[0]

        def set_quantize_activations(self, layer: Any, quantize_activations: list[Any]) -> None:
            layer.activation = quantize_activations[0]

        def get_output_quantizers(self, layer: Any) -> list[Any]:
            return []

        def get_config(self) -> dict[str, Any]:
            return {}

    def annotate(layer: Any) -> Any:
        if not isinstance(layer, keras.layers.Dense | keras.layers.Flatten):
            raise QuantizationError(
                f"layer {layer.name!r} is a {type(layer).__name__}; training with fewer than 8 "
                "bits is made for dense models only: use weight_bits=8"
            )
        if isinstance(layer, keras.layers.Flatten):
            return layer
        return tfmot.quantization.keras.quantize_annotate_layer(layer, FewBitWeights())

    annotated = keras.models.clone_model(copy_model(model), clone_function=annotate)
    with tfmot.quantization.keras.quantize_scope({"FewBitWeights": FewBitWeights}):
        return tfmot.quantization.keras.quantize_apply(annotated)
