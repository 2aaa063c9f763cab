"""Fitting a Keras model so that the same seed gives the same model, with a line of progress."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.training.keras_setup import import_keras

PREDICTED_AT_ONCE = 256  # samples: what is not trained on needs no small batches


@dataclass(frozen=True)
class TrainingHistory:
    """What happened in each epoch. Draw it with `observe.plots.plot_history`.

    Attributes:
        loss, val_loss: mean loss on the training and the validation part; for a classifier the
            cross-entropy in nats.
        accuracy, val_accuracy: shares of right answers; empty if the model does not classify.
        best_epoch: 1 for the first; the epoch whose weights the model now has.
        seconds: how long the fit took.
    """

    loss: list[float]
    val_loss: list[float]
    accuracy: list[float]
    val_accuracy: list[float]
    best_epoch: int
    seconds: float

    @property
    def epochs(self) -> int:
        """How often the training part was gone through."""
        return len(self.loss)


def fit_model(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    log_every: int = 5,
    log_dir: Path | str | None = None,
    loss: Any = None,
    classifies: bool = True,
    callbacks: tuple[Any, ...] = (),
    keep_best: bool = True,
    rate_falls: bool = False,
) -> TrainingHistory:
    """Train `model` in place with Adam, a classifier on cross-entropy.

    Afterwards the model has the weights of its best epoch: the highest validation accuracy, and
    among equals the lowest validation loss, which alone decides if it does not classify. The test
    part is not seen here at all. On one machine the same data and seed give the same weights to
    the bit. Lesson 03 teaches it.

    Args:
        model: a `tf_keras` model, a classifier with softmax at its end; it is compiled here.
        x_train, x_val: `(n, *input_shape)` float32.
        y_train, y_val: `(n,)` integer labels, or `(n, n_classes)` target probabilities, or, if
            the model does not classify, `(n, *output_shape)` values.
        epochs: passes over the training part.
        batch_size: samples a step.
        learning_rate: of Adam.
        seed: of the shuffling (and of dropout, if there is any).
        log_every: a line of progress every so many epochs; 0 prints nothing.
        log_dir: write logs for TensorBoard into this folder, to be seen with
            `tensorboard --logdir FOLDER` wherever that program is installed.
        loss: a Keras loss in place of cross-entropy, for instance "mse".
        classifies: False for a model that predicts values or its own input: no accuracy then.
        callbacks: further Keras callbacks, for instance those that pruning needs.
        rate_falls: let the learning rate fall along a cosine to 0 at the last step.
        keep_best: False keeps the weights of the last epoch, as pruning and clustering need it.

    Raises:
        DataError: an empty part, or other than one label a sample.
    """
    for name, x, y in (("training", x_train, y_train), ("validation", x_val, y_val)):
        if not len(x) or len(x) != len(y):
            raise DataError(
                f"the {name} part has {len(x)} samples and {len(y)} labels: give at least one "
                "sample, and one label a sample"
            )
    keras = import_keras()
    make_deterministic(seed)
    if classifies and np.ndim(y_train) == 2 and np.ndim(y_val) == 1:
        y_val = np.eye(np.shape(y_train)[1], dtype=np.float32)[y_val]
    rate: Any = learning_rate
    if rate_falls:
        steps = -(-len(x_train) // batch_size) * epochs
        rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    compile_model(model, y_train, rate, loss, classifies)
    make_variables(model, y_train)

    watch = _make_epoch_watch(keras, epochs, log_every, keep_best)
    logs = [_make_log_writer(keras, Path(log_dir))] if log_dir is not None else []
    result = model.fit(
        x_train,
        y_train,
        validation_data=in_batches((x_val, y_val), max(batch_size, PREDICTED_AT_ONCE)),
        epochs=epochs,
        batch_size=batch_size,
        shuffle=True,
        verbose=0,
        callbacks=[*callbacks, *logs, watch],
    )
    if keep_best:
        model.set_weights(watch.best_weights)
    values = {name: [float(v) for v in series] for name, series in result.history.items()}
    return TrainingHistory(
        loss=values["loss"],
        val_loss=values["val_loss"],
        accuracy=values.get("accuracy", []),
        val_accuracy=values.get("val_accuracy", []),
        best_epoch=watch.best_epoch if keep_best else epochs,
        seconds=time.perf_counter() - watch.started,
    )


def compile_model(model: Any, y: np.ndarray, rate: Any, loss: Any, classifies: bool) -> None:
    """Give `model` what `fit_model` trains with: Adam, a loss, and for a classifier its accuracy.

    Args:
        model: a `tf_keras` model.
        y: training targets as `fit_model` takes them.
        rate: the learning rate, or a schedule of it.
        loss: a Keras loss in place of cross-entropy, or None.
        classifies: whether accuracy means something.
    """
    keras = import_keras()
    if np.ndim(y) == 2:
        entropy, accuracy = "categorical_crossentropy", keras.metrics.CategoricalAccuracy
    else:
        entropy = "sparse_categorical_crossentropy"
        accuracy = keras.metrics.SparseCategoricalAccuracy
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=loss or entropy,
        metrics=[accuracy(name="accuracy")] if classifies else [],
    )


def in_batches(arrays: Any, batch_size: int) -> Any:
    """Arrays as a `tf.data.Dataset` of batches, in order, whose reading is not optimized first.

    From arrays Keras makes a pipeline that TensorFlow rewrites each time that it is read: for the
    validation part in every epoch, which takes longer than to evaluate a small network.

    Args:
        arrays: `(n, ...)`, or a tuple of such, for instance `(x, y)`; floats become float32.
        batch_size: samples a batch; the last one may be smaller.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.autotune.enabled = False
    parts = tf.nest.map_structure(_as_keras_does, arrays)
    return tf.data.Dataset.from_tensor_slices(parts).batch(batch_size).with_options(options)


