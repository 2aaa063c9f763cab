"""The Wio Terminal's screen as a picture: 320 x 240 in RGB, and the sprites of a sketch."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tinyml_course.board.virtual.canvas import Canvas, as_565, rgb_array_of_565, rgb_of_565
from tinyml_course.board.virtual.peripheral import Memory, Peripheral, index_in_row
from tinyml_course.board.virtual.screen_fonts import find_font
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.errors import BoardError
from tinyml_course.files import write_bytes

WIDTH, HEIGHT = 320, 240
# x, y, width, height, color, size of text, its background, its font, where to: a sprite or the
# screen, a second color, and two to spare
ARGUMENTS = 12
RESULTS = 4
NOTHING = 0x10000  # instead of a color: none
MOST_TEXTS = 20_000
MOST_SPRITE_PIXELS = 1 << 20  # more than any board's memory holds
PIXEL_US = 16 / 50  # 16 bits at the 50 MHz of the screen's bus
SPRITE_PIXEL_US = 0.02  # two cycles and a bit, in the board's own memory


class ScreenRegister:
    """Offsets of the registers."""

    COMMAND = 0x00
    ARGUMENT = 0x10  # a row
    RESULT = 0x80  # a row


class Screen(Peripheral):
    """The picture, and the texts that were drawn into it.

    Attributes:
        texts: every text drawn, oldest first; the oldest are forgotten beyond MOST_TEXTS.
        changes: how often something was drawn.
    """

    name = "SCREEN"
    address = 0x4F008000
    registers = ScreenRegister

    def __init__(self, memory: Memory, timer: Timer) -> None:
        self.texts: list[str] = []
        self.changes = 0
        self._canvas = Canvas(HEIGHT, WIDTH)
        self._sprites: dict[int, Canvas] = {}  # by the address of their memory
        self._memory = memory
        self._timer = timer
        self._arguments = [0] * ARGUMENTS
        self._results = [0] * RESULTS
        self._owed_us = 0.0

    @property
    def image(self) -> np.ndarray:
        """`(height, width, 3)` uint8, as the sketch sees it (rotation 3 is landscape)."""
        return self._canvas.image

    def read(self, offset: int) -> int | None:
        """A result of the last command."""
        number = index_in_row(offset, ScreenRegister.RESULT, RESULTS)
        return None if number is None else self._results[number] & 0xFFFFFFFF

    def write(self, offset: int, value: int) -> bool:
        """An argument, or the command that draws with them."""
        argument = index_in_row(offset, ScreenRegister.ARGUMENT, ARGUMENTS)
        if argument is not None:
            self._arguments[argument] = value
            return True
        if offset != ScreenRegister.COMMAND or value not in _COMMANDS:
            return False
        a, b, c, d = (_signed(v) for v in self._arguments[:4])
        pixels = _COMMANDS[value](self, a, b, c, d)
        if value not in _QUESTIONS:
            if not self._arguments[8]:
                self.changes += 1
            self._timer.busy()
            self._take_time(pixels)
        return True

    def _take_time(self, pixels: int) -> None:
        """What is drawn takes as long as its pixels take to the screen, or in memory."""
        self._owed_us += pixels * (SPRITE_PIXEL_US if self._arguments[8] else PIXEL_US)
        whole_us = int(self._owed_us)
        self._timer.skip_us(whole_us)
        self._owed_us -= whole_us

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

    @property
    def _target(self) -> Canvas:
        handle = self._arguments[8]
        if handle and handle not in self._sprites:
            raise BoardError("the sketch draws into a sprite that createSprite() has not made")
        return self._sprites[handle] if handle else self._canvas

    @property
    def _color(self) -> tuple[int, int, int]:
        return rgb_of_565(self._arguments[4])

    def _background(self, argument: int) -> tuple[int, int, int] | None:
        color = self._arguments[argument]
        return None if color >= NOTHING else rgb_of_565(color)

    def _rotate(self, rotation: int, *_: int) -> int:
        width, height = (WIDTH, HEIGHT) if rotation & 1 else (HEIGHT, WIDTH)
        if self.image.shape[:2] != (height, width):
            self._canvas = Canvas(width, height)
        return 0

    def _fill_rect(self, x: int, y: int, w: int, h: int) -> int:
        return self._target.fill_rect(x, y, w, h, self._color)

    def _pixel(self, x: int, y: int, _w: int, _h: int) -> int:
        return self._target.fill_rect(x, y, 1, 1, self._color)

    def _line(self, x0: int, y0: int, x1: int, y1: int) -> int:
        return self._target.line(x0, y0, x1, y1, self._color)

    def _circle(self, x: int, y: int, radius: int, _: int) -> int:
        return self._target.disc(x, y, radius, self._color)

    def _read_text(self, address: int, length: int) -> str:
        return self._memory.read_memory(address & 0xFFFFFFFF, length).decode("latin-1")

    def _text(self, x: int, y: int, address: int, length: int) -> int:
        text = self._read_text(address, length)
        self.texts.append(text)
        if len(self.texts) > MOST_TEXTS:
            del self.texts[: MOST_TEXTS // 2]
        font, size = find_font(self._arguments[7]), min(max(self._arguments[5], 1), 40)
        return self._target.text(x, y, text, font, size, self._color, self._background(6))

    def _measure(self, _x: int, _y: int, address: int, length: int) -> int:
        """Width of a text, height of a line, ascent: at size 1."""
        font = find_font(self._arguments[7])
        text = self._read_text(address, length) if length else ""
        self._results[:3] = font.width(text), font.height, font.ascent
        return 0

    def _create_sprite(self, w: int, h: int, _c: int, _d: int) -> int:
        if w <= 0 or h <= 0 or w * h > MOST_SPRITE_PIXELS:
            raise BoardError(f"a sprite of {w} x {h} pixels: no board has the memory for it")
        self._sprites[self._arguments[8]] = Canvas(w, h)
        return w * h

    def _delete_sprite(self, *_: int) -> int:
        self._sprites.pop(self._arguments[8], None)
        return 0

    def _push_sprite(self, x: int, y: int, handle: int, _: int) -> int:
        sprite = self._sprites.get(handle & 0xFFFFFFFF)
        if sprite is None:
            raise BoardError("the sketch pushes a sprite that createSprite() has not made")
        return self._target.paste(x, y, sprite.image, self._background(9))

    def _image(self, x: int, y: int, w: int, h: int) -> int:
        """Colors of 16 bits from memory; argument 5 is their address, 6: bytes are swapped."""
        data = self._memory.read_memory(self._arguments[5], max(w, 0) * max(h, 0) * 2)
        order = "<u2" if self._arguments[6] else ">u2"  # as the library sends them
        pixels = rgb_array_of_565(np.frombuffer(data, order)).reshape(h, w, 3)
        return self._target.paste(x, y, pixels, self._background(9))

    def _bitmap(self, x: int, y: int, w: int, h: int) -> int:
        """Bits from memory, each row in whole bytes; argument 6: the lowest bit first."""
        row_bytes = (max(w, 0) + 7) // 8
        data = self._memory.read_memory(self._arguments[5], row_bytes * max(h, 0))
        order = "little" if self._arguments[6] else "big"
        rows = np.frombuffer(data, np.uint8).reshape(h, row_bytes)
        lit = np.unpackbits(rows, axis=1, bitorder=order)[:, :w].astype(bool)
        back = self._background(9)
        drawn = self._target.stencil(x, y, ~lit, back) if back is not None else 0
        return drawn + self._target.stencil(x, y, lit, self._color)

    def _read_pixel(self, x: int, y: int, _w: int, _h: int) -> int:
        self._results[0] = as_565(self._target.pixel(x, y))
        return 0

    def _scroll(self, x: int, y: int, w: int, h: int) -> int:
        dx, dy = _signed(self._arguments[5]), _signed(self._arguments[6])
        return self._target.scroll(x, y, w, h, dx, dy, self._color)


_COMMANDS: dict[int, Callable[[Screen, int, int, int, int], int]] = {
    1: Screen._rotate,
    2: Screen._fill_rect,
    3: Screen._pixel,
    4: Screen._line,
    5: Screen._circle,
    6: Screen._text,
    7: Screen._measure,
    8: Screen._create_sprite,
    9: Screen._delete_sprite,
    10: Screen._push_sprite,
    11: Screen._image,
    12: Screen._bitmap,
    13: Screen._read_pixel,
    14: Screen._scroll,
}
_QUESTIONS = {7, 13}


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value
