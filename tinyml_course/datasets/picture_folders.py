"""Grey pictures of anything: a folder for each class, PNG files in it. Lesson 21.

    folder/screw/ann_0.png     the part before the first _ says who or what it comes from
    folder/nut/box3.png        no _: one unknown source for all such pictures

For digits there is `datasets.digit_images`, which cuts the digit out and straightens it. Here a
picture is only made square and small.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.digit_images import find_writer, read_grey
from tinyml_course.datasets.folders import list_files, list_folders
from tinyml_course.errors import DataError

FEWEST_CLASSES = 2
UNIT = "brightness, 0 black to 1 white"


def load_pictures(path: Path | str, size: int) -> Dataset:
    """The pictures of a folder, cut square around their middle and resized. Lesson 21.

    Args:
        path: a folder that holds at least two folders, named as the classes, with `*.png`.
        size: rows and columns of the result.

    Returns:
        `x` `(n, size, size)` float32, brightness 0 to 1; classes in the order of their names; a
        group is the part of a file's name before the first `_`.

    Raises:
        DataError: no such folder, fewer than two classes, a class without a picture, or a picture
            that cannot be read.
    """
    path = Path(path)
    if not path.is_dir():
        raise DataError(f"{path} is no folder; pictures are read from one with a folder per class")
    if size < 1:
        raise DataError(f"pictures of {size} x {size} pixels: give a size of at least 1")
    folders = list_folders(path)
    if len(folders) < FEWEST_CLASSES:
        raise DataError(
            f"{path} holds {len(folders)} folders, at least {FEWEST_CLASSES} are needed: one for "
            "each class, with PNG pictures in it"
        )
    pictures, labels, groups = [], [], []
    for label, folder in enumerate(folders):
        files = list_files(folder, ".png")
        if not files:
            raise DataError(f"{folder} holds no .png picture: add some, or take the folder away")
        for file in files:
            pictures.append(_shrink(read_grey(file), size))
            labels.append(label)
            groups.append(find_writer(file.stem))
    return Dataset(
        np.stack(pictures),
        np.array(labels),
        np.array(groups),
        1.0,
        tuple(folder.name for folder in folders),
        tuple(f"column_{number}" for number in range(size)),
        UNIT,
        f"{path.name}: {len(pictures)} pictures of {len(folders)} classes",
        "sources",
    )


def _shrink(grey: np.ndarray, size: int) -> np.ndarray:
    """The largest square around the middle, each new pixel the mean of what lies below it."""
    side = min(grey.shape)
    top, left = ((extent - side) // 2 for extent in grey.shape)
    square = grey[top : top + side, left : left + side]
    return np.asarray(Image.fromarray(square).resize((size, size), Image.Resampling.BOX))
