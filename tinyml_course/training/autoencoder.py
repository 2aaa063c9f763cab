"""A network that gives back what it was given, through a narrow middle. Lesson 14 teaches it."""

from __future__ import annotations

from typing import Any

from tinyml_course.errors import DataError
from tinyml_course.training.keras_setup import import_keras


def build_autoencoder(
    input_shape: tuple[int, ...],
    n_outputs: int,
    *,
    hidden: tuple[int, ...] = (16, 6, 16),
    seed: int = 0,
) -> Any:
    """Dense layers with ReLU, the middle one narrow, then as many outputs as inputs.

    It can only rebuild what it has seen go together. With 24 features it has 1,022 parameters.

    Args:
        input_shape: `(features,)`.
        n_outputs: must be the same number.
        hidden: neurons in each hidden layer.
        seed: of the initial weights.

    Returns:
        An uncompiled `tf_keras.Sequential`; its outputs are linear.

    Raises:
        DataError: another number of outputs.
    """
    if tuple(input_shape) != (n_outputs,):
        raise DataError(
            f"an autoencoder of input shape {tuple(input_shape)} gives back that many values, "
            f"not {n_outputs}"
        )
    keras = import_keras()
    layers = [keras.layers.Input(tuple(input_shape), name="input")]
    for number, neurons in enumerate((*hidden, n_outputs), 1):
        is_last = number > len(hidden)
        layers.append(
            keras.layers.Dense(
                neurons,
                activation=None if is_last else "relu",
                kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed + number),
                name="rebuilt" if is_last else f"hidden_{number}",
            )
        )
    return keras.Sequential(layers, name="autoencoder")
