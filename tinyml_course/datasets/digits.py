"""Handwritten digits, 8 x 8 pixels: real data that comes inside scikit-learn, so no download.

They are the test part of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits"
(UCI Machine Learning Repository, 1998, CC BY 4.0), written by 13 people on paper forms. Lessons 04
to 06 use them where the motion data are too easy to show a difference.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.dataset import Dataset

WRITERS = 13
GREATEST_INK = 16  # scikit-learn counts black pixels in squares of 4 x 4


def make_digits_dataset() -> Dataset:
    """1,797 images as windows `(n, 8, 8)`: 8 rows from top to bottom, 8 columns as channels.

    A value is the share of ink in a pixel, from 0 for paper to 1. The file does not say who wrote
    which digit, but it was filled in writer by writer. So `groups` numbers 13 blocks of neighbours,
    which is the best there is for a split by person. There is no time here, so the sample rate is
    one row a second, which nothing uses.

    >>> digits = make_digits_dataset()
    >>> len(digits), digits.n_classes, len(set(digits.groups))
    (1797, 10, 13)
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    block = np.arange(len(labels)) * WRITERS // len(labels)
    return Dataset(
        x=images.reshape(-1, 8, 8) / GREATEST_INK,
        y=labels,
        groups=[f"block {number:02d}" for number in block],
        sample_rate_hz=1.0,
        class_names=tuple("0123456789"),
        channel_names=tuple(f"column {number}" for number in range(8)),
        unit="share of ink",
        source="handwritten digits of the UCI repository, as scikit-learn brings them",
    )
