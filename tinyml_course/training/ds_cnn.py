"""A DS-CNN: the depthwise separable convolutional network for keywords on a microcontroller."""

from __future__ import annotations

from typing import Any

from tinyml_course.errors import DataError
from tinyml_course.training.keras_setup import import_keras

# channels and stride of each depthwise separable block
BLOCKS = ((32, 1), (64, 2), (64, 1), (72, 2), (72, 1))


def build_ds_cnn(
    input_shape: tuple[int, int, int],
    n_classes: int,
    *,
    stem_channels: int = 16,
    stem_size: int = 5,
    blocks: tuple[tuple[int, int], ...] = BLOCKS,
    dropout: float = 0.1,
    seed: int = 0,
) -> Any:
    """One full convolution, then depthwise separable ones, the average over the picture, softmax.

    A full 3x3 convolution from 64 to 64 channels has 36,864 weights. Split into a 3x3 filter for
    each channel (depthwise) and a 1x1 mixture of the channels (pointwise), it has 576 + 4,096.
    With pictures of 49 x 20 this network has 19.4 k weights and takes 0.95 M MACs.
    Lesson 12 teaches it, lesson 13 counts the formula.

    Source: Zhang, Suda, Lai and Chandra, "Hello Edge: Keyword Spotting on Microcontrollers" (2017);
    strides and widths here are ours. Batch normalization has momentum 0.9, as in `build_conv1d`.

    Args:
        input_shape: `(frames, n_mels, 1)`.
        n_classes: outputs; they are softmax probabilities and sum to 1.
        stem_channels, stem_size: filters of the first convolution, and their height and width.
        blocks: channels and stride of each block.
        dropout: share of the averages that are left out in training.
        seed: of the initial weights, which depend on nothing else.

    Returns:
        An uncompiled `tf_keras.Sequential`.

    Raises:
        DataError: `input_shape` is not `(frames, n_mels, 1)`.
    """
    if len(input_shape) != 3:
        raise DataError(
            f"build_ds_cnn got input shape {tuple(input_shape)}; it reads pictures of shape "
            "(frames, n_mels, 1): add an axis"
        )
    keras = import_keras()
    layers = keras.layers
    drawn = iter(range(1000 * seed, 1000 * seed + 1000))

    def initializer() -> Any:
        return keras.initializers.HeUniform(seed=next(drawn))

    def norm_and_relu(name: str) -> list[Any]:
        return [
            layers.BatchNormalization(momentum=0.9, name=f"{name}_norm"),
            layers.ReLU(name=f"{name}_relu"),
        ]

    stack = [
        layers.Input(tuple(input_shape), name="input"),
        layers.Conv2D(
            stem_channels,
            stem_size,
            2,
            "same",
            use_bias=False,
            kernel_initializer=initializer(),
            name="stem",
        ),
        *norm_and_relu("stem"),
    ]
    for number, (channels, stride) in enumerate(blocks, 1):
        stack += [
            layers.DepthwiseConv2D(
                3,
                stride,
                "same",
                use_bias=False,
                depthwise_initializer=initializer(),
                name=f"depthwise_{number}",
            ),
            *norm_and_relu(f"depthwise_{number}"),
            layers.Conv2D(
                channels,
                1,
                use_bias=False,
                kernel_initializer=initializer(),
                name=f"pointwise_{number}",
            ),
            *norm_and_relu(f"pointwise_{number}"),
        ]
    stack += [
        layers.GlobalAveragePooling2D(name="average"),
        layers.Dropout(dropout, seed=seed, name="dropout"),
        layers.Dense(
            n_classes,
            activation="softmax",
            kernel_initializer=keras.initializers.GlorotUniform(seed=next(drawn)),
            name="scores",
        ),
    ]
    return keras.Sequential(stack, name="ds_cnn")
