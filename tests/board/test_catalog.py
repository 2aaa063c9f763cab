"""The catalogue: figures with sources, fit with what the core takes, energy and battery."""

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.catalog import (
    BOARDS,
    UNCHECKED,
    Figure,
    average_current_ma,
    battery_life_hours,
    estimate_energy_uj,
    fit_board,
    fit_boards,
    get_board,
)
from tinyml_course.board.ports import list_ports
from tinyml_course.errors import BoardError
from tinyml_course.shipped import SKETCHES

# Linked with Seeed's core and its libraries: .text + .data, and .data + .bss with the heap.
WIO_LINKED = {
    "motion": (73_548, 7_316),
    "digits": (99_404, 6_508),
    "keywords": (106_044, 28_312),
    "recorder": (47_292, 5_008),
    "selftest": (46_536, 3_536),
}


@pytest.mark.parametrize("sketch", WIO_LINKED)
def test_what_a_wio_sketch_leaves_is_what_the_vendors_linker_leaves(sketch):
    board = get_board("wio_terminal")
    fit = build_sketch(SKETCHES / sketch, "wio_terminal").fit
    flash_bytes, ram_bytes = WIO_LINKED[sketch]
    flash_off = fit.flash_free_bytes - (board.flash_bytes - flash_bytes)
    ram_off = fit.ram_free_bytes - (board.ram_bytes - ram_bytes)
    assert -6000 < flash_off < 1000  # never much too hopeful
    assert -4000 < ram_off < 500


def test_every_figure_names_a_source_and_unchecked_ones_say_so():
    for board in BOARDS.values():
        assert board.memory_source
        for figure in vars(board).values():
            if isinstance(figure, Figure):
                assert figure.source
                assert (UNCHECKED in figure.note) == (not figure.checked)
                assert figure.value is None or figure.high is None or figure.high > figure.value


def test_fit_counts_what_the_core_takes():
    nano = get_board("nano33ble")
    fit = fit_board(nano, flash_bytes=20_000, ram_bytes=4_000)
    assert fit.fits
    assert fit.core_is_counted
    assert fit.flash_free_bytes == 983_040 - 106_028 - 20_000
    assert fit.ram_free_bytes == 262_144 - 45_232 - 4_000
    # Without its core the array would fit the RAM: the core decides.
    assert not fit_board(nano, 0, 230_000).fits
    assert not fit_board(get_board("esp32c3"), 0, 0).core_is_counted


def test_the_tightest_board_comes_last():
    fits = fit_boards(20_000, 40_000)
    assert len(fits) == len(BOARDS)
    assert fits[-1].board.name == "xiao_samd21"
    assert not fits[-1].fits
    assert [f.margin for f in fits] == sorted((f.margin for f in fits), reverse=True)


def test_battery_life_of_the_text_books():
    assert battery_life_hours(150, 1.33) == pytest.approx(112.8, abs=0.05)
    assert average_current_ma(10, 0, 0.133) == pytest.approx(1.33)
    for wrong in (lambda: battery_life_hours(150, 0), lambda: average_current_ma(1, 1, 1.5)):
        with pytest.raises(BoardError):
            wrong()


def test_energy_is_unknown_where_the_current_is():
    assert estimate_energy_uj(get_board("nucleo_f446re"), 100) is None
    assert estimate_energy_uj(get_board("nano33ble"), 100) == pytest.approx(3.3 * 3.3 * 0.1)


def test_an_unknown_board_lists_the_known_ones():
    with pytest.raises(BoardError, match="nano33ble, wio_terminal"):
        get_board("uno")


def test_ports_end_with_the_virtual_boards():
    urls = [port.url for port in list_ports()]
    assert urls[-5:] == [
        f"virtual://{name}"
        for name in ("nano33ble", "wio_terminal", "xiao_samd21", "pico", "esp32c3")
    ]
