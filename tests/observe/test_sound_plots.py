"""Pictures of sound: orientation, one scale of colours, and reports where they happened."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords_recording import SpokenWord
from tinyml_course.errors import DataError
from tinyml_course.features.streaming import Detection
from tinyml_course.observe.sound_plots import (
    MOST_WRITTEN,
    plot_mel_pictures,
    plot_scores,
    plot_spectrogram,
)


def test_a_mel_picture_stands_with_low_notes_at_the_bottom_and_seconds_along():
    rows = np.full((49, 20), -128, np.int8)
    rows[:, 0] = 127
    figure = plot_mel_pictures({"Python": rows, "C": rows})
    left, right = figure.axes[:2]
    assert [ax.get_title(loc="left") for ax in (left, right)] == ["Python", "C"]
    assert left.get_xlabel() == "time (s)"
    assert left.get_ylim()[0] < left.get_ylim()[1]
    assert left.get_xlim() == pytest.approx((0, 0.98))
    image = left.images[0]
    assert image.get_clim() == (-128, 127)
    assert (image.get_array()[0] == 127).all()


def test_scores_show_the_words_and_reports_of_their_time_only():
    words = [SpokenWord(0, 1.0, 1.5, "yes"), SpokenWord(1, 70.0, 70.4, "no")]
    reports = [Detection(1.7, 0), Detection(70.6, 1)]
    time_s = np.arange(0, 10, 0.24)
    figure = plot_scores(time_s, {"yes": 0 * time_s, "no": 0 * time_s}, 160, words, reports)
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.texts] == ["yes"]
    marks = [line for line in ax.lines if line.get_marker() == "v"]
    assert [float(line.get_xdata()[0]) for line in marks] == [1.7]
    assert "s)" in ax.get_xlabel()
    assert ax.get_xlim()[1] == time_s[-1]


def test_words_that_would_lie_over_each_other_are_not_written():
    time_s = np.arange(0, 60, 0.24)
    words = [SpokenWord(k % 3, 2.0 * k, 2.0 * k + 0.4, "w") for k in range(MOST_WRITTEN + 1)]
    figure = plot_scores(time_s, {"yes": 0 * time_s, "no": 0 * time_s}, 160, words)
    (ax,) = figure.axes
    assert not ax.texts
    colours = [patch.get_facecolor()[:3] for patch in ax.patches]
    assert len(colours) == len(words)
    assert len(set(colours)) == 3, "yes, no and other words"
    assert [text.get_text() for text in plot_scores(time_s, {}, 160, words[:-1]).axes[0].texts]


def test_a_spectrogram_has_hertz_at_its_side_and_a_scale_of_its_own():
    rows = np.zeros((49, 256))
    rows[:, 8] = 21.5
    figure = plot_spectrogram(rows, 31.25, title="t")
    ax = figure.axes[0]
    assert ax.get_ylim() == pytest.approx((0, 8))
    assert ax.get_ylabel() == "frequency (kHz)"
    assert ax.images[0].get_clim() == (0, 21.5)


def test_nothing_is_refused():
    with pytest.raises(DataError, match="spectrogram is empty"):
        plot_spectrogram(np.zeros((0, 256)), 31.25, title="t")
    with pytest.raises(DataError, match="no pictures"):
        plot_mel_pictures({})
    with pytest.raises(DataError, match="no scores"):
        plot_scores(np.zeros(0), {}, 160)
