"""Three networks for small pictures: plain, depthwise separable, inverted residual.

All three read `(rows, columns)`, give the picture its channel inside, normalize every convolution
with momentum 0.9 (as `build_conv1d`, and for its reason), and end in the average over the picture
and a softmax. They differ in how a 3x3 convolution over many channels is made. Lesson 13.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tinyml_course.errors import DataError
from tinyml_course.training.keras_setup import import_keras


def build_cnn(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    stem: tuple[int, int] = (16, 1),
    blocks: Sequence[tuple[int, int]] = ((24, 2), (32, 1), (48, 2)),
    dropout: float = 0.1,
    flatten: bool = False,
    seed: int = 0,
) -> Any:
    """Plain 3x3 convolutions: each output channel looks at all input channels.

    Args:
        input_shape: `(rows, columns)`.
        n_classes: outputs; they are softmax probabilities and sum to 1.
        stem: channels and stride of the first convolution.
        blocks: channels and stride of each further one.
        dropout: share of the values before the last layer that are left out in training.
        flatten: hand every place of the last map to the last layer, and not their average.
        seed: of the initial weights, which depend on nothing else.

    Returns:
        An uncompiled `tf_keras.Model`.

    Raises:
        DataError: `input_shape` is not `(rows, columns)`.
    """
    net = _Net(input_shape, seed)
    for number, (channels, stride) in enumerate((stem, *blocks)):
        net.convolve(f"conv_{number}" if number else "stem", channels, 3, stride)
    return net.finish("cnn", n_classes, dropout, flatten)


def build_separable(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    stem: tuple[int, int] = (16, 1),
    blocks: Sequence[tuple[int, int]] = ((24, 2), (32, 1), (48, 2)),
    dropout: float = 0.1,
    flatten: bool = False,
    seed: int = 0,
) -> Any:
    """MobileNet's way: a 3x3 filter for each channel (depthwise), then a 1x1 mixture (pointwise).

    Source: Howard et al., "MobileNets" (2017); widths and strides here are ours.

    Args:
        stem: channels and stride of the first convolution, a plain one: it has one channel to see.
        blocks: channels and stride of each pair of depthwise and pointwise convolution.
        input_shape, n_classes, dropout, flatten, seed: as in `build_cnn`.

    Raises:
        DataError: `input_shape` is not `(rows, columns)`.
    """
    net = _Net(input_shape, seed)
    net.convolve("stem", stem[0], 3, stem[1])
    for number, (channels, stride) in enumerate(blocks, 1):
        net.convolve_depthwise(f"depthwise_{number}", stride)
        net.convolve(f"pointwise_{number}", channels, 1)
    return net.finish("separable", n_classes, dropout, flatten)


def build_inverted_residual(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    stem: tuple[int, int] = (12, 1),
    blocks: Sequence[tuple[int, int]] = ((12, 1), (20, 2), (20, 1), (32, 2)),
    expansion: int = 3,
    dropout: float = 0.1,
    flatten: bool = False,
    seed: int = 0,
) -> Any:
    """MobileNetV2's way: few channels between the blocks, many inside, and a bridge across.

    A block widens its input with a 1x1 convolution, filters each channel, and narrows again, this
    time without ReLU. Where shape in and shape out are equal, the input is added to the result: the
    operator ADD on the board.

    Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018); widths
    and strides here are ours.

    Args:
        stem: channels and stride of the first convolution.
        blocks: channels out and stride of each block.
        expansion: how many times wider a block is inside.
        input_shape, n_classes, dropout, flatten, seed: as in `build_cnn`.

    Raises:
        DataError: `input_shape` is not `(rows, columns)`.
    """
    net = _Net(input_shape, seed)
    net.convolve("stem", stem[0], 3, stem[1])
    for number, (channels, stride) in enumerate(blocks, 1):
        before = net.x
        net.convolve(f"widen_{number}", expansion * net.channels, 1)
        net.convolve_depthwise(f"depthwise_{number}", stride)
        net.convolve(f"narrow_{number}", channels, 1, relu=False)
        if tuple(before.shape) == tuple(net.x.shape):
            net.x = net.layers.Add(name=f"add_{number}")([before, net.x])
    return net.finish("inverted_residual", n_classes, dropout, flatten)


class _Net:
    """A network under construction: `x` is what the next layer gets."""

    def __init__(self, input_shape: tuple[int, ...], seed: int) -> None:
        if len(input_shape) != 2:
            raise DataError(
                f"a picture network got input shape {tuple(input_shape)}; it reads pictures of "
                "shape (rows, columns): use build_dense for a vector of features"
            )
        keras = import_keras()
        self.layers = keras.layers
        self._keras = keras
        self._seeds: Iterator[int] = iter(range(1000 * seed, 1000 * (seed + 1)))
        self.input = self.layers.Input(tuple(input_shape), name="input")
        self.x = self.layers.Reshape((*input_shape, 1), name="as_picture")(self.input)

    @property
    def channels(self) -> int:
        return self.x.shape[-1]

    def convolve(
        self, name: str, channels: int, size: int, stride: int = 1, relu: bool = True
    ) -> None:
        layer = self.layers.Conv2D(
            channels,
            size,
            stride,
            "same",
            use_bias=False,
            kernel_initializer=self._keras.initializers.HeUniform(seed=next(self._seeds)),
            name=name,
        )
        self._normalize(layer, relu)

    def convolve_depthwise(self, name: str, stride: int) -> None:
        layer = self.layers.DepthwiseConv2D(
            3,
            stride,
            "same",
            use_bias=False,
            depthwise_initializer=self._keras.initializers.HeUniform(seed=next(self._seeds)),
            name=name,
        )
        self._normalize(layer, relu=True)

    def _normalize(self, layer: Any, relu: bool) -> None:
        """`layer`, then a normalization that the converter folds into it, then ReLU."""
        self.x = layer(self.x)
        self.x = self.layers.BatchNormalization(momentum=0.9, name=f"{layer.name}_norm")(self.x)
        if relu:
            self.x = self.layers.ReLU(name=f"{layer.name}_relu")(self.x)

    def finish(self, name: str, n_classes: int, dropout: float, flatten: bool) -> Any:
        keras, layers = self._keras, self.layers
        average = layers.GlobalAveragePooling2D(name="average")
        x = (layers.Flatten(name="flatten") if flatten else average)(self.x)
        x = layers.Dropout(dropout, seed=next(self._seeds), name="dropout")(x)
        scores = layers.Dense(
            n_classes,
            activation="softmax",
            kernel_initializer=keras.initializers.GlorotUniform(seed=next(self._seeds)),
            name="scores",
        )
        return keras.Model(self.input, scores(x), name=name)
