"""Explorers: a control moves, and the words and the picture follow; what they say is true."""

import io
import re
import sys

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from tests.notebooks.lesson_files import NOTEBOOKS, SOURCES
from tinyml_course.board.catalog import average_current_ma, battery_life_hours
from tinyml_course.bundle import Bundle
from tinyml_course.compress.grid import fit_grid
from tinyml_course.compress.zeros_in_file import count_zero_weights, zero_smallest_in_file
from tinyml_course.errors import BoardError, DataError, MissingExtraError, QuantizationError
from tinyml_course.live import explorers
from tinyml_course.training.descent import descend, largest_safe_rate

ROOT = NOTEBOOKS.parent

# An explorer, a control of its, and a value at which it says something else.
MOVES = {
    "explore_rotation": ("about_y", 90, "-"),
    "explore_windows": ("hop", 100, "4 windows"),
    "explore_learning_rate": ("exponent", 1.5, "too large"),
    "explore_confusion": ("answer", "run", "answered with run"),
    "explore_quantizer": ("bits", 8, "256 levels"),
    "explore_sparsity": ("share", 90, "90 %"),
    "explore_temperature": ("temperature", 10.0, "Temperature 10"),
    "explore_axis": ("axis", "axis=1", "do not agree from the right"),
    "explore_const": ("word", "not const", "9 KiB of RAM are gone"),
    "explore_multiplier": ("bits", 4, "4 of 31 bits"),
    "explore_anomaly": ("gain", 1.5, "means and RMS"),
    "explore_layout": ("layout", "channels last (TFLite)", "24 of 24 numbers"),
    "explore_tree": ("depth", 1, "2 leaves"),
    "explore_probe": ("fault", "stuck", "unchanged at 14"),
    "explore_fit": ("ram_kib", 300, "fit 2 of"),
    "explore_battery": ("per_minute", 1, "1 inferences"),
    "explore_stream": ("threshold", 255, "Nothing was reported"),
    "explore_onset": ("threshold_g", 2.0, "gestures begin"),
    "explore_rehearsal": ("old", 5, "5 old examples of each class"),
    "explore_nudge": ("size_mg", 60, "the model says walk"),
    "explore_tasks": ("task", "written digits", "64 numbers go in"),
}
LETTER_PX = 7  # of a label, on average


def test_every_explorer_is_tried():
    assert set(MOVES) == set(explorers.__all__)


def test_every_explorer_stands_in_a_lesson_and_in_the_panel_page():
    lessons = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    page = (ROOT / "docs" / "panel.md").read_text(encoding="utf-8")
    for name in explorers.__all__:
        assert f"{name}(" in lessons, name
        assert f"`{name}()`" in page, name


@pytest.mark.parametrize("name", MOVES)
def test_a_control_moves_and_the_words_and_the_picture_follow(name):
    control, value, says = MOVES[name]
    explorer = getattr(explorers, name)()
    words, picture = explorer.words, explorer._picture.value
    explorer.controls[control].value = value
    assert explorer.words != words
    assert says in explorer.words
    assert explorer._picture.value != picture
    assert Image.open(io.BytesIO(explorer._picture.value)).width > 400
    assert 'role="status"' in explorer._text.value
    for each in explorer.controls.values():
        room = int(each.style.description_width.removesuffix("px"))
        assert 0 < LETTER_PX * len(each.description) <= room, (
            "each has its label, and it is not cut"
        )
    bundle = explorer._repr_mimebundle_()  # for a reader without a kernel
    assert explorer.words in bundle["text/plain"]
    assert bundle["image/png"].startswith("iVBOR")
    assert isinstance(explorer, ipywidgets.VBox)


def test_turning_moves_gravity_from_one_axis_to_another_and_keeps_the_magnitude():
    explorer = explorers.explore_rotation(np.tile([0.0, 0.0, 1.0], (50, 1)))
    explorer.controls["about_y"].value = 90
    assert "x -1.00 g, y +0.00 g, z +0.00 g" in explorer.words
    assert "Mean magnitude 1.000 g" in explorer.words
    explorer.controls["bias"].value = 0.5
    assert "Mean magnitude 0.500 g" in explorer.words


def test_a_grid_holds_zero_exactly_and_errs_by_half_a_step_inside():
    values = np.linspace(-1, 3, 1001)
    for bits in (2, 4, 8):
        grid = fit_grid(-1, 3, bits)
        assert grid.dequantize(grid.quantize(np.zeros(1)))[0] == 0
        inside = np.clip(values, *grid.dequantize(np.array([grid.q_min, grid.q_max])))
        back = grid.dequantize(grid.quantize(inside))
        assert np.abs(back - inside).max() <= grid.scale / 2 + 1e-12
    with pytest.raises(QuantizationError, match="2 to 16"):
        fit_grid(-1, 1, 1)
    with pytest.raises(QuantizationError, match="holds nothing"):
        fit_grid(0, 0, 8)


