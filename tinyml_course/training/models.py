"""The two small networks that the first lessons train: dense on features, Conv1D on windows."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tinyml_course.errors import DataError
from tinyml_course.training.keras_setup import import_keras


def build_dense(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    hidden: tuple[int, ...] = (32, 16),
    seed: int = 0,
) -> Any:
    """A dense network on hand-made features: 32 and 16 neurons with ReLU, then softmax.

    With 8 features and 3 classes it has 867 parameters. Lesson 03 teaches it.

    Args:
        input_shape: shape of one sample, for instance `(8,)`; more axes are flattened.
        n_classes: outputs; they are softmax probabilities and sum to 1.
        hidden: neurons in each hidden layer.
        seed: of the initial weights, which depend on nothing else.

    Returns:
        An uncompiled `tf_keras.Sequential`.
    """
    keras = import_keras()
    layers = _hidden_layers(keras, input_shape, hidden, seed)
    layers.append(_softmax_layer(keras, n_classes, seed))
    return keras.Sequential(layers, name="dense")


def build_regressor(
    input_shape: tuple[int, ...],
    n_targets: int,
    *,
    hidden: tuple[int, ...] = (32, 16),
    seed: int = 0,
) -> Any:
    """A dense network that answers with values: as `build_dense`, but its end is linear.

    With 36 features and 4 targets it has 1,780 parameters. Lesson 16 teaches it.

    Args:
        input_shape, hidden, seed: as `build_dense`.
        n_targets: outputs, any real numbers.

    Returns:
        An uncompiled `tf_keras.Sequential`.
    """
    keras = import_keras()
    layers = _hidden_layers(keras, input_shape, hidden, seed)
    layers.append(
        keras.layers.Dense(
            n_targets,
            kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed),
            name="values",
        )
    )
    return keras.Sequential(layers, name="regressor")


def _hidden_layers(
    keras: Any, input_shape: tuple[int, ...], hidden: tuple[int, ...], seed: int
) -> list[Any]:
    """The input, flattened if need be, and dense layers with ReLU."""
    layers = [keras.layers.Input(tuple(input_shape), name="input")]
    if len(input_shape) > 1:
        layers.append(keras.layers.Flatten(name="flatten"))
    for number, neurons in enumerate(hidden, 1):
        layers.append(
            keras.layers.Dense(
                neurons,
                activation="relu",
                kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed + number),
                name=f"hidden_{number}",
            )
        )
    return layers


def build_conv1d(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    filters: tuple[int, ...] = (8, 16, 16),
    kernel_sizes: tuple[int, ...] = (7, 5, 5),
    flatten: bool = False,
    dropout: float = 0.0,
    seed: int = 0,
) -> Any:
    """A convolutional network on raw windows: three Conv1D of stride 2, average, softmax.

    With windows of 100 x 4 and 3 classes it has 2.3 k parameters. The global average makes it
    indifferent to where in the window something happens, and so to the order in which things
    happen; with `flatten` the last layer sees every place of the last map. Lessons 03, 11 and 17.

    Each convolution is followed by batch normalization with momentum 0.9. The default of 0.99
    needs thousands of steps to settle; trained for a few hundred, such a network is excellent in
    training and useless in use. The converter folds the normalization into the filters.

    Args:
        input_shape: `(window, channels)`.
        n_classes: outputs; they are softmax probabilities and sum to 1.
        filters, kernel_sizes: one entry a convolution.
        flatten: hand every place of the last map to the last layer, and not their average.
        dropout: share of the values before the last layer that are left out in training.
        seed: of the initial weights, which depend on nothing else.

    Returns:
        An uncompiled `tf_keras.Sequential`.

    Raises:
        DataError: `input_shape` is not `(window, channels)`.
    """
    if len(input_shape) != 2:
        raise DataError(
            f"build_conv1d got input shape {tuple(input_shape)}; it reads windows of shape "
            "(window, channels): use build_dense for a vector of features"
        )
    keras = import_keras()
    layers = [keras.layers.Input(tuple(input_shape), name="input")]
    for number, (count, size) in enumerate(zip(filters, kernel_sizes, strict=True), 1):
        initializer = keras.initializers.GlorotUniform(seed=1000 * seed + number)
        layers += [
            keras.layers.Conv1D(
                count,
                size,
                strides=2,
                padding="same",
                use_bias=False,
                kernel_initializer=initializer,
                name=f"conv_{number}",
            ),
            keras.layers.BatchNormalization(momentum=0.9, name=f"norm_{number}"),
            keras.layers.ReLU(name=f"relu_{number}"),
        ]
    if flatten:
        layers.append(keras.layers.Flatten(name="flatten"))
    else:
        layers.append(keras.layers.GlobalAveragePooling1D(name="average"))
    if dropout > 0:
        layers.append(keras.layers.Dropout(dropout, seed=1000 * seed + 999, name="dropout"))
    layers.append(_softmax_layer(keras, n_classes, seed))
    return keras.Sequential(layers, name="conv1d")


def _softmax_layer(keras: Any, n_classes: int, seed: int) -> Any:
    return keras.layers.Dense(
        n_classes,
        activation="softmax",
        kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed),
        name="scores",
    )


def copy_model(model: Any) -> Any:
    """A model of the same layers and weights, so that the original stays as it is."""
    copy = import_keras().models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def count_macs(model: Any) -> int:
    """Multiply-accumulates (MACs) in one answer of `model`: weights times how often each works.

    A dense layer uses every weight once; a convolution uses its filters again at each position of
    its output. Biases, activations and averages are not counted, nor is a batch normalization that
    the converter folds into the filters. Lessons 03 and 13 count the same by hand.

    Args:
        model: of `Dense`, `Conv1D`, `Conv2D` and `DepthwiseConv2D` layers, and others that
            multiply nothing.

    Raises:
        DataError: a layer that has weights and is none of these.

    >>> count_macs(build_dense((8,), 3))  # 8 * 32 + 32 * 16 + 16 * 3
    816
    """
    return sum(list_macs(model).values())


def list_macs(model: Any) -> dict[str, int]:
    """`count_macs` layer by layer: from the name of each layer that multiplies to its MACs.

    >>> list_macs(build_dense((8,), 3))
    {'hidden_1': 256, 'hidden_2': 512, 'scores': 48}
    """
    macs = {}
    for layer in model.layers:
        kind = type(layer).__name__
        if kind in ("Dense", "Conv1D", "Conv2D"):
            kernel = layer.kernel
        elif kind == "DepthwiseConv2D":
            kernel = layer.depthwise_kernel
        elif kind == "BatchNormalization" or not layer.weights:
            continue
        else:
            raise DataError(
                f"layer {layer.name!r} is a {kind}, which count_macs does not know: it counts "
                "Dense, Conv1D, Conv2D and DepthwiseConv2D"
            )
        macs[layer.name] = math.prod(kernel.shape) * math.prod(layer.output_shape[1:-1])
    return macs


def save_keras(model: Any, path: Path | str) -> Path:
    """Write `model` to `path` (ending in `.keras`), complete or not at all; return the path."""
    path = Path(path)
    import_keras()
    beside = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        model.save(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def load_keras(path: Path | str) -> Any:
    """The model that `save_keras` wrote.

    Raises:
        DataError: no such file, or not a Keras model.
    """
    path = Path(path)
    keras = import_keras()
    if not path.is_file():
        raise DataError(f"{path}: no such model file; train it first, or give another path")
    try:
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path} is not a Keras model ({error}); train it again") from error
