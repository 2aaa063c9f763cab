"""A still picture of a board as a PNG, for where no kernel runs: a saved notebook, a web page."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tinyml_course.live.faces.face import Face

WIDTH = 760
MARGIN = 22
LINES = 6  # of the serial text
LETTERS = 92  # of a line
COLORS = 96
SCALE = 2  # drawn larger, so that it is sharp on a page and in print
_PAPER, _INK, _FAINT, _LINE, _WELL = "#ffffff", "#1c2530", "#5c6773", "#d8dee5", "#f5f7f9"


def draw_state(
    face: Face,
    sketch: str,
    state: dict[str, Any],
    serial: str,
    screen_png: bytes | None = None,
) -> bytes:
    """The bytes of a PNG: lamps, screen, time, and what was printed last.

    Args:
        state: as `LiveBoard.snapshot` gives it.
    """
    screen = Image.open(io.BytesIO(screen_png)).convert("RGB") if screen_png else None
    text = [str(state["error"])] if state.get("error") else serial.splitlines()[-LINES:]
    body = max(screen.height if screen else 0, 18 * len(face.lamps) + 60, 150)
    height = 64 + body + 34 + 18 * (LINES + 1) + MARGIN
    sheet = Image.new("RGB", (WIDTH * SCALE, height * SCALE), _PAPER)
    pen = _Pen(ImageDraw.Draw(sheet))
    pen.box(1, 1, WIDTH - 2, height - 2, 12, _PAPER)
    pen.text(MARGIN, 14, sketch, 20, _INK)
    pen.text(MARGIN, 40, face.title, 13, _FAINT)
    pen.text(WIDTH - 250, 20, "a still picture: run the cell to play", 12, _FAINT)
    left = MARGIN
    if screen:
        pen.box(left - 2, 64, screen.width + 4, screen.height + 4, 4, "#000000")
        whole = screen.resize(
            (screen.width * SCALE, screen.height * SCALE), Image.Resampling.NEAREST
        )
        sheet.paste(whole, (left * SCALE, 66 * SCALE))
        left += screen.width + 30
    _draw_lamps(pen, face, state, left)
    _draw_meters(pen, state, left + 190)
    top = 64 + body + 24
    pen.box(MARGIN, top, WIDTH - 2 * MARGIN, 18 * LINES + 16, 8, _WELL)
    for number, line in enumerate(text[:LINES]):
        ink = "#b3261e" if state.get("error") else _INK
        pen.text(MARGIN + 12, top + 8 + 18 * number, shorten(line), 12, ink, is_code=True)
    packed = io.BytesIO()
    # A few colours make a third of the bytes, and a notebook keeps them as text.
    sheet.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        packed, "PNG", optimize=True
    )
    return packed.getvalue()


def shorten(line: str) -> str:
    """What of a line fits.

    >>> len(shorten(100 * "x"))
    92
    """
    return line if len(line) <= LETTERS else line[: LETTERS - 1] + "…"


def _draw_lamps(pen: _Pen, face: Face, state: dict[str, Any], left: int) -> None:
    for number, lamp in enumerate(face.lamps):
        level = state.get("pins", {}).get(str(lamp.pin), [None, None])[1]
        light = 0.0 if level is None else 1 - level if lamp.low_is_on else level
        top = 70 + 24 * number
        pen.lamp(left, top, lamp.color if light > 0 else "#e4e7ea")
        says = "off" if light == 0 else "on" if light == 1 else f"{light:.0%}"
        pen.text(left + 26, top, f"{lamp.title.split(',')[0]}: {says}", 13, _INK)


def _draw_meters(pen: _Pen, state: dict[str, Any], left: int) -> None:
    rows = []
    if "time_s" in state:
        rows = [
            ("board's time", f"{state['time_s']:.1f} s"),
            ("instructions", f"{state['instructions']:,}"),
            ("stack", f"{state['stack_bytes']:,} B"),
        ]
    for number, (name, value) in enumerate(rows):
        pen.text(left, 70 + 42 * number, name, 11, _FAINT)
        pen.text(left, 84 + 42 * number, value, 15, _INK)


class _Pen:
    """Draws in the sheet's own units, whatever its scale."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def text(
        self, x: float, y: float, words: str, size: int, color: str, is_code: bool = False
    ) -> None:
        font = _font("DejaVu Sans Mono" if is_code else "DejaVu Sans", size * SCALE)
        self._draw.text((x * SCALE, y * SCALE), words, fill=color, font=font)

    def box(self, x: int, y: int, width: int, height: int, radius: int, fill: str) -> None:
        corners = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self._draw.rounded_rectangle(corners, radius * SCALE, fill, _LINE, SCALE)

    def lamp(self, x: int, y: int, color: str) -> None:
        corners = (x * SCALE, y * SCALE, (x + 17) * SCALE, (y + 17) * SCALE)
        self._draw.ellipse(corners, color, "#7f8791", SCALE)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """matplotlib's own font: the same on every computer."""
    from matplotlib import font_manager

    return ImageFont.truetype(font_manager.findfont(name, fallback_to_default=True), size)
