"""Networks with random weights that tests and benchmarks share, and a cache of their .tflite files.

The first four have the shapes of MLPerf Tiny's closed division (Banbury et al., 2021,
arXiv:2106.07597), so that their instruction counts can be compared with published ones. Weights
come from a seeded NumPy generator: arithmetic and cost do not depend on what a network has learnt.

    from tests.networks import tflite_model
    model = tflite_model("ds_cnn")                   # int8; also "int16x8" and "float32"

    python -m tests.networks ds_cnn resnet8          # prints path and size of each int8 file
    python -m tests.networks --keep                  # makes all int8 files anew, to be committed

The int8 files are kept in `tests/golden/networks`; the others are made once and stay in
`out/networks`. TensorFlow is imported only for what is missing in both. The key is the source of
the builder, so an edited network is made anew; `python -m tests.networks --keep` keeps it.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tinyml_course.network.model import TfliteModel

CACHE = Path(__file__).parents[1] / "out" / "networks"
KEPT = Path(__file__).parent / "golden" / "networks"
KINDS = ("int8", "int8_per_channel_dense", "int16x8", "float32")


def _keras():
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import tf_keras

    return tf_keras


def build_ds_cnn(keras):
    """Keyword spotting: 49 x 10 MFCC, 64 channels, 12 classes; 2,656,768 MACs."""
    layers = keras.layers
    x = inputs = keras.Input((49, 10, 1))
    x = layers.Conv2D(64, (10, 4), strides=(2, 2), padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for _ in range(4):
        x = layers.DepthwiseConv2D((3, 3), padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(64, (1, 1), padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.AveragePooling2D((25, 5))(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(12, activation="softmax")(x))


def build_mobilenet_v1(keras):
    """Visual wake words: MobileNetV1 0.25, 96 x 96 x 3, 2 classes; 7,489,664 MACs."""
    layers = keras.layers
    x = inputs = keras.Input((96, 96, 3))
    x = layers.Conv2D(8, (3, 3), strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    blocks = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)]
    blocks += [(128, 1)] * 5 + [(256, 2), (256, 1)]
    for channels, stride in blocks:
        x = layers.DepthwiseConv2D((3, 3), strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(channels, (1, 1), padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.AveragePooling2D((3, 3))(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def build_resnet8(keras):
    """Image classification: ResNet-8, 32 x 32 x 3, 10 classes; 12,501,632 MACs."""
    layers = keras.layers

    def convolve(x, channels, size, stride):
        return layers.Conv2D(channels, size, strides=stride, padding="same")(x)

    x = inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(layers.BatchNormalization()(convolve(x, 16, 3, 1)))
    for channels, stride in ((16, 1), (32, 2), (64, 2)):
        y = layers.ReLU()(layers.BatchNormalization()(convolve(x, channels, 3, stride)))
        y = layers.BatchNormalization()(convolve(y, channels, 3, 1))
        if stride != 1:
            x = convolve(x, channels, 1, stride)
        x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.AveragePooling2D((8, 8))(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def build_autoencoder(keras):
    """Anomaly detection: dense 640-128x4-8-128x4-640; 264,192 MACs."""
    layers = keras.layers
    x = inputs = keras.Input((640,))
    for units in (128, 128, 128, 128, 8, 128, 128, 128, 128):
        x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(units)(x)))
    return keras.Model(inputs, layers.Dense(640)(x))


def build_conv1d(keras):
    """Motion-like: 64 samples of 3 axes, two Conv1D of width 5, two dense layers; 32,320 MACs."""
    layers = keras.layers
    x = inputs = keras.Input((64, 3))
    x = layers.Conv1D(8, 5, padding="same", activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(16, 5, padding="same", activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(16, activation="relu", use_bias=False)(x)
    return keras.Model(inputs, layers.Dense(4, activation="softmax", use_bias=False)(x))


def build_dense3(keras):
    """Three dense layers 3-32-16-3 with a softmax; 656 MACs."""
    layers = keras.layers
    x = inputs = keras.Input((3,))
    x = layers.Dense(32, activation="relu")(x)
    x = layers.Dense(16, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


def build_inverted_residual(keras):
    """MobileNetV2-like: expand, depthwise, project, ADD; ReLU6; odd sizes, channels not x 4."""
    layers = keras.layers
    x = inputs = keras.Input((15, 13, 3))
    x = layers.Conv2D(10, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    for channels, stride in ((10, 1), (14, 2), (14, 1)):
        y = layers.Conv2D(6 * x.shape[-1], 1, use_bias=False)(x)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        y = layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)(y)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(channels, 1, use_bias=False)(y))
        x = layers.Add()([x, y]) if stride == 1 and x.shape[-1] == channels else y
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


BUILDERS = {
    "ds_cnn": build_ds_cnn,
    "mobilenet_v1": build_mobilenet_v1,
    "resnet8": build_resnet8,
    "autoencoder": build_autoencoder,
    "conv1d": build_conv1d,
    "dense3": build_dense3,
    "inverted_residual": build_inverted_residual,
}


def randomize_weights(model, seed: int) -> None:
    """Give every weight a random value that keeps activations in range through the network."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            shape = tuple(weight.shape)
            kind = weight.name.split("/")[-1].split(":")[0]
            if kind == "depthwise_kernel":
                value = rng.normal(0, np.sqrt(2 / (shape[0] * shape[1])), shape)
            elif kind == "kernel":
                value = rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
            elif kind in ("gamma", "moving_variance"):
                value = rng.uniform(0.7, 1.3, shape)
            else:  # bias, beta, moving_mean
                value = rng.normal(0, 0.2, shape)
            values.append(value.astype(np.float32))
        layer.set_weights(values)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """The converter prints at file-descriptor level: send both streams to nowhere meanwhile."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        for descriptor in (*saved, nowhere):
            os.close(descriptor)


def convert(model, kind: str, seed: int) -> bytes:
    """A Keras model as .tflite bytes of one of `KINDS`, calibrated on Gaussian noise."""
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    shapes = [(1, *each.shape[1:]) for each in model.inputs]
    samples = [[rng.normal(0, 1, s).astype(np.float32) for s in shapes] for _ in range(16)]
    with silence():
        signature = tf.TensorSpec(shapes[0], tf.float32, name=model.inputs[0].name)
        run = tf.function(lambda x: model(x, training=False))
        weights = tf.Module()  # the model itself would take three quarters of the time
        weights.kept = model.variables
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [run.get_concrete_function(signature)], weights
        )
        if kind != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: iter(samples)
            operators = tf.lite.OpsSet.TFLITE_BUILTINS_INT8
            number = tf.int8
            if kind == "int16x8":
                activations = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
                operators = tf.lite.OpsSet[activations]
                number = tf.int16
            converter.target_spec.supported_ops = [operators]
            converter.inference_input_type = converter.inference_output_type = number
            if kind != "int8_per_channel_dense":
                converter._experimental_disable_per_channel_quantization_for_dense_layers = True
        return converter.convert()


def tflite_model(name: str, kind: str = "int8", seed: int = 7) -> TfliteModel:
    """The .tflite bytes of a network, from a file if they were made before."""
    return TfliteModel(tflite_path(name, kind, seed).read_bytes())


def tflite_path(name: str, kind: str = "int8", seed: int = 7) -> Path:
    """Like `tflite_model`, for a tool that wants a file."""
    source = inspect.getsource(BUILDERS[name]) + inspect.getsource(convert)
    source += inspect.getsource(randomize_weights)
    digest = hashlib.sha256(f"{source}{seed}".encode()).hexdigest()[:12]
    file = f"{name}-{kind}-{digest}.tflite"
    if (KEPT / file).exists():
        return KEPT / file
    path = CACHE / file
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(make_network(name, kind, seed))
        beside.replace(path)
    return path


def make_network(name: str, kind: str, seed: int = 7) -> bytes:
    """Build, fill with weights and convert a network: some seconds."""
    with silence():
        keras = _keras()
        keras.backend.clear_session()
        model = BUILDERS[name](keras)
    randomize_weights(model, seed)
    return convert(model, kind, seed)


def keep_networks() -> None:
    """Make all int8 files anew in `tests/golden/networks`."""
    for old in KEPT.glob("*.tflite"):
        old.unlink()
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in BUILDERS:
        made = tflite_path(name)
        made.replace(KEPT / made.name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        keep_networks()
        sys.exit()
    for network in sys.argv[1:] or BUILDERS:
        print(tflite_path(network), len(tflite_model(network)), "bytes")
