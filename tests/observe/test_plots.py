"""Figures are judged by eye; these tests hold what an eye would miss: units, values, no leaks."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tinyml_course.compress.schemes import SchemeRow, SchemeTable
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError
from tinyml_course.interpreters.tflm import ArenaUse
from tinyml_course.observe import plots
from tinyml_course.training import TrainingHistory

RNG = np.random.default_rng(0)


def make_dataset() -> Dataset:
    """Two classes: one at rest, one a sine of 5 Hz and amplitude 0.5 on an axis that holds 1 g."""
    t = np.arange(100) / 50
    rest = np.tile([0.0, 0.0, 1.0], (6, 100, 1))
    shaken = rest.copy()
    shaken[:, :, 2] += 0.5 * np.sin(2 * np.pi * 5 * t)
    x = np.concatenate([rest, shaken])
    return Dataset(
        x, [0] * 6 + [1] * 6, ["ann"] * 12, 50.0, ("still", "shaken"), ("ax", "ay", "az"), "g"
    )


def make_schemes() -> SchemeTable:
    rows = (
        SchemeRow("fp32", 0.99, 4816, 2192, "", 0.0, 0.0, 0),
        SchemeRow("fp16", 0.99, 3792, None, "refuses", 0.001, 0.0, 0),
        SchemeRow("int8", 0.98, 2768, 2192, "", 0.08, 0.002, 1),
    )
    return SchemeTable(rows, "fp32", 500)


SWEEP = [
    SimpleNamespace(
        sparsity=s, accuracy=0.9, file_bytes=5000, gzip_bytes=4000, nonzero_weights=2000
    )
    for s in (0.0, 0.5, 0.9)
]
FIGURES = {
    "windows": lambda: plots.plot_windows(make_dataset()),
    "curves": lambda: plots.plot_curves(
        np.arange(3), {"a": np.ones(3)}, title="T", xlabel="time (s)", ylabel="push (g)"
    ),
    "spectrum": lambda: plots.plot_spectrum(make_dataset()),
    "features": lambda: plots.plot_features(
        RNG.normal(size=(50, 5)), RNG.integers(0, 2, 50), ["a", "b"], list("vwxyz")
    ),
    "history": lambda: plots.plot_history(
        TrainingHistory([1, 0.5], [1, 0.6], [0.5, 0.9], [0.5, 0.8], 2, 0.1)
    ),
    "confusion": lambda: plots.plot_confusion_matrix(np.array([[3, 1], [0, 4]]), ["a", "b"]),
    "schemes": lambda: plots.plot_schemes(make_schemes()),
    "arena": lambda: plots.plot_arena(ArenaUse(900, 300, 600, {"structs": 400})),
    "grouped bars": lambda: plots.plot_grouped_bars(
        {"before": {"yes": 0.8, "no": 0.7}, "after": {"yes": 0.9, "no": 1.0}},
        title="Recall",
        label="share of a class",
    ),
    "bars": lambda: plots.plot_bars(
        {"a": 0.3, "b": 0.9}, title="T", label="accuracy", reference=0.5
    ),
    "grid": lambda: plots.plot_quantization_grid(0.25, 2, q_min=-8, q_max=7),
    "weights": lambda: plots.plot_weight_histogram({"before": RNG.normal(size=(4, 5))}),
    "sweep": lambda: plots.plot_pruning_sweep(SWEEP),
    "errors": lambda: plots.plot_output_errors(np.zeros((4, 2)), {"int8": np.full((4, 2), 0.01)}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_panel_says_what_it_shows(name):
    figure = FIGURES[name]()
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert any(ax.get_title(loc="left") for ax in figure.axes)
    labelled = [ax.get_xlabel() for ax in figure.axes] + [ax.get_ylabel() for ax in figure.axes]
    assert any(labelled) or figure.get_supylabel()


def test_units_reach_the_axes():
    windows, spectrum = FIGURES["windows"](), FIGURES["spectrum"]()
    assert windows.axes[0].get_ylabel() == "g"
    assert windows.axes[-1].get_xlabel() == "time (s)"
    assert spectrum.axes[0].get_xlabel() == "frequency (Hz)"
    assert spectrum.axes[0].get_ylabel() == "amplitude (g)"


def test_a_sine_stands_in_the_spectrum_with_its_frequency_and_amplitude():
    shaken = FIGURES["spectrum"]().axes[0].lines[1]
    peak = int(shaken.get_ydata().argmax())
    assert shaken.get_xdata()[peak] == 5.0
    assert shaken.get_ydata()[peak] == pytest.approx(0.5, rel=0.02)


def test_the_staircase_has_the_steps_that_the_integers_allow():
    line = FIGURES["grid"]().axes[0].lines[1]
    steps = np.unique(line.get_ydata())
    np.testing.assert_allclose(steps, 0.25 * (np.arange(-8, 8) - 2), atol=1e-9)


def test_the_confusion_matrix_shows_counts_and_shares():
    texts = [text.get_text() for text in FIGURES["confusion"]().axes[0].texts]
    assert texts == ["3\n75%", "1\n25%", "0\n0%", "4\n100%"]


def test_a_refused_format_has_no_arena_bar():
    texts = [text.get_text() for text in FIGURES["schemes"]().axes[0].texts]
    assert texts == ["4,816", "3,792", "2,768", "2,192", "none: TFLM does not run it", "2,192"]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(DataError, match="no windows"):
        plots.plot_windows(make_dataset().subset(np.array([], int)))
    with pytest.raises(DataError, match=r"shape \(2, 2\) for 3 classes"):
        plots.plot_confusion_matrix(np.zeros((2, 2)), ["a", "b", "c"])


def test_the_same_figure_gives_the_same_bytes():
    assert FIGURES["windows"]()._repr_png_() == FIGURES["windows"]()._repr_png_()


def test_a_notebook_shows_it_once_and_pyplot_is_left_alone():
    program = (
        "import sys\n"
        "from tinyml_course.observe.plots import plot_bars\n"
        "figure = plot_bars({'a': 1.0}, title='t', label='l')\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "data, _ = InteractiveShell.instance().display_formatter.format(figure)\n"
        "assert 'image/png' in data, data\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_a_pin_is_drawn_as_long_as_it_was_on():
    from tinyml_course.board.virtual.gpio import PinChange
    from tinyml_course.observe.board_plots import plot_pins, plot_screen

    figure = plot_pins([PinChange(1_000_000, 13, 1), PinChange(3_000_000, 13, 0)], {13: "lamp"}, 5)
    (stairs,) = figure.axes[0].patches
    assert stairs.get_data().edges.tolist() == [0, 1, 3, 5]
    assert stairs.get_data().values.tolist() == [0, 1, 0]
    assert plot_screen(np.zeros((240, 320, 3), np.uint8)).axes[0].images[0].get_size() == (240, 320)


def test_pictures_are_drawn_dark_where_there_is_ink():
    pictures = np.zeros((3, 8, 8))
    pictures[1, 2, 3] = 1
    figure = plots.plot_pictures(pictures, list("abc"), columns=2)
    shown = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in shown] == list("abc")
    image = shown[1].images[0]
    assert image.get_clim() == (0, 1)
    assert image.cmap(image.norm(1.0))[:3] == (0.0, 0.0, 0.0)
    assert "ink" in figure.axes[-1].get_ylabel()
    with pytest.raises(DataError, match="one title"):
        plots.plot_pictures(pictures, ["a"])


def test_an_accuracy_axis_that_does_not_begin_at_0_says_where_it_does():
    left = plots.plot_pruning_sweep(SWEEP).axes[0]
    assert left.get_ylim()[0] > 0.5
    assert f"axis begins at {left.get_ylim()[0]:.2g}" in left.get_ylabel()


def test_few_points_are_marked_and_many_are_not():
    few = plots.plot_curves(np.arange(3), {"a": np.arange(3)}, title="", xlabel="", ylabel="")
    many = plots.plot_curves(np.arange(99), {"a": np.arange(99)}, title="", xlabel="", ylabel="")
    assert few.axes[0].lines[0].get_marker() == "o"
    assert many.axes[0].lines[0].get_marker() in ("", "None")


def test_accuracies_of_number_formats_have_a_standard_error():
    right = plots.plot_schemes(make_schemes()).axes[1]
    (bars,) = right.containers
    ends = np.array(bars.lines[2][0].get_segments())[:, :, 0]
    assert np.ptp(ends[0]) == pytest.approx(2 * np.sqrt(0.99 * 0.01 / 500))
