"""Your own digits: a folder of PNG pictures, brought into the form of the course's data.

    folder/3/ann_0.png     one digit a picture; the part before the first _ is the writer
    folder/3/scan17.png    no _: one writer for all such pictures, so that none judges himself

Each picture goes the way that NIST's programs and UCI's took: ink on paper, cut out, stretched to
32 rows, its strokes made equally heavy, divided into blocks of 4 x 4. Before that it is
straightened: people lean their digits, and the fourteen forms of the course's set do not show all
the ways. Lesson 13 shows the result.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.digits import CLASS_NAMES, SIZE, to_dataset, upscale
from tinyml_course.datasets.folders import list_entries, list_files, list_folders
from tinyml_course.errors import DataError

BITMAP = 32  # rows and columns of the picture that is divided into blocks
SPREAD = 5.0  # columns of it, the standard deviation of the ink: the course's set has that
WIDEST = 26  # columns at most: column 0 and 7 of the blocks are nearly always paper
MOST_STRETCHED = 1.5  # times as wide as it is: a 1 stays narrow
LARGEST_SIDE = 4096
LEAST_CONTRAST = 0.15  # between the darkest and the brightest pixel, of black to white
INK_BEGINS, INK_FULL = 0.3, 0.7  # of the way from paper to the strongest ink
INK_SHARE = 0.3  # of the bitmap: the course's set has that, every digit and every form in the mean
STEEPEST_LEAN = 1.0  # columns a row: what leans more is no leaning digit, it lies
UNKNOWN_WRITER = "unknown writer"


def load_digit_images(path: Path | str, size: int = SIZE) -> Dataset:
    """The pictures of a folder as digits of `size` x `size`; `tinyml run digits --data`.

    Args:
        path: a folder that holds folders named 0 to 9 (not all are needed) with `*.png`.
        size: as in `datasets.digits.make_digits_dataset`.

    Returns:
        As `make_digits_dataset`; a group is a writer.

    Raises:
        DataError: no such folder, a folder or file that does not belong there, or a picture that
            cannot be read or shows nothing.
    """
    path = Path(path)
    if not path.is_dir():
        raise DataError(
            f"{path} is no folder; digits are read from a folder that holds 0/*.png to 9/*.png"
        )
    files = [(label, file) for label in _find_labels(path) for file in _find_pictures(path / label)]
    if not files:
        raise DataError(f"{path} holds no picture: put PNG files into its folders 0 to 9")
    pictures = np.stack([measure_ink(read_grey(file), file) for _, file in files])
    writers = [find_writer(file.stem) for _, file in files]
    labels = [CLASS_NAMES.index(label) for label, _ in files]
    known = len(set(writers) - {UNKNOWN_WRITER})
    source = f"{path.name}: {len(files)} pictures, {known} known writers"
    return to_dataset(upscale(pictures, size), labels, writers, source, "writers")


def _find_labels(path: Path) -> list[str]:
    """The names of the folders in `path`, each of them a digit."""
    names = [folder.name for folder in list_folders(path)]
    wrong = [name for name in names if name not in CLASS_NAMES]
    if wrong or not names:
        found = f"a folder {wrong[0]!r}" if wrong else "no folders"
        raise DataError(f"{path} holds {found}; its folders must be named 0 to 9, after the digits")
    return names


def _find_pictures(folder: Path) -> list[Path]:
    for file in list_entries(folder):
        if file.suffix.lower() != ".png":
            raise DataError(f"{file} is no .png file: convert it to PNG, or take it away")
    return list_files(folder, ".png")


def find_writer(stem: str) -> str:
    """Who wrote it, from the file's name without its ending.

    >>> find_writer("ann_12"), find_writer("scan17")
    ('ann', 'unknown writer')
    """
    before, underscore, _ = stem.partition("_")
    return before if underscore and before else UNKNOWN_WRITER


def read_grey(file: Path) -> np.ndarray:
    """A PNG as `(rows, columns)` float32, 0 for black to 1 for white; what is clear is white.

    Raises:
        DataError: it cannot be read, is no PNG, is damaged, or larger than 4096 pixels a side.
    """
    try:
        with Image.open(file, formats=["PNG"]) as picture:
            if max(picture.size) > LARGEST_SIDE:
                raise DataError(
                    f"{file} has {picture.width} x {picture.height} pixels, the limit is "
                    f"{LARGEST_SIDE} a side: cut the digit out, or make the picture smaller"
                )
            if picture.mode.startswith("I"):  # 16 bits a pixel
                return np.asarray(picture, dtype=np.float32) / 65535
            paper = Image.new("RGBA", picture.size, "white")
            grey = Image.alpha_composite(paper, picture.convert("RGBA")).convert("L")
            return np.asarray(grey, dtype=np.float32) / 255
    except UnidentifiedImageError as error:
        raise DataError(f"{file} is no PNG picture, whatever its name says: convert it") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{file} cannot be read ({error}): save it as PNG again") from error


def measure_ink(grey: np.ndarray, where: Path | str = "the picture") -> np.ndarray:
    """A grey picture of one digit, `(rows, columns)` in 0..1, as 8 x 8 shares of ink, 0 to 1.

    1. The paper is the median of the outermost pixels. What differs from it most, darker or
       brighter, is ink: so black on white and white on black give the same.
    2. On the way from paper to the strongest ink, below 0.3 counts as paper and above 0.7 as ink.
    3. A leaning digit is straightened, see `straighten`.
    4. The digit is cut out, and stretched to 32 rows. Its columns are stretched or pressed until
       the ink spreads over them as in the course's set, and its centre stands in the middle of
       32 x 32, see `fit_columns`.
    5. Its strokes are made thicker or thinner until 0.3 of the bitmap is ink, see `weigh_ink`.
    6. Each of 8 x 8 blocks is the mean of its 4 x 4 pixels.

    Args:
        grey: of any size.
        where: for the message.

    Raises:
        DataError: hardly any difference between the pixels: nothing is written there.
    """
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    difference = grey - np.median(edge)
    strongest = difference.flat[np.abs(difference).argmax()]
    if abs(strongest) < LEAST_CONTRAST:
        raise DataError(
            f"{where} shows nothing: its pixels differ from the paper by {abs(strongest):.0%} of "
            f"black to white, {LEAST_CONTRAST:.0%} is needed. Write with a darker pen"
        )
    ink = np.clip((difference / strongest - INK_BEGINS) / (INK_FULL - INK_BEGINS), 0, 1)
    ink = straighten(ink)
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0) for axis in (1, 0))
    digit = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    bitmap = fit_columns(digit)
    block = BITMAP // SIZE
    return weigh_ink(bitmap).reshape(SIZE, block, SIZE, block).mean(axis=(1, 3))


def fit_columns(digit: np.ndarray) -> np.ndarray:
    """A digit cut out, as a bitmap of 32 x 32 that it fills from top to bottom.

    People write wide or narrow, and a long arm of a 6 or a 2 makes the whole digit seem wide. So
    not the outermost ink says how wide a digit becomes and where it stands, but where most of the
    ink is: its centre comes to the middle, and the standard deviation of its columns becomes
    `SPREAD` (the second moment, as in `measure_lean`). It becomes at most 26 columns wide, and at
    most half as wide again as it is.

    Args:
        digit: `(rows, columns)`, 0 for paper to 1 for ink.

    Returns:
        `(32, 32)` float32, its strongest ink 1.

    >>> bitmap = fit_columns(np.ones((4, 2), np.float32))
    >>> np.flatnonzero(bitmap[0])[[0, -1]].tolist()
    [6, 25]
    """
    columns = np.arange(digit.shape[1])
    ink = digit.sum(axis=0)
    centre = np.average(columns, weights=ink)
    spread = np.sqrt(np.average((columns - centre) ** 2, weights=ink))
    longest = min(WIDEST, MOST_STRETCHED * digit.shape[1] * BITMAP / digit.shape[0])
    wanted = digit.shape[1] * SPREAD / spread if spread else longest
    width = max(1, round(min(wanted, longest)))
    stretched = np.asarray(
        Image.fromarray(digit).resize((width, BITMAP), Image.Resampling.BILINEAR)
    )
    middle = np.average(np.arange(width) + 0.5, weights=stretched.sum(axis=0))
    left = int(np.clip(round(BITMAP / 2 - middle), 0, BITMAP - width))
    bitmap = np.zeros((BITMAP, BITMAP), np.float32)
    bitmap[:, left : left + width] = stretched / stretched.max()
    return bitmap


def measure_lean(ink: np.ndarray) -> tuple[float, float]:
    """How far ink moves to the right for each row further down, at most 1, and its middle row.

    The ink's second moments tell: the mean of rows times columns over that of rows squared, both
    from the ink's centre.

    >>> measure_lean(np.eye(5))
    (1.0, 2.0)
    """
    rows, columns = np.indices(ink.shape, dtype=np.float64)
    centre = np.average(rows, weights=ink)
    down = rows - centre
    right = columns - np.average(columns, weights=ink)
    height = np.average(down * down, weights=ink)
    lean = np.average(down * right, weights=ink) / height if height else 0.0
    return float(np.clip(lean, -STEEPEST_LEAN, STEEPEST_LEAN)), float(centre)


def straighten(ink: np.ndarray) -> np.ndarray:
    """Ink with each row moved sideways, so that the digit leans neither to the left nor right.

    The picture becomes wider by what the moved rows need.

    Args:
        ink: `(rows, columns)`, 0 for paper to 1 for ink, somewhere above 0.

    Returns:
        `(rows, at least columns)` float32.

    >>> straighten(np.eye(5)).sum(axis=0).max().item()
    5.0
    """
    lean, centre = measure_lean(ink)
    room = int(np.ceil(abs(lean) * len(ink)))
    wide = np.pad(ink, ((0, 0), (room, room))).astype(np.float32)
    # a new pixel at (row, column) shows the old one at column + lean * (row - centre)
    map_back = (1, lean, -lean * (centre + 0.5), 0, 1, 0)
    size = (wide.shape[1], wide.shape[0])
    leaning = Image.fromarray(wide)
    return np.asarray(
        leaning.transform(size, Image.Transform.AFFINE, map_back, Image.Resampling.BILINEAR)
    )


def weigh_ink(bitmap: np.ndarray, share: float = INK_SHARE) -> np.ndarray:
    """A bitmap of ink, 0 to 1, with thicker or thinner strokes so that its mean is `share`.

    A thin pen leaves half the ink of a felt pen, and a 1 half that of an 8. In the course's set all
    digits have the same share of ink, so NIST's programs must have weighed it. Here strokes grow
    on all four sides by a pixel at a time, or shrink; the last two bitmaps are mixed.

    Args:
        bitmap: `(rows, columns)`, somewhere 0 and somewhere 1.

    >>> stroke = np.zeros((5, 5)); stroke[1:4, 2] = 1
    >>> weigh_ink(stroke, 11 / 25).sum(axis=0).tolist()
    [0.0, 3.0, 5.0, 3.0, 0.0]
    """
    if bitmap.mean() > share:
        return 1 - weigh_ink(1 - bitmap, 1 - share)
    while (thicker := _grow(bitmap)).mean() < share:
        bitmap = thicker
    part = (share - bitmap.mean()) / (thicker.mean() - bitmap.mean())
    return bitmap + np.float32(part) * (thicker - bitmap)


def _grow(bitmap: np.ndarray) -> np.ndarray:
    """Each pixel as dark as the darkest of itself and its four neighbours."""
    wide = np.pad(bitmap, 1)
    neighbours = (wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:])
    return np.maximum.reduce([bitmap, *neighbours])
