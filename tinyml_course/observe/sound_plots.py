"""What a chip makes of sound: log-mel pictures, and a detector's scores over time. Lesson 12."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from tinyml_course.datasets.keywords_recording import SpokenWord
from tinyml_course.features.streaming import Detection
from tinyml_course.observe.figure import GREY, colour_of, in_course_style, need, new_figure

PALE = "#E3E3E3"
MOST_WRITTEN = 12  # words above one picture; more of them lie over each other


@in_course_style
def plot_mel_pictures(pictures: Mapping[str, np.ndarray], hop_s: float = 0.02) -> Figure:
    """Log-mel pictures side by side, low notes at the bottom, in one scale of colours.

    Args:
        pictures: from title to `(frames, n_mels)` int8.
        hop_s: seconds from one frame to the next.
    """
    need(len(pictures) > 0, "there are no pictures")
    figure = new_figure(4.2 * len(pictures) + 0.8, 3.2)
    axes = figure.subplots(1, len(pictures), sharey=True, squeeze=False)[0]
    for ax, (title, rows) in zip(axes, pictures.items(), strict=True):
        image = ax.imshow(
            np.asarray(rows).T,
            origin="lower",
            aspect="auto",
            interpolation="nearest",
            cmap="magma",
            vmin=-128,
            vmax=127,
            extent=(0, len(rows) * hop_s, -0.5, rows.shape[1] - 0.5),
        )
        ax.set(title=title, xlabel="time (s)")
        ax.grid(False)
    axes[0].set(ylabel="mel band", yticks=range(0, rows.shape[1], 5))
    figure.colorbar(image, ax=list(axes), label="int8 (8 steps: energy x 2)")
    return figure


@in_course_style
def plot_spectrogram(
    spectrogram: np.ndarray, hz_apart: float, *, title: str, hop_s: float = 0.02
) -> Figure:
    """How strong each frequency is, window after window, low ones at the bottom.

    Args:
        spectrogram: `(frames, frequencies)`, the logarithm of the energy.
        hz_apart: from one frequency to the next.
        hop_s: seconds from one frame to the next.
    """
    need(np.size(spectrogram) > 0, "the spectrogram is empty")
    figure = new_figure(9, 3.4)
    ax = figure.subplots()
    frames, frequencies = spectrogram.shape
    image = ax.imshow(
        spectrogram.T,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap="magma",
        extent=(0, frames * hop_s, 0, frequencies * hz_apart / 1000),
    )
    ax.set(title=title, xlabel="time (s)", ylabel="frequency (kHz)")
    ax.grid(False)
    figure.colorbar(image, ax=ax, label="log of the energy")
    return figure


@in_course_style
def plot_scores(
    time_s: np.ndarray,
    scores: Mapping[str, np.ndarray],
    threshold: float,
    words: Iterable[SpokenWord] = (),
    detections: Sequence[Detection] = (),
) -> Figure:
    """A detector at work: what was said (grey), the scores, the threshold, the reports (triangles).

    More words than there is room for are not written; a keyword then has the colour of its score.

    Args:
        time_s: `(n,)` when each score was given.
        scores: from name to `(n,)` scores, 0 to 255; their order is that of the classes.
        threshold: what a score must reach.
        words: the truth; those within the time axis are drawn.
        detections: reports; `keyword` is the place in `scores`.
    """
    need(len(time_s) > 0, "there are no scores")
    figure = new_figure(9, 3.4)
    ax = figure.subplots()
    first, last = float(time_s[0]), float(time_s[-1])
    inside = [word for word in words if word.start_s < last and word.end_s > first]
    for word in inside:
        if len(inside) <= MOST_WRITTEN:
            ax.axvspan(word.start_s, word.end_s, color=PALE, lw=0)
            middle = (word.start_s + word.end_s) / 2
            ax.text(middle, 272, word.text, ha="center", va="bottom", fontsize=9, clip_on=True)
            continue
        is_keyword = word.label < len(scores)
        colour = to_rgba(colour_of(word.label), 0.35) if is_keyword else PALE
        ax.axvspan(word.start_s, word.end_s, color=colour, lw=0)
    for number, (name, values) in enumerate(scores.items()):
        ax.plot(time_s, values, color=colour_of(number), label=name, marker=".", markersize=4)
    ax.axhline(threshold, color=GREY, linestyle="--", linewidth=1, label="threshold")
    for detection in detections:
        if first <= detection.time_s <= last:
            colour = colour_of(detection.keyword)
            ax.plot(detection.time_s, 264, marker="v", color=colour, markersize=9, clip_on=False)
    ax.set(xlabel="time (s)", ylabel="score (0 to 255)", xlim=(first, last), ylim=(-8, 290))
    figure.legend(loc="outside lower center", ncols=4)
    return figure
