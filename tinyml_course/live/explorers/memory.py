"""An explorer of a board's two memories, and of what `const` saves. Lesson 07."""

from __future__ import annotations

import ipywidgets as widgets

from tinyml_course.board.catalog import BOARDS, get_board
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

KIB = 1024
DEFAULT_BOARD = "nano33ble"


def explore_const(model_kib: int = 5, arena_kib: int = 4) -> Explorer:
    """A model and its arena on a board, with `const` and without. Lesson 07.

    Args:
        model_kib: bytes of the model's file, in KiB, where the slider begins.
        arena_kib: bytes of the arena, in KiB, where the slider begins.
    """

    def show(model_kib: int, arena_kib: int, word: str, board: str) -> Shown:
        chosen = get_board(board)
        copy_kib = 0 if word == "const" else model_kib
        core_flash = (chosen.core_flash_bytes.value or 0) / KIB
        core_ram = (chosen.core_ram_bytes.value or 0) / KIB
        flash = {"Arduino core": core_flash, "model": float(model_kib)}
        ram = {"Arduino core": core_ram, "arena": float(arena_kib), "copy": float(copy_kib)}
        words = (
            f"{'With' if word == 'const' else 'Without'} const: {model_kib} KiB of flash hold the "
            f"model, and {arena_kib + copy_kib} KiB of RAM are gone: {arena_kib} for the arena, "
            f"{copy_kib} for a copy of the model.\n"
            f"{_say_core(core_flash, core_ram)} "
            f"{_say_rest('flash', flash, chosen.flash_bytes / KIB)} "
            f"{_say_rest('RAM', ram, chosen.ram_bytes / KIB)}"
        )
        figure = _draw_memories(
            chosen.name, [("flash", flash, chosen.flash_bytes), ("RAM", ram, chosen.ram_bytes)]
        )
        return Shown(figure, words)

    return Explorer(
        "A model in a board's two memories",
        {
            "model_kib": int_slider("model", model_kib, 1, 400, "KiB"),
            "arena_kib": int_slider("arena", arena_kib, 1, 300, "KiB"),
            "word": widgets.Dropdown(options=["const", "not const"], description="the array is"),
            "board": widgets.Dropdown(
                options=[(each.name, key) for key, each in BOARDS.items()],
                value=DEFAULT_BOARD,
                description="board",
            ),
        },
        show,
        letters=(126, 176),
    )


def _say_core(flash_kib: float, ram_kib: float) -> str:
    if not flash_kib and not ram_kib:
        return "What the Arduino core takes of this board is not known, and not counted."
    return (
        f"The Arduino core takes {flash_kib:,.0f} KiB of flash and {ram_kib:,.0f} of RAM besides."
    )


def _say_rest(memory: str, parts: dict[str, float], have_kib: float) -> str:
    rest = have_kib - sum(parts.values())
    if rest < 0:
        return f"That is {-rest:,.0f} KiB of {memory} more than the board has."
    return f"{rest:,.0f} of {have_kib:,.0f} KiB of {memory} are left for the program."


@in_course_style
def _draw_memories(board: str, memories: list[tuple[str, dict[str, float], int]]) -> LessonFigure:
    figure = new_figure(9, 2.9)
    axes = figure.subplots(2, 1)
    colours = {"Arduino core": "#C9CED4", "model": colour_of(0), "arena": colour_of(2),
               "copy": colour_of(1)}  # fmt: skip
    hatches = {"copy": "//"}
    for ax, (name, parts, have) in zip(axes, memories, strict=True):
        at = 0.0
        for part, kib in parts.items():
            ax.barh([name], [kib], left=at, color=colours[part], hatch=hatches.get(part),
                    edgecolor="white", label=part)  # fmt: skip
            at += kib
        ax.axvline(have / KIB, color="black", linestyle="--", label="all there is")
        ax.set_xlim(0, max(at, have / KIB) * 1.02)
    axes[0].set_title(board)
    axes[1].set_xlabel("KiB")
    shown = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            shown[label] = handle
    figure.legend(shown.values(), shown.keys(), loc="outside lower center", ncols=5)
    return figure