def test_zeros_in_a_file_are_where_the_smallest_weights_were():
    bundle = Bundle.load_shipped("motion")
    zeros, total = count_zero_weights(zero_smallest_in_file(bundle.model, 0.5))
    assert 0.5 * total <= zeros <= 0.5 * total + count_zero_weights(bundle.model)[0]
    assert zero_smallest_in_file(bundle.model, 0.0).network.operators
    assert count_zero_weights(zero_smallest_in_file(bundle.model, 1.0))[0] == total


def test_gradient_descent_follows_the_gradient():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 3))
    y = (x[:, 0] + 0.2 * x[:, 1] > 0).astype(int)
    slow = descend(x, y, 0.1, 50)
    assert (np.diff(slow.losses) < 0).all()
    assert slow.losses[0] == pytest.approx(np.log(2))
    assert slow.accuracy > 0.9
    assert (np.diff(descend(10 * x, y, 30.0, 50).losses) > 0).any()
    with pytest.raises(DataError, match=r"n, features"):
        descend(x[:0], y[:0], 0.1, 1)


def test_a_rate_below_the_limit_never_raises_the_loss_and_far_above_it_jumps():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 3)) * [1, 5, 20]
    y = rng.integers(0, 3, 60)
    limit = largest_safe_rate(x)
    assert (np.diff(descend(x, y, limit, 50).losses) <= 0).all()
    jumping = descend(x, y, 100 * limit, 50)
    assert jumping.turns > 25
    assert jumping.losses[-1] > jumping.losses[0]
    assert descend(x, y, limit / 100, 50).turns == 0


def test_what_is_called_too_large_ends_above_a_smaller_rate():
    explorer = explorers.explore_learning_rate()
    ends = {}
    for exponent in (0.0, -2.0, -1.0, 0.2, 0.3, 0.5, 1.0, 1.5):
        explorer.controls["exponent"].value = exponent
        ends[exponent] = float(explorer.words.split(" to ")[1].split(";")[0])
        assert ("too large" in explorer.words) == (ends[exponent] > ends[0.0] and exponent > 0)
        assert ("came further" in explorer.words) == (exponent < 0)
    assert ends[0.2] < ends[0.0] < ends[0.5] < ends[1.5]


def test_days_are_what_the_catalogue_computes():
    explorer = explorers.explore_battery()
    explorer.controls["per_minute"].value = 60
    duty = 60 * 0.040 / 60
    days = battery_life_hours(225, average_current_ma(3.3, 0.0015, duty)) / 24
    assert f"last {days:,.1f} days" in explorer.words
    with pytest.raises(BoardError, match="nano33ble"):
        explorers.explore_battery("wio_terminal")


def test_a_cell_that_is_clicked_is_the_cell_that_is_shown():
    windows = np.zeros((4, 10, 3))
    scores = np.array([[1, 0], [0, 1], [0, 1], [0, 1]])
    explorer = explorers.explore_confusion(scores, np.array([0, 0, 1, 1]), windows, ("a", "b"))
    assert "1 windows of a were answered with b: 50 %" in explorer.words.replace("50%", "50 %")
    cells = [child for child in explorer.children[1].children if hasattr(child, "click")]
    cells[3].click()
    assert explorer.words.startswith("2 windows of b were answered with b")
    with pytest.raises(DataError, match="one a window"):
        explorers.explore_confusion(scores, np.array([0, 0, 1, 1]), windows[:2], ("a", "b"))


def test_a_lower_threshold_reports_more():
    explorer = explorers.explore_stream()
    high = explorer.words.count(" at ")
    explorer.controls["threshold"].value = 90
    explorer.controls["hold_off"].value = 0
    assert explorer.words.count(" at ") > high > 0


def test_without_the_extra_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(MissingExtraError, match=r"pip install .*\[lab\]"):
        _ = explorers.explore_fit


def test_a_square_table_takes_a_wrong_axis_and_the_words_say_so():
    explorer = explorers.explore_axis()
    explorer.controls["rows"].value = 3
    explorer.controls["axis"].value = "axis=1"
    assert "nobody complains" in explorer.words
    assert "the wrong one" in explorer.words


def test_fewer_bits_of_a_multiplier_are_further_off_and_all_of_them_hit_every_integer():
    explorer = explorers.explore_multiplier()
    assert "0 come to another integer" in explorer.words
    explorer.controls["bits"].value = 2
    assert "0 come to another integer" not in explorer.words


def test_an_array_that_is_not_const_can_be_more_than_a_board_has():
    explorer = explorers.explore_const(300, 10)
    assert "more than the board has" not in explorer.words
    explorer.controls["word"].value = "not const"
    assert "KiB of RAM more than the board has" in explorer.words


def test_the_words_about_a_memory_add_up_to_all_of_it():
    words = explorers.explore_const(200, 20).words
    core_flash, core_ram = re.search(r"takes (\d+) KiB of flash and (\d+) of RAM", words).groups()
    flash, all_flash = re.search(r"(\d+) of (\d+) KiB of flash are left", words).groups()
    ram, all_ram = re.search(r"(\d+) of (\d+) KiB of RAM are left", words).groups()
    assert int(core_flash) + 200 + int(flash) == pytest.approx(int(all_flash), abs=1)
    assert int(core_ram) + 20 + int(ram) == pytest.approx(int(all_ram), abs=1)
