"""Pruning, of single weights and of whole neurons, and what each of them saves. Lesson 05.

Magnitude pruning (Zhu and Gupta, "To prune, or not to prune", 2017) sets the smallest weights to
zero. A .tflite file stores the zeros, so flash does not shrink: only something that compresses the
file sees them. Structured pruning (Li et al., "Pruning Filters for Efficient ConvNets", 2017)
removes neurons, and flash, arena and time shrink with them.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.compress.quantize import convert_int8, representative_dataset
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.interpreters.tflm import score_model
from tinyml_course.table import Table
from tinyml_course.training import (
    accuracy,
    build_dense,
    build_regressor,
    copy_model,
    fit_model,
    import_keras,
    import_toolkit,
    predict_scores,
)

SPARSITIES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class PruningRow:
    """One sparsity.

    Attributes:
        sparsity: share of the weights (biases aside) that are zero.
        accuracy: of the int8 file.
        file_bytes: the int8 .tflite file, which is what flash holds.
        gzip_bytes: the same file compressed, as a download would be.
        nonzero_weights: weights that are not zero.
    """

    sparsity: float
    accuracy: float
    file_bytes: int
    gzip_bytes: int
    nonzero_weights: int


@dataclass(frozen=True)
class PruningSweep:
    """Rows from dense to sparse. Draw it with `observe.plots.plot_pruning_sweep`."""

    rows: tuple[PruningRow, ...]
    samples: int

    def __iter__(self) -> Iterator[PruningRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def table(self) -> Table:
        """The same as text cells."""
        return Table(
            ("weights set to 0", "accuracy", "int8 file", "gzipped", "weights not 0"),
            tuple(
                (
                    f"{row.sparsity:.0%}",
                    f"{row.accuracy:.3f}",
                    f"{row.file_bytes:,}",
                    f"{row.gzip_bytes:,}",
                    f"{row.nonzero_weights:,}",
                )
                for row in self.rows
            ),
            f"sizes in bytes; accuracy of the int8 file on {self.samples} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def zero_smallest(weights: np.ndarray, share: float) -> np.ndarray:
    """A copy of `weights` in which the smallest, by absolute value, are zero. Lesson 05.

    This is one step of magnitude pruning without any training. `prune_magnitude` repeats it with a
    growing share while the network trains on.

    Args:
        weights: of any shape.
        share: of them to set to zero, rounded to a whole number of weights.

    >>> zero_smallest(np.array([[3.0, -1.0], [0.5, -2.0]]), 0.5)
    array([[ 3.,  0.],
           [ 0., -2.]])
    """
    pruned = np.array(weights)
    smallest = np.argsort(np.abs(pruned), axis=None, kind="stable")[: round(share * pruned.size)]
    pruned.flat[smallest] = 0
    return pruned


def prune_magnitude(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    sparsity: float,
    epochs: int = 6,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    seed: int = 0,
    fit_options: Mapping[str, Any] | None = None,
) -> Any:
    """A copy of `model` with the smallest weights set to zero while it goes on training.

    The sparsity grows from 0 to its target over the first two thirds of the steps; the rest is for
    recovering. With sparsity 0 the model only trains on, which is the fair control.

    Args:
        sparsity: share of each layer's weights to set to zero, at least 0 and less than 1.
        fit_options: what `training.fit_model` needs besides, for a model that does not classify.

    Raises:
        TinyMLCourseError: a sparsity out of range.
    """
    if not 0 <= sparsity < 1:
        raise TinyMLCourseError(
            f"sparsity {sparsity} is not a share of the weights: take at least 0 and less than 1"
        )
    options = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "seed": seed,
        "log_every": 0,
        **(fit_options or {}),
    }
    if sparsity == 0:
        trained_on = copy_model(model)
        fit_model(trained_on, x_train, y_train, x_val, y_val, keep_best=False, **options)
        return trained_on
    tfmot = import_toolkit()
    steps = epochs * -(-len(x_train) // batch_size)
    schedule = tfmot.sparsity.keras.PolynomialDecay(
        initial_sparsity=0.0,
        final_sparsity=sparsity,
        begin_step=0,
        end_step=max(1, 2 * steps // 3),
        frequency=max(1, steps // 50),
    )
    pruned = tfmot.sparsity.keras.prune_low_magnitude(copy_model(model), schedule)
    update = tfmot.sparsity.keras.UpdatePruningStep()
    # the best epoch might be one that is not sparse yet, so the last one is kept
    fit_model(
        pruned, x_train, y_train, x_val, y_val, keep_best=False, callbacks=(update,), **options
    )
    return tfmot.sparsity.keras.strip_pruning(pruned)


def sweep_magnitude_pruning(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    sparsities: Sequence[float] = SPARSITIES,
    progress: bool = True,
    **options: Any,
) -> PruningSweep:
    """Prune to each sparsity, always from the same trained model, and weigh the results.

    Accuracies are those of the int8 files on the validation part, because a sweep is a choice.

    Args:
        sparsities: targets, as `prune_magnitude` takes them.
        progress: print a line for each.
        options: `epochs`, `batch_size`, `learning_rate`, `seed`, as `prune_magnitude` takes them.
    """
    samples = representative_dataset(x_train)
    rows = []
    for target in sparsities:
        started = time.perf_counter()
        pruned = prune_magnitude(model, x_train, y_train, x_val, y_val, sparsity=target, **options)
        content = convert_int8(pruned, samples)
        nonzero, total = count_weights(pruned)
        row = PruningRow(
            sparsity=1 - nonzero / total,
            accuracy=accuracy(score_model(content, x_val), y_val),
            file_bytes=len(content),
            gzip_bytes=gzip_bytes(content),
            nonzero_weights=nonzero,
        )
        rows.append(row)
        if progress:
            print(
                f"sparsity {row.sparsity:4.0%}  accuracy {row.accuracy:.3f}  "
                f"{time.perf_counter() - started:4.1f} s",
                flush=True,
            )
    return PruningSweep(tuple(rows), len(x_val))


def count_weights(model: Any) -> tuple[int, int]:
    """Weights that are not zero, and all weights, biases and normalization aside."""
    arrays = [array for array in model.get_weights() if array.ndim > 1]
    return sum(int(np.count_nonzero(a)) for a in arrays), sum(a.size for a in arrays)


def gzip_bytes(content: bytes) -> int:
    """The size of `content` compressed with gzip at its highest level."""
    return len(gzip.compress(content, compresslevel=9, mtime=0))


@dataclass(frozen=True)
class StructuredRow:
    """One shape of the smaller network.

    Attributes:
        hidden: neurons in each hidden layer.
        parameters: weights and biases.
        file_bytes: the int8 .tflite file.
        cut_accuracy: of the float model right after the cut.
        tuned_accuracy: of the int8 file after fine-tuning.
        scratch_accuracy: of the int8 file of the same shape, trained from random weights.
    """

    hidden: tuple[int, ...]
    parameters: int
    file_bytes: int
    cut_accuracy: float
    tuned_accuracy: float
    scratch_accuracy: float


@dataclass(frozen=True)
class StructuredComparison:
    """Rows from large to small, beside training from scratch, which is the control."""

    rows: tuple[StructuredRow, ...]
    samples: int

    def __iter__(self) -> Iterator[StructuredRow]:
        return iter(self.rows)

    def table(self) -> Table:
        """The same as text cells."""
        return Table(
            ("hidden", "parameters", "int8 file", "just cut", "fine-tuned", "from scratch"),
            tuple(
                (
                    "-".join(map(str, row.hidden)),
                    f"{row.parameters:,}",
                    f"{row.file_bytes:,}",
                    f"{row.cut_accuracy:.3f}",
                    f"{row.tuned_accuracy:.3f}",
                    f"{row.scratch_accuracy:.3f}",
                )
                for row in self.rows
            ),
            f"file in bytes; accuracies on {self.samples} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def remove_neurons(model: Any, keep: Sequence[int]) -> Any:
    """A smaller dense network, made of the strongest neurons of a larger one.

    A neuron's strength is the norm of the weights that enter it times the norm of those that leave
    it: a neuron that hears nothing, or that nobody hears, does nothing.

    Args:
        model: a network as `build_dense` or `build_regressor` makes it.
        keep: how many neurons to keep in each hidden layer.

    Raises:
        TinyMLCourseError: another kind of network, or more neurons to keep than there are.
    """
    keras = import_keras()
    kinds = keras.layers
    layers = [layer for layer in model.layers if not isinstance(layer, kinds.Flatten)]
    if not all(isinstance(layer, kinds.Dense) for layer in layers):
        found = ", ".join(sorted({type(layer).__name__ for layer in layers}))
        raise TinyMLCourseError(
            f"remove_neurons takes a network of Dense layers; {model.name!r} has {found}"
        )
    hidden = [layer.units for layer in layers[:-1]]
    if len(keep) != len(hidden) or not all(0 < k <= n for k, n in zip(keep, hidden, strict=False)):
        raise TinyMLCourseError(
            f"cannot keep {tuple(keep)} neurons of {tuple(hidden)}: give one number a hidden "
            "layer, from 1 to what it has"
        )
    weights = [layer.get_weights() for layer in layers]
    for index, count in enumerate(keep):
        (kernel, bias), (next_kernel, next_bias) = weights[index], weights[index + 1]
        strength = np.linalg.norm(kernel, axis=0) * np.linalg.norm(next_kernel, axis=1)
        strongest = np.sort(np.argsort(-strength, kind="stable")[:count])
        weights[index] = [kernel[:, strongest], bias[strongest]]
        weights[index + 1] = [next_kernel[strongest], next_bias]
    is_linear = layers[-1].get_config()["activation"] == "linear"
    build = build_regressor if is_linear else build_dense
    smaller = build(model.input_shape[1:], layers[-1].units, hidden=tuple(keep))
    smaller.set_weights([array for pair in weights for array in pair])
    return smaller


def compare_structured_pruning(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    shapes: Sequence[Sequence[int]],
    epochs: int = 6,
    learning_rate: float = 1e-3,
    scratch_epochs: int = 40,
    scratch_learning_rate: float = 2e-3,
    batch_size: int = 64,
    seed: int = 0,
) -> StructuredComparison:
    """Cut a dense network to each shape, fine-tune it, and train the same shape from scratch.

    Args:
        model: the trained large network; it stays as it is.
        shapes: neurons to keep, for instance `((16, 8), (8, 4))`.
        epochs, learning_rate: of fine-tuning.
        scratch_epochs, scratch_learning_rate: of the control, which starts from random weights; to
            be fair, give it what the large network had, and the epochs of fine-tuning on top.
    """
    samples = representative_dataset(x_train)
    options = {
        "batch_size": batch_size,
        "seed": seed,
        "log_every": 0,
    }
    rows = []
    for shape in shapes:
        cut = remove_neurons(model, shape)
        cut_accuracy = accuracy(predict_scores(cut, x_val), y_val)
        fit_model(
            cut, x_train, y_train, x_val, y_val,
            epochs=epochs, learning_rate=learning_rate, **options,
        )  # fmt: skip
        scratch = build_dense(
            model.input_shape[1:], model.output_shape[-1], hidden=tuple(shape), seed=seed
        )
        fit_model(
            scratch, x_train, y_train, x_val, y_val,
            epochs=scratch_epochs, learning_rate=scratch_learning_rate, **options,
        )  # fmt: skip
        content, control = convert_int8(cut, samples), convert_int8(scratch, samples)
        rows.append(
            StructuredRow(
                hidden=tuple(shape),
                parameters=cut.count_params(),
                file_bytes=len(content),
                cut_accuracy=cut_accuracy,
                tuned_accuracy=accuracy(score_model(content, x_val), y_val),
                scratch_accuracy=accuracy(score_model(control, x_val), y_val),
            )
        )
    return StructuredComparison(tuple(rows), len(x_val))
