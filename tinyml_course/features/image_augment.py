"""New pictures from old ones: moved, turned, stretched, slanted, noisy, anew in every epoch.

A digit stays the same digit when its writer leans to the right or writes larger. A network that has
seen a few hands does not know that, unless it is shown. Lesson 13 shows variations of one digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLANK = 0.0  # what lies outside a picture: paper


@dataclass(frozen=True)
class ImageAugmenter:
    """How much to vary. Each value is the most, drawn evenly to both sides, unless it says else.

    Attributes:
        shift: of the picture's height and width: 0.1 of 8 pixels is 0.8 of a pixel.
        turn_deg: degrees.
        stretch: height and width each, as a logarithm: 0.12 is 11 % smaller to 13 % larger.
        slant: how far a row moves sideways for each row further up.
        noise: standard deviation added to every pixel, in the picture's unit.
        highest: of a pixel; the lowest is 0.
        share: of the pictures that are varied at all; the others stay as they are.
    """

    shift: float = 0.1
    turn_deg: float = 12.0
    stretch: float = 0.12
    slant: float = 0.15
    noise: float = 0.03
    highest: float = 1.0
    share: float = 1.0

    def apply(self, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """`(n, rows, columns)` float32 pictures to new ones; the labels `y` stay what they are."""
        maps, moves = self.draw_maps(len(x), rng)
        pictures = warp(x, maps, moves * np.array(x.shape[1:]))
        pictures += rng.normal(0, self.noise, x.shape).astype(np.float32)
        pictures = np.clip(pictures, 0, self.highest)
        if self.share < 1:
            stay = rng.random(len(x)) >= self.share
            pictures[stay] = x[stay]
        return pictures

    def draw_maps(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`(n, 2, 2)` matrices that turn, stretch and slant, and `(n, 2)` moves (down, right)."""
        angle = np.radians(rng.uniform(-self.turn_deg, self.turn_deg, n))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        maps = turn.transpose(2, 0, 1) * np.exp(rng.uniform(-self.stretch, self.stretch, (n, 2, 1)))
        maps[:, 1] += rng.uniform(-self.slant, self.slant, (n, 1)) * maps[:, 0]
        return maps, rng.uniform(-self.shift, self.shift, (n, 2))


def warp(x: np.ndarray, maps: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Pictures seen through a matrix and a move each: new pixel p shows the old one at M p + m.

    Places count from the picture's middle. Between pixels, the four around a place are mixed, the
    nearer the more; outside lies paper.

    Args:
        x: `(n, rows, columns)`.
        maps, moves: `(n, 2, 2)` and `(n, 2)`, in pixels.

    Returns:
        `(n, rows, columns)` float32.

    >>> one = np.zeros((1, 3, 3)); one[0, 1, 1] = 8
    >>> warp(one, np.eye(2)[None], np.array([[0.0, 0.5]]))[0, 1]
    array([4., 4., 0.], dtype=float32)
    """
    n, rows, columns = x.shape
    middle = (np.array([rows, columns]) - 1) / 2
    grid = np.stack(np.mgrid[:rows, :columns], axis=-1) - middle
    places = np.einsum("nij,rcj->nirc", maps, grid) + (moves + middle)[:, :, None, None]
    padded = np.pad(np.asarray(x, np.float32), ((0, 0), (1, 2), (1, 2)), constant_values=BLANK)
    down = np.clip(places[:, 0] + 1, 0, rows + 1)
    right = np.clip(places[:, 1] + 1, 0, columns + 1)
    row, column = down.astype(int), right.astype(int)
    below, beside = (down - row).astype(np.float32), (right - column).astype(np.float32)
    which = np.arange(n)[:, None, None]
    upper = padded[which, row, column] * (1 - beside) + padded[which, row, column + 1] * beside
    row += 1
    lower = padded[which, row, column] * (1 - beside) + padded[which, row, column + 1] * beside
    return upper * (1 - below) + lower * below
