"""A picture that commands draw into: the screen itself, or a sprite in the sketch's memory."""

from __future__ import annotations

import numpy as np

from tinyml_course.board.virtual.screen_fonts import Font

Color = tuple[int, int, int]


class Canvas:
    """An RGB picture. What lies outside is not drawn. Every command says how many pixels it took.

    Attributes:
        image: `(height, width, 3)` uint8.
    """

    def __init__(self, width: int, height: int) -> None:
        self.image = np.zeros((height, width, 3), np.uint8)

    def fill_rect(self, x: int, y: int, w: int, h: int, color: Color) -> int:
        """A rectangle."""
        part = self.image[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)]
        part[...] = color
        return part.shape[0] * part.shape[1]

    def line(self, x0: int, y0: int, x1: int, y1: int, color: Color) -> int:
        """A line of one pixel, both ends included."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        if steps > 10_000:  # no sketch means that: its numbers ran over
            return 0
        share = np.arange(steps + 1) / steps
        xs = np.round(x0 + (x1 - x0) * share).astype(int)
        ys = np.round(y0 + (y1 - y0) * share).astype(int)
        height, width, _ = self.image.shape
        inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
        self.image[ys[inside], xs[inside]] = color
        return int(inside.sum())

    def disc(self, x: int, y: int, radius: int, color: Color) -> int:
        """A filled circle."""
        height, width, _ = self.image.shape
        top, bottom = max(y - radius, 0), max(min(y + radius + 1, height), 0)
        left, right = max(x - radius, 0), max(min(x + radius + 1, width), 0)
        rows, columns = np.ogrid[top:bottom, left:right]
        inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
        self.image[top:bottom, left:right][inside] = color
        return int(inside.sum())

    def text(
        self, x: int, y: int, text: str, font: Font, size: int, color: Color, back: Color | None
    ) -> int:
        """A text in one line from its top left corner on; on a ground of its own, or on none."""
        drawn = 0
        for character in text:
            lit = font.glyph(character)
            if size > 1:
                lit = np.kron(lit, np.ones((size, size), bool))
            if back is not None:
                drawn += self.fill_rect(x, y, lit.shape[1], lit.shape[0], back)
            drawn += self.stencil(x, y, lit, color)
            x += font.advance(character) * size
        return drawn

    def stencil(self, x: int, y: int, lit: np.ndarray, color: Color) -> int:
        """A color wherever `lit`, bool `(height, width)`, is true."""
        part, lit = self._meet(x, y, lit)
        part[lit] = color
        return int(lit.sum())

    def paste(self, x: int, y: int, pixels: np.ndarray, leave_out: Color | None = None) -> int:
        """Pixels `(height, width, 3)`, except those of one color."""
        part, pixels = self._meet(x, y, pixels)
        if leave_out is None:
            part[...] = pixels
        else:
            seen = (pixels != np.array(leave_out, np.uint8)).any(axis=2)
            part[seen] = pixels[seen]
        return part.shape[0] * part.shape[1]

    def scroll(self, x: int, y: int, w: int, h: int, dx: int, dy: int, gap: Color) -> int:
        """Move what is in a rectangle; what comes in has the color of the gap."""
        part = self.image[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)]
        before = part.copy()
        part[...] = gap
        rows, columns = part.shape[:2]
        if abs(dx) < columns and abs(dy) < rows:
            to = part[max(dy, 0) : rows + min(dy, 0), max(dx, 0) : columns + min(dx, 0)]
            to[...] = before[max(-dy, 0) : rows - max(dy, 0), max(-dx, 0) : columns - max(dx, 0)]
        return rows * columns

    def pixel(self, x: int, y: int) -> Color:
        """What stands there; black outside."""
        height, width, _ = self.image.shape
        if not (0 <= x < width and 0 <= y < height):
            return 0, 0, 0
        red, green, blue = self.image[y, x]
        return int(red), int(green), int(blue)

    def _meet(self, x: int, y: int, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The part of the picture under something at (x, y), and the part of it that is inside."""
        height, width, _ = self.image.shape
        left, top = max(-x, 0), max(-y, 0)
        right = max(min(given.shape[1], width - x), left)
        bottom = max(min(given.shape[0], height - y), top)
        part = self.image[y + top : y + bottom, x + left : x + right]
        return part, given[top:bottom, left:right]


def rgb_of_565(color: int) -> Color:
    """A color of 16 bits as red, green and blue, 0 to 255 each.

    >>> rgb_of_565(0xFFFF), rgb_of_565(0xF800)
    ((255, 255, 255), (255, 0, 0))
    """
    red, green, blue = (color >> 11) & 31, (color >> 5) & 63, color & 31
    return red * 255 // 31, green * 255 // 63, blue * 255 // 31


def rgb_array_of_565(colors: np.ndarray) -> np.ndarray:
    """The same for an array of uint16: uint8 with three values more in its last axis."""
    wide = colors.astype(np.uint32)
    red, green, blue = (wide >> 11) & 31, (wide >> 5) & 63, wide & 31
    return np.stack([red * 255 // 31, green * 255 // 63, blue * 255 // 31], -1).astype(np.uint8)


def as_565(color: Color) -> int:
    """The nearest color of 16 bits.

    >>> hex(as_565(rgb_of_565(0xFDA0)))
    '0xfda0'
    """
    red, green, blue = color
    return (red * 31 + 254) // 255 << 11 | (green * 63 + 254) // 255 << 5 | (blue * 31 + 254) // 255
