"""Clustering: a layer's weights share a few values, and a compressed file profits. Lesson 06.

Han et al., "Deep Compression" (2016). A .tflite file stores every weight in full, shared or not: as
with pruning, the gain is in what compresses the file, not in flash.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.compress.prune import gzip_bytes
from tinyml_course.compress.quantize import convert_int8, representative_dataset
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.interpreters.tflm import score_model
from tinyml_course.table import Table
from tinyml_course.training import (
    accuracy,
    copy_model,
    fit_model,
    import_toolkit,
)


@dataclass(frozen=True)
class ClusterRow:
    """One number of clusters; None stands for the model as trained, without clustering.

    Attributes:
        clusters: values that the weights of a layer may take.
        different_weights: the most different values found in any one layer.
        accuracy, file_bytes, gzip_bytes: of the int8 file.
    """

    clusters: int | None
    different_weights: int
    accuracy: float
    file_bytes: int
    gzip_bytes: int


@dataclass(frozen=True)
class ClusterSweep:
    """Rows from many values to few, after the unclustered model."""

    rows: tuple[ClusterRow, ...]
    samples: int

    def __iter__(self) -> Iterator[ClusterRow]:
        return iter(self.rows)

    def table(self) -> Table:
        """The same as text cells."""
        return Table(
            ("clusters per layer", "different weights", "accuracy", "int8 file", "gzipped"),
            tuple(
                (
                    "none" if row.clusters is None else str(row.clusters),
                    f"{row.different_weights:,}",
                    f"{row.accuracy:.3f}",
                    f"{row.file_bytes:,}",
                    f"{row.gzip_bytes:,}",
                )
                for row in self.rows
            ),
            f"sizes in bytes; accuracy of the int8 file on {self.samples} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def make_codebook(weights: np.ndarray, clusters: int, *, rounds: int = 20) -> np.ndarray:
    """`clusters` values that stand for all of `weights`, in ascending order. Lesson 06.

    K-means along a line: begin with an even grid from the smallest weight to the largest; then give
    each weight to its nearest value, and move each value to the mean of its weights. A value that
    no weight is near stays where it is.

    >>> make_codebook(np.array([0.0, 0.2, 0.9, 1.0, 1.1]), 2)
    array([0.1, 1. ])
    """
    flat = np.ravel(weights).astype(np.float64)
    codebook = np.linspace(flat.min(), flat.max(), clusters)
    for _ in range(rounds):
        nearest = np.abs(flat[:, None] - codebook).argmin(axis=1)
        counts = np.bincount(nearest, minlength=clusters)
        sums = np.bincount(nearest, flat, minlength=clusters)
        codebook = np.where(counts > 0, sums / np.maximum(counts, 1), codebook)
    return codebook


def share_values(weights: np.ndarray, codebook: np.ndarray) -> np.ndarray:
    """`weights` with each replaced by the nearest value of `codebook`."""
    weights = np.asarray(weights)
    nearest = np.abs(weights[..., None] - codebook).argmin(axis=-1)
    return codebook[nearest].astype(weights.dtype)


def cluster_weights(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    clusters: int,
    epochs: int = 4,
    batch_size: int = 64,
    learning_rate: float = 5e-4,
    seed: int = 0,
) -> Any:
    """A copy of `model` in which each layer's weights take at most `clusters` different values.

    The values start on a grid from the smallest weight to the largest and are then trained.

    Raises:
        TinyMLCourseError: fewer than two clusters.
    """
    if clusters < 2:
        raise TinyMLCourseError(
            f"{clusters} clusters cannot hold a layer's weights: take 2 or more"
        )
    tfmot = import_toolkit()
    clustering = tfmot.clustering.keras
    clustered = clustering.cluster_weights(
        copy_model(model),
        number_of_clusters=clusters,
        cluster_centroids_init=clustering.CentroidInitialization.LINEAR,
    )
    fit_model(
        clustered,
        x_train,
        y_train,
        x_val,
        y_val,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        log_every=0,
        keep_best=False,
    )
    return clustering.strip_clustering(clustered)


def count_different_weights(model: Any) -> int:
    """The most different values in any one weight matrix."""
    return max(len(np.unique(array)) for array in model.get_weights() if array.ndim > 1)


def sweep_clusters(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    clusters: Sequence[int] = (32, 16, 8, 4),
    progress: bool = True,
    **options: Any,
) -> ClusterSweep:
    """Cluster to each number of values, always from the same trained model, and weigh the results.

    Args:
        clusters: numbers of values to try.
        progress: print a line for each.
        options: `epochs`, `batch_size`, `learning_rate`, `seed`, as `cluster_weights` takes them.
    """
    samples = representative_dataset(x_train)
    rows = []
    for count in (None, *clusters):
        started = time.perf_counter()
        clustered = model
        if count is not None:
            clustered = cluster_weights(
                model, x_train, y_train, x_val, y_val, clusters=count, **options
            )
        content = convert_int8(clustered, samples)
        row = ClusterRow(
            clusters=count,
            different_weights=count_different_weights(clustered),
            accuracy=accuracy(score_model(content, x_val), y_val),
            file_bytes=len(content),
            gzip_bytes=gzip_bytes(content),
        )
        rows.append(row)
        if progress:
            print(
                f"clusters {count or 'none':>4}  accuracy {row.accuracy:.3f}  "
                f"{time.perf_counter() - started:4.1f} s",
                flush=True,
            )
    return ClusterSweep(tuple(rows), len(x_val))
