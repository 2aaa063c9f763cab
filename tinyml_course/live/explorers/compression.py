"""Explorers of what makes a network small: bits, zeros, a teacher's softness. Lessons 04 to 06."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.compress.distill import soften
from tinyml_course.compress.grid import fit_grid
from tinyml_course.compress.prune import PruningRow, gzip_bytes
from tinyml_course.compress.zeros_in_file import count_zero_weights, zero_smallest_in_file
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.observe.compression_plots import plot_pruning_sweep, plot_quantization_grid
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

SHARES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def explore_quantizer(values: np.ndarray | None = None) -> Explorer:
    """Bits and range of a quantizer: steps too coarse, or ends cut off. Lesson 04.

    Args:
        values: what is quantized, of any shape; a bell of 2,000 numbers if None.
    """
    given = np.random.default_rng(0).normal(0, 1, 2000) if values is None else np.ravel(values)
    largest = float(np.abs(given).max()) or 1.0

    def show(bits: int, low: float, high: float) -> Shown:
        grid = fit_grid(low, high, bits)
        back = grid.dequantize(grid.quantize(given))
        clipped = float(((given < low) | (given > high)).mean())
        error = float(np.sqrt(np.mean((back - given) ** 2)))
        words = (
            f"{bits} bits for {min(low, 0):.2f} to {max(high, 0):.2f}: scale {grid.scale:.4g}, "
            f"zero point {grid.zero_point}, {grid.q_max - grid.q_min + 1:,} levels.\n"
            f"Root mean square error of {given.size:,} values: {error:.4g}; "
            f"{clipped:.1%} of them lie outside the range and are clamped."
        )
        figure = plot_quantization_grid(
            grid.scale, grid.zero_point, low=-largest, high=largest, q_min=grid.q_min,
            q_max=grid.q_max,
        )  # fmt: skip
        return Shown(figure, words)

    return Explorer(
        "Bits and range of a quantizer",
        {
            "bits": int_slider("bits", 4, 2, 8),
            "low": float_slider("lowest value", -largest, -1.5 * largest, 0.0, largest / 20),
            "high": float_slider("highest value", largest, 0.05 * largest, 1.5 * largest,
                                 largest / 20),
        },
        show,
        letters=(72, 104),
    )  # fmt: skip


def explore_sparsity(bundle: Bundle | str = "motion") -> Explorer:
    """Weights set to zero in a finished model: accuracy, file, gzip. Lesson 05.

    Args:
        bundle: a Bundle, or the name of one that ships; accuracy is that of its golden windows.
    """
    chosen = Bundle.load_shipped(bundle) if isinstance(bundle, str) else bundle
    x = np.asarray(chosen.preprocessing.apply(chosen.golden.windows), np.float32)
    rows: dict[float, PruningRow] = {}

    def row_of(share: float) -> PruningRow:
        if share not in rows:
            model = zero_smallest_in_file(chosen.model, share)
            right = run_litert(model, x).argmax(axis=1) == chosen.golden.labels
            zeros, total = count_zero_weights(model)
            rows[share] = PruningRow(
                share, float(right.mean()), len(model), gzip_bytes(model), total - zeros
            )
        return rows[share]

    def show(share: int) -> Shown:
        row = row_of(share / 100)
        dense = row_of(0.0)
        words = (
            f"{share} % of each layer's weights are zero: {row.nonzero_weights:,} are not.\n"
            f"Accuracy on {len(x)} windows {row.accuracy:.1%}, before {dense.accuracy:.1%}. "
            f"The file has {row.file_bytes:,} bytes as before; gzipped {row.gzip_bytes:,}, "
            f"before {dense.gzip_bytes:,}. Nothing was trained after the cut."
        )
        figure = plot_pruning_sweep([row_of(s) for s in sorted({*SHARES, share / 100})])
        for ax in figure.axes:
            ax.axvline(share / 100, color=colour_of(6), linestyle=":", linewidth=1)
        return Shown(figure, words)

    return Explorer(
        "Sparsity against accuracy and bytes",
        {"share": int_slider("weights set to zero", 50, 0, 95, "%", 5)},
        show,
    )


def explore_temperature(
    scores: np.ndarray | None = None, class_names: Sequence[str] = ()
) -> Explorer:
    """How sure a teacher sounds: the same order, and more to learn from the runners-up. Lesson 06.

    Args:
        scores: `(classes,)` probabilities; those of a digit that could be another if None.
        class_names: one a class.
    """
    if scores is None:
        bundle = Bundle.load_shipped("digits")
        all_scores = np.asarray(bundle.predict_scores(bundle.golden.windows))
        unsure = np.sort(all_scores, axis=1)[:, -1].argmin()
        scores, class_names = all_scores[unsure], bundle.class_names
    given = np.asarray(scores, float)
    given = np.maximum(given, 1e-4) / np.maximum(given, 1e-4).sum()
    names = list(class_names) or [str(number) for number in range(len(given))]

    def show(temperature: float) -> Shown:
        soft = soften(given[np.newaxis], temperature)[0]
        first, second = np.argsort(-soft)[:2]
        entropy = -float((soft * np.log2(soft)).sum())
        words = (
            f"Temperature {temperature:g}: {names[first]} {soft[first]:.1%}, then {names[second]} "
            f"{soft[second]:.1%}; at temperature 1 {given[first]:.1%} and {given[second]:.1%}.\n"
            f"Entropy {entropy:.2f} bits of at most {np.log2(len(soft)):.2f}."
        )
        return Shown(_draw_scores(names, given, soft, temperature), words)

    return Explorer(
        "Temperature of distillation",
        {"temperature": float_slider("temperature", 2.0, 0.5, 10.0, 0.5, digits=1)},
        show,
    )


@in_course_style
def _draw_scores(
    names: Sequence[str], before: np.ndarray, after: np.ndarray, temperature: float
) -> LessonFigure:
    figure = new_figure(8, 3.2)
    ax = figure.subplots()
    places = np.arange(len(names))
    ax.bar(places - 0.2, before, 0.4, color=colour_of(5), label="temperature 1")
    ax.bar(places + 0.2, after, 0.4, color=colour_of(0), hatch="//", edgecolor="white",
           label=f"temperature {temperature:g}")  # fmt: skip
    ax.set_xticks(places, names)
    ax.set(ylabel="probability", ylim=(0, 1), title="What the teacher says")
    ax.legend()
    return figure
