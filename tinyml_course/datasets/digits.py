"""Handwritten digits by real people: scikit-learn's copy of a public set, form by form.

Thirteen people wrote the digits in a fixed order on preprinted forms; NIST's programs cut each one
out, stretched it to the full height of 32 rows and made it black and white. What is kept is a
picture of 8 x 8: what share of the 4 x 4 pixels in each block has ink. 0 is paper, 1 is ink.

Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository (1998), its test part (CC BY 4.0), as `sklearn.datasets.load_digits` ships it.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError
from tinyml_course.extras import require

CLASS_NAMES = tuple("0123456789")
SIZE = 8  # rows and columns of the pictures as they come
BLOCK_PIXELS = 16  # scikit-learn counts them, from 0 to 16
UNIT = "share of ink"
# The order of the labels repeats: whoever reads them in a row sees the same printed form fourteen
# times, each beginning with 0 to 9 three times. Some digits are missing on some forms.
FORM_SIZES = (130, 126, 130, 130, 130, 130, 130, 123, 128, 130, 128, 130, 122, 130)


def make_digits_dataset(seed: int = 0, size: int = SIZE) -> Dataset:
    """1,797 handwritten digits as pictures of `size` x `size`; groups are the forms.

    Who wrote which digit is not published with the set. But the labels tell where one filled-in
    form ends and the next begins, and a form is written by one person in one go: nearest pictures
    of the same digit lie closer within a form than across forms, for every form (a test holds it,
    lesson 13 measures what it is worth). So a form is a group, and no form stands on both sides of
    a split. The set's description speaks of 13 writers, and there are 14 forms: one person may have
    filled two.

    Args:
        seed: changes nothing, the data are real; it is here because every lab has one.
        size: 8 for the pictures as they come; more enlarges them with `upscale`. A larger picture
            holds no more of the handwriting, but a network has more places to look at.

    Returns:
        x `(1797, size, size)`: rows as the window, columns as channels, 0 for paper to 1 for ink.
        The sample rate of 1 Hz stands for one picture a second; a picture itself has none.

    Raises:
        DataError: a size below 8, or scikit-learn's set is not the known one.

    >>> digits = make_digits_dataset()
    >>> digits.x.shape, digits.class_names[digits.y[3]], str(digits.groups[130])
    ((1797, 8, 8), '3', 'form_01')
    """
    require("sklearn", "the set of handwritten digits")
    from sklearn.datasets import load_digits

    raw = load_digits()
    if len(raw.images) != sum(FORM_SIZES):
        raise DataError(
            f"scikit-learn's digits have {len(raw.images)} pictures, {sum(FORM_SIZES)} are "
            "expected: install the scikit-learn of requirements.lock"
        )
    source = "scikit-learn's handwritten digits (Alpaydin and Kaynak 1998, UCI, CC BY 4.0)"
    if size != SIZE:
        source += f", enlarged to {size} x {size}"
    names = [f"form_{number:02d}" for number in range(len(FORM_SIZES))]
    forms = np.repeat(names, FORM_SIZES)
    pictures = upscale(raw.images / BLOCK_PIXELS, size)
    return to_dataset(pictures, raw.target, forms, source, "forms")


def to_dataset(
    x: np.ndarray, y: np.ndarray, groups: np.ndarray, source: str, groups_are: str
) -> Dataset:
    """Pictures `(n, size, size)`, 0 for paper to 1 for ink, as the `Dataset` of the labs."""
    columns = tuple(f"column_{number}" for number in range(np.shape(x)[2]))
    return Dataset(x, y, groups, 1.0, CLASS_NAMES, columns, UNIT, source, groups_are)


def upscale(pictures: np.ndarray, size: int) -> np.ndarray:
    """`(n, rows, columns)` to `(n, size, size)` float32 by straight lines between pixel centres.

    Each new pixel mixes the four old ones around its place, the nearer the more (bilinear
    interpolation); beyond the outermost centres the edge goes on. New values never leave the range
    of the old ones. Done as two matrix products, one for the rows and one for the columns.

    Raises:
        DataError: `size` is smaller than the pictures: that would need averages, not lines.

    >>> upscale(np.array([[[0, 1], [0, 1]]]), 4)[0, 0]
    array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """
    pictures = np.asarray(pictures, dtype=np.float32)
    rows, columns = pictures.shape[1:]
    if size < max(rows, columns):
        raise DataError(
            f"upscale got pictures of {rows} x {columns} and size {size}: it only enlarges, so "
            f"give a size of at least {max(rows, columns)}"
        )
    return _lines_between(rows, size) @ pictures @ _lines_between(columns, size).T


def shrink(pictures: np.ndarray) -> np.ndarray:
    """Pictures that `upscale` has enlarged from 8 x 8, `(n, size, size)`, as they were before.

    >>> shrink(upscale(np.eye(8)[None], 28))[0].round(3).argmax(axis=1).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    pictures = np.asarray(pictures, dtype=np.float32)
    back = np.linalg.pinv(_lines_between(SIZE, pictures.shape[1]))
    return np.clip(back @ pictures @ back.T, 0, None).astype(np.float32)


def _lines_between(old: int, new: int) -> np.ndarray:
    """`(new, old)` float32 weights: each row says of which old pixels a new one is made."""
    places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    distances = np.abs(places[:, None] - np.arange(old))
    return np.maximum(0, 1 - distances).astype(np.float32)
