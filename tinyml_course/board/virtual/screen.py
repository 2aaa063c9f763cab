"""The Wio Terminal's screen as a picture: 320 x 240 in RGB."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from tinyml_course.board.virtual.peripheral import Memory, Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.files import write_bytes

WIDTH, HEIGHT = 320, 240
CELL_WIDTH, CELL_HEIGHT = 6, 8  # of a character at text size 1
ARGUMENTS = 8  # x, y, width, height, color, size of text, its background, one to spare
_NO_BACKGROUND = 0x10000
MOST_TEXTS = 20_000


class ScreenRegister:
    """Offsets of the registers."""

    COMMAND = 0x00
    ARGUMENT = 0x10  # a row


class Screen(Peripheral):
    """The picture, and the texts that were drawn into it.

    Attributes:
        image: `(height, width, 3)` uint8, as the sketch sees it (rotation 3 is landscape).
        texts: every text drawn, oldest first; the oldest are forgotten beyond MOST_TEXTS.
        changes: how often something was drawn.
    """

    name = "SCREEN"
    address = 0x4F008000
    registers = ScreenRegister

    def __init__(self, memory: Memory, timer: Timer) -> None:
        self.image = np.zeros((WIDTH, HEIGHT, 3), np.uint8)
        self.texts: list[str] = []
        self.changes = 0
        self._memory = memory
        self._timer = timer
        self._arguments = [0] * ARGUMENTS

    def write(self, offset: int, value: int) -> bool:
        """An argument, or the command that draws with them."""
        argument = index_in_row(offset, ScreenRegister.ARGUMENT, ARGUMENTS)
        if argument is not None:
            self._arguments[argument] = value
            return True
        if offset != ScreenRegister.COMMAND or value not in _COMMANDS:
            return False
        a, b, c, d = (_signed(v) for v in self._arguments[:4])
        _COMMANDS[value](self, a, b, c, d, _rgb(self._arguments[4]))
        self.changes += 1
        self._timer.busy()
        return True

    def save_png(self, path: Path | str) -> None:
        """Write the picture as a PNG file.

        Raises:
            OutputError: it cannot be written.
        """
        write_bytes(Path(path), self.png_bytes(9))

    def png_bytes(self, level: int = 6) -> bytes:
        """The picture as the bytes of a PNG; `level` 1 packs fast, 9 packs small."""
        height, width, _ = self.image.shape
        rows = np.concatenate([np.zeros((height, 1), np.uint8), self.image.reshape(height, -1)], 1)

        def chunk(kind: bytes, data: bytes) -> bytes:
            return (
                struct.pack(">I", len(data))
                + kind
                + data
                + struct.pack(">I", zlib.crc32(kind + data))
            )

        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows.tobytes(), level))
            + chunk(b"IEND", b"")
        )

    def _rotate(self, rotation: int, *_: object) -> None:
        shape = (HEIGHT, WIDTH) if rotation & 1 else (WIDTH, HEIGHT)
        if self.image.shape[:2] != shape:
            self.image = np.zeros((*shape, 3), np.uint8)

    def _fill_rect(self, x: int, y: int, w: int, h: int, color: tuple[int, ...]) -> None:
        self.image[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)] = color

    def _pixel(self, x: int, y: int, _w: int, _h: int, color: tuple[int, ...]) -> None:
        self._fill_rect(x, y, 1, 1, color)

    def _line(self, x0: int, y0: int, x1: int, y1: int, color: tuple[int, ...]) -> None:
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x = round(x0 + (x1 - x0) * step / steps)
            y = round(y0 + (y1 - y0) * step / steps)
            self._pixel(x, y, 1, 1, color)

    def _circle(self, x: int, y: int, radius: int, _: int, color: tuple[int, ...]) -> None:
        rows, columns = np.ogrid[: self.image.shape[0], : self.image.shape[1]]
        self.image[(columns - x) ** 2 + (rows - y) ** 2 <= radius**2] = color

    def _text(self, x: int, y: int, address: int, length: int, color: tuple[int, ...]) -> None:
        data = self._memory.read_memory(address & 0xFFFFFFFF, length)
        text = data.decode("latin-1")
        size, background = self._arguments[5], self._arguments[6]
        self.texts.append(text)
        if len(self.texts) > MOST_TEXTS:
            del self.texts[: MOST_TEXTS // 2]
        if background != _NO_BACKGROUND:
            width = CELL_WIDTH * size * len(text)
            self._fill_rect(x, y, width, CELL_HEIGHT * size, _rgb(background))
        for character in text:
            for row, column in _glyph(character):
                self._fill_rect(x + column * size, y + row * size, size, size, color)
            x += CELL_WIDTH * size


_COMMANDS = {
    1: Screen._rotate,
    2: Screen._fill_rect,
    3: Screen._pixel,
    4: Screen._line,
    5: Screen._circle,
    6: Screen._text,
}


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


def _rgb(color565: int) -> tuple[int, int, int]:
    red, green, blue = (color565 >> 11) & 31, (color565 >> 5) & 63, color565 & 31
    return red * 255 // 31, green * 255 // 63, blue * 255 // 31


@cache
def _glyph(character: str) -> tuple[tuple[int, int], ...]:
    """The lit (row, column) of a character in a cell of 8 x 6, from matplotlib's own font."""
    from matplotlib import font_manager, ft2font

    name = font_manager.findfont("DejaVu Sans Mono", fallback_to_default=True)
    font = ft2font.FT2Font(name, hinting_factor=1)
    font.set_size(7.3, 80)
    font.set_text(character, 0.0)
    font.draw_glyphs_to_bitmap(antialiased=False)
    bitmap = np.asarray(font.get_image())
    glyph = font.load_char(ord(character))
    x0, _, _, y1 = (value // 64 for value in glyph.bbox)
    top = 6 - y1  # the base line lies below the sixth row
    lit = np.argwhere(bitmap > 0)
    return tuple(
        (int(row) + top, int(column) + max(x0, 0))
        for row, column in lit
        if 0 <= row + top < CELL_HEIGHT and column + max(x0, 0) < CELL_WIDTH
    )
