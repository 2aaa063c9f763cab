"""Figures of data, training and models, each with units and returned as a value.

A notebook cell that ends with one shows it; `figure.savefig("name.png")` writes it to a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from tinyml_course.compress.schemes import SchemeTable
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.interpreters.tflm import ArenaUse
from tinyml_course.observe.compression_plots import (
    plot_output_errors,
    plot_pruning_sweep,
    plot_quantization_grid,
    plot_weight_histogram,
)
from tinyml_course.observe.figure import (
    GREY,
    PALETTE,
    colour_of,
    in_course_style,
    need,
    new_figure,
    say_where_it_begins,
)
from tinyml_course.observe.image_plots import plot_pictures
from tinyml_course.training import TrainingHistory

__all__ = [
    "plot_arena",
    "plot_bars",
    "plot_confusion_matrix",
    "plot_curves",
    "plot_features",
    "plot_history",
    "plot_output_errors",
    "plot_pictures",
    "plot_pruning_sweep",
    "plot_quantization_grid",
    "plot_schemes",
    "plot_spectrum",
    "plot_weight_histogram",
    "plot_windows",
]


FEW_POINTS = 12


@in_course_style
def plot_windows(dataset: Dataset, *, a_class: int = 3, seed: int = 0) -> Figure:
    """A few windows of each class: one row a class, one line a channel, time in seconds.

    Args:
        a_class: windows drawn at random from each class.
        seed: of the draw.
    """
    need(len(dataset) > 0, "the data set has no windows")
    present = [c for c in range(dataset.n_classes) if np.any(dataset.y == c)]
    figure = new_figure(3.1 * a_class, 1.7 * len(present) + 0.6)
    axes = figure.subplots(len(present), a_class, sharex=True, sharey=True, squeeze=False)
    rng = np.random.default_rng(seed)
    seconds = np.arange(dataset.window) / dataset.sample_rate_hz
    for row, label in zip(axes, present, strict=True):
        candidates = np.flatnonzero(dataset.y == label)
        chosen = rng.permutation(candidates)[:a_class]
        for ax, index in zip(row, chosen, strict=False):
            for channel, name in enumerate(dataset.channel_names):
                ax.plot(
                    seconds,
                    dataset.x[index, :, channel],
                    color=colour_of(channel),
                    linewidth=1.3,
                    label=name,
                )
            ax.set_title(f"{dataset.class_names[label]} ({dataset.groups[index]})")
        row[0].set_ylabel(f"{dataset.unit}")
    for ax in axes[-1]:
        ax.set_xlabel("time (s)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=8)
    return figure


@in_course_style
def plot_curves(
    x: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    is_log: bool = False,
) -> Figure:
    """Named curves over one axis, for instance how a step's force is put together.

    Args:
        x: `(n,)`, what `xlabel` says, with its unit.
        curves: from name to `(n,)` values, what `ylabel` says, with its unit.
        is_log: equal steps on both axes are equal factors.

    Where there are few points, each is marked: only there was something measured.
    """
    need(len(curves) > 0 and len(x) > 1, "there are no curves, or fewer than two points")
    figure = new_figure(8, 3.2)
    ax = figure.subplots()
    marker = "o" if len(x) <= FEW_POINTS else ""
    for number, (name, values) in enumerate(curves.items()):
        ax.plot(x, values, marker=marker, markersize=4, color=colour_of(number), label=name)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if is_log:
        ax.set(xscale="log", yscale="log")
    ax.margins(x=0.01)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


@in_course_style
def plot_spectrum(dataset: Dataset, *, up_to_hz: float | None = None) -> Figure:
    """The mean amplitude spectrum of each class, from the magnitude over all channels.

    The mean of each window is removed first, so that gravity does not hide the rest.

    Args:
        up_to_hz: where the frequency axis ends; half the sample rate if None.
    """
    need(len(dataset) > 0, "the data set has no windows")
    magnitude = np.linalg.norm(dataset.x, axis=2)
    magnitude = magnitude - magnitude.mean(axis=1, keepdims=True)
    # Hann window, scaled so that a sine of amplitude 1 shows a peak of 1
    taper = np.hanning(dataset.window)
    amplitude = np.abs(np.fft.rfft(magnitude * taper, axis=1)) * 2 / taper.sum()
    frequency_hz = np.fft.rfftfreq(dataset.window, 1 / dataset.sample_rate_hz)
    figure = new_figure(8, 3.6)
    ax = figure.subplots()
    for label, name in enumerate(dataset.class_names):
        of_class = amplitude[dataset.y == label]
        if len(of_class):
            low, high = np.quantile(of_class, (0.1, 0.9), axis=0)
            ax.plot(frequency_hz, of_class.mean(axis=0), color=colour_of(label), label=name)
            ax.fill_between(frequency_hz, low, high, color=colour_of(label), alpha=0.15, lw=0)
    ax.set(
        xlabel="frequency (Hz)",
        ylabel=f"amplitude ({dataset.unit})",
        xlim=(0, up_to_hz or dataset.sample_rate_hz / 2),
        ylim=(0, None),
        title="Mean spectrum of each class (band: 10 % to 90 % of the windows)",
    )
    ax.legend()
    return figure


@in_course_style
def plot_features(
    features: np.ndarray,
    y: np.ndarray,
    class_names: Sequence[str],
    feature_names: Sequence[str],
) -> Figure:
    """How each feature is distributed in each class: one small panel a feature.

    Args:
        features: `(n, n_features)`.
        y: `(n,)` labels.
    """
    features, y = np.asarray(features), np.asarray(y)
    need(len(features) > 0, "there are no features")
    columns = min(4, len(feature_names))
    rows = -(-len(feature_names) // columns)
    figure = new_figure(2.4 * columns, 1.9 * rows + 0.4)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in panels[len(feature_names) :]:
        ax.set_visible(False)
    for ax, values, name in zip(panels, features.T, feature_names, strict=False):
        edges = np.linspace(*np.quantile(values, (0.005, 0.995)), 30)
        for label, class_name in enumerate(class_names):
            chosen = np.clip(values[y == label], edges[0], edges[-1])
            ax.hist(chosen, edges, color=colour_of(label), alpha=0.55, label=class_name)
        ax.set_title(name, fontsize=10)
        ax.set_yticks([])
        ax.grid(False)
    figure.supylabel("windows in the bin", fontsize=11)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=8)
    return figure


@in_course_style
def plot_history(history: TrainingHistory) -> Figure:
    """Loss and accuracy over the epochs, for the training and the validation part."""
    epochs = np.arange(1, history.epochs + 1)
    if history.accuracy:
        panels = [
            ("Loss", "cross-entropy (nats)", history.loss, history.val_loss),
            ("Accuracy", "share of right answers", history.accuracy, history.val_accuracy),
        ]
    else:
        panels = [("Loss", "loss", history.loss, history.val_loss)]
    figure = new_figure(4.5 * len(panels), 3.4)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for ax, (title, label, training, validation) in zip(axes, panels, strict=True):
        ax.plot(epochs, training, color=PALETTE[0], label="training")
        ax.plot(epochs, validation, color=PALETTE[1], label="validation")
        ax.axvline(history.best_epoch, color=GREY, linestyle=":", linewidth=1.4)
        ax.plot(
            history.best_epoch,
            validation[history.best_epoch - 1],
            "o",
            color=PALETTE[1],
            label=f"kept: epoch {history.best_epoch}",
        )
        ax.set(title=title, xlabel="epoch", ylabel=label)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend()
    if history.accuracy:
        say_where_it_begins(axes[1])
    return figure


@in_course_style
def plot_confusion_matrix(matrix: np.ndarray, class_names: Sequence[str]) -> Figure:
    """Counts of samples; shade and percentages are of the true class, so each row sums to 100 %.

    Args:
        matrix: as `training.confusion_matrix` returns it: row = true class, column = answer.
    """
    matrix = np.asarray(matrix)
    n = len(class_names)
    need(matrix.shape == (n, n), f"a matrix of shape {matrix.shape} for {n} classes")
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    side = 2.0 + 0.85 * n
    figure = new_figure(side + 0.8, side)
    ax = figure.subplots()
    picture = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(matrix.shape):
        ax.text(
            column,
            row,
            f"{matrix[row, column]}\n{share[row, column]:.0%}",
            ha="center",
            va="center",
            color="white" if share[row, column] > 0.5 else "black",
        )
    ax.set_xticks(range(n), class_names, rotation=0 if n <= 5 else 45)
    ax.set_yticks(range(n), class_names)
    ax.set(xlabel="the model's answer", ylabel="true class", title="Confusion matrix (samples)")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    bar = figure.colorbar(picture, ax=ax, shrink=0.8, format=PercentFormatter(1, 0))
    bar.set_label("share of the true class")
    return figure


@in_course_style
def plot_schemes(table: SchemeTable) -> Figure:
    """What each number format costs, and the accuracy it keeps. What TFLM refuses has no arena."""
    rows = list(table)
    place = np.arange(len(rows))
    figure = new_figure(10, 0.55 * len(rows) + 1.5)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.6, 1))
    file_bars = left.barh(
        place - 0.2, [row.file_bytes for row in rows], 0.38, color=PALETTE[0], label="file (flash)"
    )
    arena_bars = left.barh(
        place + 0.2,
        [row.arena_bytes or 0 for row in rows],
        0.38,
        color=PALETTE[4],
        label="TFLM's arena (RAM)",
    )
    left.bar_label(file_bars, fmt="{:,.0f}", padding=4, fontsize=9)
    left.bar_label(
        arena_bars,
        [
            f"{row.arena_bytes:,}" if row.arena_bytes else "none: TFLM does not run it"
            for row in rows
        ],
        padding=4,
        fontsize=9,
    )
    left.set_yticks(place, [row.name for row in rows])
    left.invert_yaxis()
    left.margins(x=0.12)
    left.set(xlabel="bytes", title="What it costs")
    left.legend(loc="lower center", bbox_to_anchor=(0.75, 1.0), ncols=2, fontsize=9)

    accuracies = np.array([row.accuracy for row in rows])
    error, spread = np.zeros(len(rows)), ""
    if table.measure == "accuracy":
        error = np.sqrt(accuracies * (1 - accuracies) / max(table.samples, 1))
        spread = ", with its\nstandard error (not from 0)"
    right.errorbar(accuracies, place, xerr=error, fmt="o", color=PALETTE[1], markersize=9,
                   elinewidth=1.2, capsize=3)  # fmt: skip
    for value, at in zip(accuracies, place, strict=True):
        right.annotate(f"{value:.3f}", (value, at), (0, 7), textcoords="offset points", ha="center")
    # an axis never narrower than four points, so that noise does not look like a difference
    middle = (accuracies.min() + accuracies.max()) / 2
    half = max(0.7 * float(np.ptp(accuracies)) + float(error.max()), 0.02)
    right.set(
        xlim=(middle - half, middle + half),
        xlabel=f"{table.measure} on {table.samples} samples{spread}",
        title="What it keeps",
    )
    # no tick beyond 1: there are no better accuracies
    ticks = MaxNLocator(3).tick_values(middle - half, min(middle + half, 1))
    right.set_xticks([tick for tick in ticks if middle - half <= tick <= 1])
    for ax in (left, right):
        ax.grid(False, axis="y")
    return figure


@in_course_style
def plot_arena(use: ArenaUse) -> Figure:
    """What fills TFLM's tensor arena, as one bar a part."""
    parts = {"activations and scratch": use.activations_bytes, **use.parts}
    parts["not itemized by TFLM"] = use.total_bytes - sum(parts.values())
    parts = {name: size for name, size in parts.items() if size}
    figure = new_figure(8, 0.45 * len(parts) + 1.1)
    ax = figure.subplots()
    bars = ax.barh(list(parts), list(parts.values()), color=PALETTE[0])
    bars[0].set_color(PALETTE[1])
    ax.bar_label(bars, fmt=" {:,.0f}")
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set(xlabel="bytes", title=f"TFLM's arena: {use.total_bytes:,} bytes in use")
    ax.grid(False, axis="y")
    return figure


