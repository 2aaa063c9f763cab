"""More handwriting from little: each digit drawn anew as a bitmap, and read as own pictures are.

The course's digits come from fourteen forms, cut out and counted by other programs than the loader
of `datasets.digit_images`. A network that has only seen those programs' pictures finds the loader's
a little strange. So each picture of 8 x 8 is turned back into the bitmap that it was counted from,
nearly; the bitmap is turned, stretched and slanted a little; and the loader reads it. Lesson 13
shows the stages.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.digit_images import BITMAP, measure_ink
from tinyml_course.datasets.digits import SIZE, shrink, upscale
from tinyml_course.errors import DataError
from tinyml_course.features.image_augment import ImageAugmenter, warp

ROUNDS = 8
CONTRAST = 1.3  # a round moves each pixel away from half ink by this factor
MARGIN = 12  # rows and columns of paper around a bitmap: room to turn it
HAND = ImageAugmenter(shift=0, turn_deg=8, stretch=0.12, slant=0.15, noise=0)


def restore_bitmaps(pictures: np.ndarray) -> np.ndarray:
    """Bitmaps of 32 x 32 whose 4 x 4 blocks hold the shares of ink that `pictures` say.

    Enlarging gives a grey, soft picture. A pen leaves ink or none: so in each of 8 rounds what the
    blocks lack or have too much is added, enlarged as well, and all becomes harder (iterative
    back-projection, after Irani and Peleg, "Improving resolution by image registration", 1991).

    Args:
        pictures: `(n, 8, 8)`, 0 for paper to 1 for ink.

    Returns:
        `(n, 32, 32)` float32, 0 to 1.

    Raises:
        DataError: pictures of another size.

    >>> digit = np.zeros((1, 8, 8)); digit[0, :, 3] = 0.5; digit[0, :, 4] = 1
    >>> (restore_bitmaps(digit)[0, 16, 10:22] * 10).round().astype(int).tolist()
    [0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 0, 0]
    """
    pictures = np.asarray(pictures, np.float32)
    if pictures.ndim != 3 or pictures.shape[1:] != (SIZE, SIZE):
        raise DataError(
            f"restore_bitmaps got an array of shape {pictures.shape}, (n, {SIZE}, {SIZE}) is needed"
        )
    block = BITMAP // SIZE
    bitmaps = upscale(pictures, BITMAP)
    for _ in range(ROUNDS):
        shares = bitmaps.reshape(-1, SIZE, block, SIZE, block).mean(axis=(2, 4))
        bitmaps = np.clip(bitmaps + upscale(pictures - shares, BITMAP), 0, 1)
        bitmaps = np.clip((bitmaps - 0.5) * CONTRAST + 0.5, 0, 1)
    return bitmaps


def draw_forms(pictures: np.ndarray, seed: int = 0) -> np.ndarray:
    """Each picture once anew: as if the same person had written the digit a second time.

    Args:
        pictures: `(n, size, size)` as `datasets.digits.make_digits_dataset` gives them.
        seed: of the turns, stretches and slants.

    Returns:
        `(n, size, size)` float32, 0 to 1.

    Raises:
        DataError: a picture without ink.
    """
    size = np.shape(pictures)[1]
    bitmaps = restore_bitmaps(shrink(pictures))
    wide = np.pad(bitmaps, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    maps, moves = HAND.draw_maps(len(wide), np.random.default_rng(seed))
    ink = [measure_ink(form, "a picture drawn anew") for form in warp(wide, maps, moves)]
    return upscale(np.stack(ink), size)
