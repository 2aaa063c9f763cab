"""Figures that explain compression: the quantization grid, weights, sparsity. Lessons 04 to 06."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from tinyml_course.observe.figure import (
    PALETTE,
    colour_of,
    in_course_style,
    need,
    new_figure,
    say_where_it_begins,
)


@in_course_style
def plot_quantization_grid(
    scale: float,
    zero_point: int,
    *,
    low: float | None = None,
    high: float | None = None,
    q_min: int = -128,
    q_max: int = 127,
) -> Figure:
    """The staircase that quantization makes of a straight line, and the error that is left.

    real = scale * (q - zero_point), with q rounded and clamped to `q_min` .. `q_max`.

    Args:
        scale, zero_point: of the tensor.
        low, high: range of real values to draw; a little beyond what q can express if None.
        q_min, q_max: the integers there are; fewer of them make the steps easy to see.
    """
    first, last = scale * (q_min - zero_point), scale * (q_max - zero_point)
    margin = 0.15 * (last - first)
    x = np.linspace(
        first - margin if low is None else low, last + margin if high is None else high, 4001
    )
    q = np.clip(np.trunc(x / scale + np.copysign(0.5, x)) + zero_point, q_min, q_max)
    back = scale * (q - zero_point)
    figure = new_figure(9, 3.6)
    left, right = figure.subplots(1, 2)
    left.plot(x, x, color=PALETTE[1], linestyle="--", label="float: as it is")
    left.plot(x, back, color=PALETTE[0], label="quantized and back")
    left.set(
        xlabel="real value in",
        ylabel="real value out",
        title=f"scale {scale:.4g}, zero point {zero_point}",
    )
    left.legend()
    integers = left.secondary_yaxis(
        "right",
        functions=(lambda r: r / scale + zero_point, lambda i: scale * (i - zero_point)),
    )
    integers.set_ylabel("q (integer)")
    step = max(1, (q_max - q_min + 1) // 8)
    integers.set_yticks(range(q_min, q_max + 1, step))
    right.axhspan(-scale / 2, scale / 2, color=PALETTE[2], alpha=0.2, label="within half a step")
    right.plot(x, back - x, color=PALETTE[0], linewidth=1.2)
    right.set(xlabel="real value in", ylabel="error (out - in)", title="Rounding, then clamping")
    low, high = right.get_ylim()
    right.set_ylim(low, high + 0.25 * (high - low))  # room for the legend
    right.legend(loc="upper center")
    return figure


@in_course_style
def plot_weight_histogram(weights: Mapping[str, np.ndarray], *, bins: int = 61) -> Figure:
    """How often each weight occurs: one panel a set of weights, on one common axis.

    Args:
        weights: from name to array of any shape, for instance before and after pruning.
        bins: an odd number puts a bin around zero.
    """
    need(len(weights) > 0, "there are no weights")
    arrays = {name: np.ravel(array) for name, array in weights.items()}
    limit = max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    edges = np.linspace(-limit, limit, bins + 1)
    figure = new_figure(min(3.6 * len(arrays) + 0.8, 13), 3.2)
    axes = figure.subplots(1, len(arrays), sharex=True, squeeze=False)[0]
    for index, (ax, (name, values)) in enumerate(zip(axes, arrays.items(), strict=True)):
        ax.hist(values, edges, color=colour_of(index))
        zeros = float(np.mean(values == 0))
        ax.set(xlabel="weight", title=name)
        ax.set_ylim(top=1.35 * ax.get_ylim()[1])  # room for the text above the bars
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.text(
            0.98,
            0.95,
            f"{values.size:,} weights\n{zeros:.0%} are 0\n{len(np.unique(values)):,} different",
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=10,
        )
    axes[0].set_ylabel("weights in the bin")
    return figure


@in_course_style
def plot_pruning_sweep(rows: Sequence[Any]) -> Figure:
    """Accuracy, and the three sizes that people mean, against the share of weights set to zero.

    Args:
        rows: as `compress.prune.sweep_magnitude_pruning` returns them.
    """
    rows = list(rows)
    need(len(rows) > 0, "the sweep has no rows")
    sparsity = [row.sparsity for row in rows]
    figure = new_figure(9, 3.6)
    left, right = figure.subplots(1, 2)
    left.plot(sparsity, [row.accuracy for row in rows], "o-", color=PALETTE[0])
    left.set(ylabel="accuracy", title="What is kept", ylim=(None, 1.0))
    say_where_it_begins(left)
    series = (
        ("int8 file, and flash", "file_bytes", "s-", PALETTE[1]),
        ("the same file, gzipped", "gzip_bytes", "o-", PALETTE[2]),
        ("weights that are not 0", "nonzero_weights", "^-", PALETTE[0]),
    )
    for name, field, marker, colour in series:
        right.plot(
            sparsity, [getattr(row, field) for row in rows], marker, color=colour, label=name
        )
    most = max(row.file_bytes for row in rows)
    right.set(ylabel="bytes (one byte for each weight)", title="What is saved, and where",
              ylim=(0, 1.45 * most))  # fmt: skip
    right.legend(fontsize=10, loc="upper right")
    for ax in (left, right):
        ax.set_xlabel("weights set to zero")
        ax.xaxis.set_major_formatter(PercentFormatter(1, 0))
    return figure


@in_course_style
def plot_output_errors(exact: np.ndarray, others: Mapping[str, np.ndarray]) -> Figure:
    """How far the outputs of quantized models lie from the exact ones, sorted: one line a model.

    Args:
        exact: `(n, n_classes)` outputs of the float model.
        others: from name to outputs of the same shape.
    """
    need(len(others) > 0, "there is no model to compare with the exact one")
    figure = new_figure(8, 3.6)
    ax = figure.subplots()
    for index, (name, outputs) in enumerate(others.items()):
        errors = np.sort(np.abs(np.asarray(outputs) - exact).ravel())
        share = np.arange(1, errors.size + 1) / errors.size
        ax.plot(np.maximum(errors, 1e-7), share, color=colour_of(index), label=name)
    ax.set(
        xscale="log",
        xlabel="absolute error of an output",
        ylabel="share of outputs below it",
        ylim=(0, 1.02),
        title="Errors of the outputs",
    )
    ax.yaxis.set_major_formatter(PercentFormatter(1, 0))
    ax.legend()
    return figure