@in_course_style
def plot_bars(
    values: Mapping[str, float],
    *,
    title: str,
    label: str,
    reference: float | None = None,
    reference_name: str = "",
) -> Figure:
    """Named values side by side, each written at its bar, with a line to compare them with.

    Args:
        values: from name to value, for instance accuracies.
        title, label: of the figure, and of the axis with its unit.
        reference: a value to draw as a line, for instance the accuracy of guessing.
    """
    need(len(values) > 0, "there are no values")
    figure = new_figure(8, 0.5 * len(values) + (1.2 if reference is None else 1.5))
    ax = figure.subplots()
    bars = ax.barh(list(values), list(values.values()), color=PALETTE[0])
    whole = all(float(value).is_integer() for value in values.values())
    texts = ax.bar_label(bars, fmt="{:,.0f}" if whole else "{:.3f}", padding=4)
    for text in texts:  # the reference line must not run through a figure
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    if reference is not None:
        ax.axvline(reference, color=PALETTE[1], linestyle="--", label=reference_name or "reference")
        figure.legend(loc="outside lower center")
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set(xlabel=label, title=title)
    ax.grid(False, axis="y")
    return figure


@in_course_style
def plot_grouped_bars(
    series: Mapping[str, Mapping[str, float]], *, title: str, label: str
) -> Figure:
    """The same names measured several times: a group of bars a name, a colour a measurement.

    Args:
        series: from the measurement, for instance "before", to its value for each name.
        title, label: of the figure, and of the axis with its unit.
    """
    need(len(series) > 0, "there are no values")
    names = list(next(iter(series.values())))
    need(
        len(names) > 0 and all(list(values) == names for values in series.values()),
        "the series do not have the same names in the same order",
    )
    figure = new_figure(8, 0.35 * len(names) * len(series) + 1.6)
    ax = figure.subplots()
    height = 0.8 / len(series)
    for index, (name, values) in enumerate(series.items()):
        places = np.arange(len(names)) + (index - (len(series) - 1) / 2) * height
        bars = ax.barh(places, list(values.values()), height, color=colour_of(index), label=name)
        ax.bar_label(bars, fmt="{:.3f}", padding=4)
    ax.set_yticks(np.arange(len(names)), names)
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set(xlabel=label, title=title)
    ax.grid(False, axis="y")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=len(series))
    return figure
