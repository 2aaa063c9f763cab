"""Pictures of sound: orientation, one scale of colours, and reports where they happened."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords_recording import SpokenWord
from tinyml_course.errors import DataError
from tinyml_course.features.streaming import Detection
from tinyml_course.observe.sound_plots import plot_mel_pictures, plot_scores


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


def test_nothing_is_refused():
    with pytest.raises(DataError, match="no pictures"):
        plot_mel_pictures({})
    with pytest.raises(DataError, match="no scores"):
        plot_scores(np.zeros(0), {}, 160)
