"""Explorers of boards: what fits, and how long a battery lasts. Lesson 10."""

from __future__ import annotations

import numpy as np

from tinyml_course.board.catalog import (
    BOARDS,
    Fit,
    average_current_ma,
    battery_life_hours,
    fit_boards,
    get_board,
)
from tinyml_course.errors import BoardError
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

KIB = 1024
PERIOD_S = 60.0  # of the duty cycle
SUPPLIES = {"coin cell CR2032": 225.0, "small LiPo": 150.0, "two AA cells": 2500.0}


def explore_fit(flash_kib: int = 60, ram_kib: int = 20) -> Explorer:
    """A program of any size on every board, with what the board's own core takes. Lesson 10.

    Args:
        flash_kib, ram_kib: where the sliders begin.
    """

    def show(flash_kib: int, ram_kib: int) -> Shown:
        fits = fit_boards(flash_kib * KIB, ram_kib * KIB)
        on = [fit.board.name for fit in fits if fit.fits]
        off = [fit.board.name for fit in fits if not fit.fits]
        unknown = [fit.board.name for fit in fits if not fit.core_is_counted]
        words = (
            f"{flash_kib} KiB of flash and {ram_kib} KiB of RAM fit {len(on)} of {len(fits)} "
            f"boards: {', '.join(on) or 'none'}. Not: {', '.join(off) or 'none'}.\n"
            f"What the Arduino core takes is not known for {', '.join(unknown) or 'none'}: there "
            "less is left than drawn."
        )
        return Shown(_draw_fits(fits, flash_kib * KIB, ram_kib * KIB), words)

    return Explorer(
        "Which board does it fit?",
        {
            "flash_kib": int_slider("flash of the program", flash_kib, 4, 1200, "KiB", 4),
            "ram_kib": int_slider("RAM with its stack", ram_kib, 1, 300, "KiB"),
        },
        show,
    )


@in_course_style
def _draw_fits(fits: list[Fit], flash_bytes: int, ram_bytes: int) -> LessonFigure:
    figure = new_figure(9, 3.8)
    axes = figure.subplots(1, 2, sharey=True)
    names = [fit.board.name for fit in fits]
    parts = (
        ("flash", [f.board.flash_bytes for f in fits],
         [f.board.core_flash_bytes.value or 0 for f in fits], flash_bytes),
        ("RAM", [f.board.ram_bytes for f in fits],
         [f.board.core_ram_bytes.value or 0 for f in fits], ram_bytes),
    )  # fmt: skip
    for ax, (title, have, core, need) in zip(axes, parts, strict=True):
        shares = np.array(core) / have
        mine = need / np.array(have, float)
        ax.barh(names, shares, color="#C9CED4", label="the board's core")
        ax.barh(names, np.minimum(mine, 1.5 - shares), left=shares, color=colour_of(0),
                label="your program")  # fmt: skip
        ax.axvline(1.0, color=colour_of(1), linestyle="--", label="all there is")
        for row, whole in enumerate(shares + mine):
            if whole > 1:
                note = ax.text(1.04, row, "too much", va="center", fontsize=9, color=colour_of(1))
                note.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        ax.set(xlabel=f"share of its {title}", xlim=(0, 1.5), title=title)
    axes[0].invert_yaxis()
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def explore_battery(board: str = "nano33ble", latency_ms: float = 40.0) -> Explorer:
    """Inferences a minute against weeks on a battery. The processor alone, estimated. Lesson 10.

    Args:
        board: one whose currents, awake and asleep, the catalogue knows.
        latency_ms: of one inference.

    Raises:
        BoardError: no such board, or a current that nobody knows.
    """
    chosen = get_board(board)
    active, sleep = chosen.active_ma.value, chosen.sleep_ua.value
    if active is None or sleep is None:
        known = [b.name for b in BOARDS.values() if b.active_ma.value and b.sleep_ua.value]
        raise BoardError(
            f"the catalogue does not know how much a {chosen.title} draws asleep; known for: "
            f"{', '.join(known)}"
        )

    def duty_of(per_minute: float, each_ms: float) -> float:
        return min(1.0, per_minute * each_ms / 1000 / PERIOD_S)

    def show(per_minute: int, each_ms: float, capacity_mah: int) -> Shown:
        duty = duty_of(per_minute, each_ms)
        mean = average_current_ma(active, sleep / 1000, duty)
        hours = battery_life_hours(capacity_mah, mean)
        words = (
            f"{per_minute} inferences a minute of {each_ms:g} ms: awake {duty:.2%} of the time, "
            f"{mean:.4g} mA on average.\n"
            f"{capacity_mah:,} mAh last {hours / 24:,.1f} days. The processor alone: "
            f"{chosen.active_ma.note}; asleep {chosen.sleep_ua.note}. Lamps, regulators and "
            "sensors come on top."
        )
        counts = np.arange(1, 601)
        means = [
            average_current_ma(active, sleep / 1000, duty_of(float(n), each_ms)) for n in counts
        ]
        days = np.array([battery_life_hours(capacity_mah, m) / 24 for m in means])
        return Shown(_draw_days(counts, days, per_minute, hours / 24), words)

    return Explorer(
        f"Duty cycle and battery: {chosen.title}",
        {
            "per_minute": int_slider("inferences a minute", 60, 1, 600),
            "each_ms": float_slider("time of each", latency_ms, 1.0, 200.0, 1.0, "ms", 0),
            "capacity_mah": int_slider("battery", 225, 50, 3000, "mAh", 25),
        },
        show,
    )


@in_course_style
def _draw_days(
    counts: np.ndarray, days: np.ndarray, per_minute: int, mine_days: float
) -> LessonFigure:
    figure = new_figure(8, 3.2)
    ax = figure.subplots()
    ax.plot(counts, days, color=colour_of(0))
    ax.plot([per_minute], [mine_days], "o", color=colour_of(1), markersize=9)
    ax.annotate(f"{mine_days:,.1f} days", (per_minute, mine_days), (8, 8),
                textcoords="offset points")  # fmt: skip
    ax.set(xlabel="inferences a minute", ylabel="days", title="Life of the battery", yscale="log")
    return figure
