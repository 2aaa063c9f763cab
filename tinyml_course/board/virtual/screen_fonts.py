"""The letters of the virtual screen: drawn for this course, with the widths of TFT_eSPI's fonts.

Font 1 is a cell of 6 x 8 pixels. Fonts 2, 4, 6, 7 and 8 and the free fonts take as much room as the
real ones, so a layout that fits here fits there; their letters are font 1's, enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

CELL_WIDTH, CELL_HEIGHT = 6, 8  # of font 1
FREE_FONT = 0x100  # free fonts are numbered from here: family * 16 + size

# One word a character from the space on, one letter a row: five pixels as a digit to the base 32.
_LETTERS = (
    "00000000 44444040 aaa00000 aavavaa0 4fke5u40 pp248jj0 cik8lid0 44800000 24888420 84222480 "
    "04lel400 044v4400 00000448 000v0000 00000cc0 11248gg0 ehjlphe0 4c4444e0 eh1248v0 v2421he0 "
    "26aiv220 vgu11he0 68guhhe0 v1248880 ehhehhe0 ehhf12c0 0cc0cc00 0cc0cc48 248g8420 00v0v000 "
    "84212480 eh124040 ehnlmge0 ehhvhhh0 uhhuhhu0 ehggghe0 sihhhis0 vgguggv0 vgguggg0 ehgnhhf0 "
    "hhhvhhh0 e44444e0 72222ic0 hikokih0 ggggggv0 hrllhhh0 hhpljhh0 ehhhhhe0 uhhuggg0 ehhhlid0 "
    "uhhukih0 fgge11u0 v4444440 hhhhhhe0 hhhhha40 hhhllla0 hha4ahh0 hha44440 v1248gv0 e88888e0 "
    "gg842110 e22222e0 4ah00000 0000000v 84200000 00e1fhf0 gguhhhu0 00egghe0 11fhhhf0 00ehvge0 "
    "698s8880 00fhhf1e ggmphhh0 40c444e0 206222ic ggikoki0 c44444e0 00qlllh0 00mphhh0 00ehhhe0 "
    "00uhhugg 00fhhf11 00mpggg0 00fge1u0 88s88960 00hhhjd0 00hhha40 00hhlla0 00ha4ah0 00hhhf1e "
    "00v248v0 688g8860 44444440 c22122c0 008l2000 "
)
_ROWS = _LETTERS.split()

# Advance by character from the space on, in pixels: what the real fonts take.
_WIDTHS_16 = (
    "634989937786365788888888883366689888888884887A8888888888888474795777776774564878"
    "786657886775358"
)
_WIDTHS_32 = (
    5, 8, 8, 19, 14, 21, 17, 6, 8, 8, 12, 10, 7, 8, 7, 8, *[14] * 10, 7, 7, 14, 9, 14, 13,
    25, 16, 17, 18, 18, 16, 15, 19, 18, 6, 13, 17, 13, 21, 18, 19, 16, 19, 17, 16, 14, 18, 15,
    23, 15, 16, 16, 9, 13, 9, 12, 13, 9, 14, 15, 13, 15, 14, 8, 15, 15, 6, 6, 12, 6, 22, 15, 15,
    15, 15, 8, 12, 7, 14, 12, 18, 13, 13, 12, 13, 13, 13, 15,
)  # fmt: skip
_SPECIAL = {
    6: (12, {**dict.fromkeys("0123456789a", 27), "-": 17, ".": 15, ":": 15, "m": 42, "p": 29}),
    7: (12, dict.fromkeys("0123456789-", 32)),
    8: (29, dict.fromkeys("0123456789", 55)),
}  # fmt: skip
# In thousandths of the letter size: Helvetica and Times as their published metrics have them.
_HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, *[556] * 10,
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
    833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333,
    500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_TIMES = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, *[500] * 10,
    278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611,
    889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333,
    389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
)  # fmt: skip
_COURIER = (600,) * 95
_FAMILIES = (_COURIER, _COURIER, _HELVETICA, _HELVETICA, _TIMES, _TIMES)  # each, then its bold
_SIZES_PT = (9, 12, 18, 24)
_PIXELS_A_POINT = 141 / 72  # the free fonts were made for 141 dots an inch
_LINE_ADVANCE = {0: (18, 24, 35, 47), 2: (22, 29, 42, 56), 4: (22, 29, 42, 56)}


@dataclass(frozen=True)
class Font:
    """Metrics in pixels at text size 1.

    Attributes:
        height: from one line to the next.
        ascent: from the top of a letter to the base line.
        letter_top: where letters begin below the top of the line.
    """

    number: int
    height: int
    ascent: int
    letter_top: int = 0

    def width(self, text: str) -> int:
        """What a text takes in a line."""
        return sum(self.advance(character) for character in text)

    def advance(self, character: str) -> int:
        """What one character takes in a line."""
        index = min(max(ord(character) - 32, 0), 94)
        if self.number == 1:
            return CELL_WIDTH
        if self.number == 2:
            return int(_WIDTHS_16[index], 16)
        if self.number == 4:
            return _WIDTHS_32[index]
        if self.number in _SPECIAL:
            other, widths = _SPECIAL[self.number]
            return widths.get(character, other)
        widths_1000 = _FAMILIES[(self.number - FREE_FONT) >> 4]
        return round(widths_1000[index] * _em(self.number) / 1000)

    def glyph(self, character: str) -> np.ndarray:
        """The lit pixels, bool `(height, advance)`."""
        return _draw(self, character)


def _em(number: int) -> float:
    return _SIZES_PT[number & 3] * _PIXELS_A_POINT


@cache
def find_font(number: int) -> Font:
    """The font that TFT_eSPI calls `number`; font 1 where there is none.

    >>> find_font(4).width("12.5"), find_font(4).height
    (49, 26)
    """
    if number in _SPECIAL or number in (2, 4):
        height, ascent, top = {
            2: (16, 13, 2), 4: (26, 19, 1), 6: (48, 36, 0), 7: (48, 47, 0), 8: (75, 73, 0),
        }[number]  # fmt: skip
        return Font(number, height, ascent, top)
    family = (number - FREE_FONT) >> 4
    if number >= FREE_FONT and family < len(_FAMILIES):
        height = _LINE_ADVANCE[family & ~1][number & 3]
        return Font(number, height, round(0.73 * _em(number)))
    return Font(1, CELL_HEIGHT, 7)


def _small(character: str) -> np.ndarray:
    """A letter of font 1, bool `(8, 5)`."""
    index = ord(character) - 32
    rows = _ROWS[index if 0 <= index < len(_ROWS) else 31]  # a question mark for what is not drawn
    digits = [int(row, 32) for row in rows]
    return np.array([[digit >> (4 - column) & 1 for column in range(5)] for digit in digits], bool)


@cache
def _draw(font: Font, character: str) -> np.ndarray:
    cell = np.zeros((font.height, font.advance(character)), bool)
    small = _small(character)
    if font.number == 1:
        cell[:, :5] = small
        return cell
    columns = small.any(axis=0)
    if not columns.any() or cell.shape[1] < 3:
        return cell
    first, last = int(columns.argmax()), 5 - int(columns[::-1].argmax())
    # Capitals reach from the letters' top to the base line: seven rows of the small letter.
    row_pixels = (font.ascent - font.letter_top) / 7
    height = min(round(8 * row_pixels), font.height - font.letter_top)
    side = 1 if cell.shape[1] < 16 else 2
    width = max(1, cell.shape[1] - 1 - side)
    if last - first < 4 and character in "!'.,:;|ilI1()[]`":
        width = max(1, min(width, round((last - first) * row_pixels)))
    big = _enlarge(small[:, first:last], height, width)
    left = side + (cell.shape[1] - 1 - side - width) // 2
    cell[font.letter_top : font.letter_top + height, left : left + width] = big
    return cell


def _enlarge(small: np.ndarray, height: int, width: int) -> np.ndarray:
    """A bitmap at another size: each pixel is what lies under its middle."""
    rows = ((np.arange(height) + 0.5) * small.shape[0] / height).astype(int)
    columns = ((np.arange(width) + 0.5) * small.shape[1] / width).astype(int)
    return small[rows][:, columns]