def _as_keras_does(array: Any) -> np.ndarray:
    array = np.asarray(array)
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def predict_scores(model: Any, x: np.ndarray, *, batch_size: int = PREDICTED_AT_ONCE) -> np.ndarray:
    """The model's outputs for every sample of `x`: `(n, n_classes)` float32."""
    batches = in_batches(np.asarray(x), batch_size)
    return np.asarray(model.predict(batches, verbose=0), dtype=np.float32)


def make_deterministic(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow, and ask TensorFlow for kernels without races."""
    keras = import_keras()
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def make_variables(model: Any, y: np.ndarray) -> None:
    """Make the variables of a compiled model's optimizer, loss and metrics before it is fitted.

    Keras makes them within the first step, which TensorFlow then traces a second time: half of the
    second that a fit takes to begin. Layers that draw random numbers, such as dropout, draw others
    at each tracing, so a model that has some is left as it is: the same seed, the same model.

    Args:
        model: a compiled `tf_keras` model.
        y: targets, of which the first is taken for its shape.
    """
    keras = import_keras()
    draws = keras.__internal__.layers.BaseRandomLayer
    if any(isinstance(part, draws) for part in model.submodules):
        return
    model.optimizer.build(model.trainable_variables)
    outputs = keras.backend.zeros((1, *model.output_shape[1:]))
    targets = keras.backend.constant(y[:1], dtype=np.asarray(y).dtype.name)
    model.compiled_loss(targets, outputs)
    model.compiled_metrics.update_state(targets, outputs)
    model.reset_metrics()


def _make_epoch_watch(keras: Any, epochs: int, log_every: int, keep_best: bool) -> Any:
    """A Keras callback that prints progress and remembers the best weights."""

    class EpochWatch(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.started = time.perf_counter()
            self.best_epoch = 0
            self.best_rank = (-np.inf, -np.inf)
            self.best_weights: list[np.ndarray] = []

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            logs = logs or {}
            number = epoch + 1
            rank = (logs.get("val_accuracy", 0.0), -logs["val_loss"])
            if keep_best and (rank > self.best_rank or not self.best_weights):
                self.best_epoch, self.best_rank = number, rank
                self.best_weights = self.model.get_weights()
            if log_every and (number == 1 or number % log_every == 0 or number == epochs):
                kind = "accuracy" if "val_accuracy" in logs else "loss"
                print(
                    f"epoch {number:>3}/{epochs}  loss {logs['loss']:.3f}  "
                    f"val {kind} {logs[f'val_{kind}']:.3f}  "
                    f"{time.perf_counter() - self.started:5.1f} s",
                    flush=True,
                )

    return EpochWatch()


def _make_log_writer(keras: Any, log_dir: Path) -> Any:
    """A Keras callback that writes each epoch's values in TensorBoard's format.

    Keras's own callback needs the tensorboard package; the event files themselves do not.
    """
    import tensorflow as tf
    from tensorflow.core.framework.summary_pb2 import SummaryMetadata

    scalar = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"))

    class LogWriter(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            for name, value in (logs or {}).items():
                part = "validation" if name.startswith("val_") else "train"
                writer = self.writers[part]
                with writer.as_default():
                    tag = f"epoch_{name.removeprefix('val_')}"
                    tf.summary.write(tag, tf.constant(value, tf.float32), epoch, metadata=scalar)
                writer.flush()

        def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
            self.writers = {
                part: tf.summary.create_file_writer(str(log_dir / part))
                for part in ("train", "validation")
            }

        def on_train_end(self, logs: dict[str, float] | None = None) -> None:
            for writer in self.writers.values():
                writer.close()

    return LogWriter()
