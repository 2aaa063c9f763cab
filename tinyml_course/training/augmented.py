"""Fitting where every epoch sees new variations, and classes and sources weigh equally.

Four things set it apart from `fit_model`:

- An epoch is a draw of so many samples, each varied by `augment`: the network never sees the same
  picture twice, so it can be trained long without learning the clips by heart.
- The draw gives each class the same share, and each source (the lab's own data, your recordings)
  the weight that `importance` says: few clips of people are not drowned by many synthetic ones.
- The last quarter of the epochs may see milder variations (`calm`). Strong ones make the network
  robust, but they also show it more odd sounds than there are; at the end it sees life as it is.
- The weights of the last epochs are averaged. At a small learning rate they circle around a good
  place; their mean lies nearer to it than any of them (Izmailov et al., "Averaging Weights Leads
  to Wider Optima and Better Generalization", 2018).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.training.fitting import (
    PREDICTED_AT_ONCE,
    TrainingHistory,
    in_batches,
    make_deterministic,
    make_variables,
)
from tinyml_course.training.keras_setup import import_keras

CALM_SHARE = 0.25
AVERAGED_SHARE = 0.18  # of the epochs; all of them calm ones
LABEL_SMOOTHING = 0.05

Augment = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]


def fit_augmented(
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
    augment: Augment,
    calm: Augment | None = None,
    samples_an_epoch: int = 4096,
    importance: np.ndarray | None = None,
    log_every: int = 5,
) -> TrainingHistory:
    """Train `model` in place on varied samples; afterwards it has averaged weights.

    The learning rate falls along a cosine to zero. Validation is only looked at, not used: the last
    epochs are averaged, whatever it says. On one machine the same arguments give the same weights
    to the bit. Lesson 13 trains with it, and without.

    Args:
        model: a `tf_keras` model that ends in softmax; it is compiled here.
        x_train, x_val: `(n, *input_shape)` float32.
        y_train, y_val: `(n,)` integer labels.
        epochs, batch_size, learning_rate, seed, log_every: as in `fit_model`.
        augment: `(x, y, rng) -> x`, a variation of each sample.
        calm: the same, for the last quarter of the epochs; `augment` if None.
        samples_an_epoch: drawn with replacement.
        importance: `(n,)` how often to draw a training sample relative to the others of its class.

    Raises:
        DataError: empty parts, or an importance that does not fit.
    """
    if not len(x_train) or not len(x_val):
        raise DataError("fit_augmented needs at least one training and one validation sample")
    chance = draw_chances(y_train, importance)
    keras = import_keras()
    make_deterministic(seed)
    rng = np.random.default_rng(seed)
    n_classes = model.output_shape[-1]
    steps = -(-samples_an_epoch // batch_size) * epochs
    falling_rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    compile_smoothed(model, falling_rate)
    targets_val = np.eye(n_classes, dtype=np.float32)[y_val]
    make_variables(model, targets_val)
    validation = in_batches((x_val, targets_val), PREDICTED_AT_ONCE)
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    values: dict[str, list[float]] = {name: [] for name in names}
    average, averaged = None, 0
    started = time.perf_counter()
    for epoch in range(1, epochs + 1):
        drawn = rng.choice(len(x_train), samples_an_epoch, p=chance)
        vary = calm if calm is not None and epoch > epochs * (1 - CALM_SHARE) else augment
        x = vary(x_train[drawn], y_train[drawn], rng)
        y = np.eye(n_classes, dtype=np.float32)[y_train[drawn]]
        fitted = model.fit(in_batches((x, y), batch_size), epochs=1, shuffle=False, verbose=0)
        if epoch > epochs * (1 - AVERAGED_SHARE):
            averaged += 1
            average = _running_mean(average, model.get_weights(), averaged)
            if epoch == epochs:
                model.set_weights(average)
        val_loss, val_accuracy = model.evaluate(validation, verbose=0)
        values["loss"].append(float(fitted.history["loss"][0]))
        values["accuracy"].append(float(fitted.history["accuracy"][0]))
        values["val_loss"].append(float(val_loss))
        values["val_accuracy"].append(float(val_accuracy))
        if log_every and (epoch == 1 or epoch % log_every == 0 or epoch == epochs):
            print(
                f"epoch {epoch:>3}/{epochs}  loss {values['loss'][-1]:.3f}  "
                f"val accuracy {val_accuracy:.3f}  {time.perf_counter() - started:5.1f} s",
                flush=True,
            )
    return TrainingHistory(**values, best_epoch=epochs, seconds=time.perf_counter() - started)


def compile_smoothed(model: Any, rate: Any) -> None:
    """Give `model` what `fit_augmented` trains with: Adam, cross-entropy of smoothed labels.

    Args:
        model: a `tf_keras` model.
        rate: the learning rate, or a schedule of it.
    """
    keras = import_keras()
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )


def draw_chances(labels: np.ndarray, importance: np.ndarray | None = None) -> np.ndarray:
    """Chance of each sample, `(n,)` with sum 1: classes equal, within a class as `importance` says.

    Raises:
        DataError: not one importance a sample, or one that is negative.

    >>> draw_chances(np.array([0, 0, 1])).tolist()
    [0.25, 0.25, 0.5]
    """
    labels = np.asarray(labels)
    chance = np.ones(len(labels)) if importance is None else np.array(importance, float)
    if chance.shape != labels.shape or (chance < 0).any():
        raise DataError(
            f"importance has shape {chance.shape} for {len(labels)} samples; give each sample one "
            "number of at least 0"
        )
    for label in np.unique(labels):
        chosen = labels == label
        chance[chosen] /= max(chance[chosen].sum(), 1e-12)
    return chance / chance.sum()


def _running_mean(
    mean: list[np.ndarray] | None, weights: list[np.ndarray], count: int
) -> list[np.ndarray]:
    if mean is None:
        return weights
    return [m + (w - m) / count for m, w in zip(mean, weights, strict=True)]
