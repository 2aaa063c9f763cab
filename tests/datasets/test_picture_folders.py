"""A folder of pictures: classes by folder, brightness, squares, and each bad folder said."""

import numpy as np
import pytest
from PIL import Image

from tinyml_course.datasets.picture_folders import load_pictures
from tinyml_course.errors import DataError


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)


def test_classes_sources_and_brightness(tmp_path):
    save(tmp_path / "nut" / "ann_0.png", np.full((10, 20), 255))
    save(tmp_path / "screw" / "bob_0.png", np.zeros((6, 4)))
    data = load_pictures(tmp_path, 4)
    assert data.class_names == ("nut", "screw")
    assert data.groups.tolist() == ["ann", "bob"]
    assert data.x.shape == (2, 4, 4)
    assert data.x[0].min() == 1.0
    assert data.x[1].max() == 0.0


def test_the_middle_square_is_kept_and_each_pixel_is_a_mean(tmp_path):
    pixels = np.zeros((2, 6))
    pixels[:, 2], pixels[:, 0] = 255, 255  # column 0 lies outside the square
    save(tmp_path / "a" / "0.png", pixels)
    save(tmp_path / "b" / "0.png", pixels)
    assert load_pictures(tmp_path, 2).x[0].tolist() == [[1, 0], [1, 0]]
    assert load_pictures(tmp_path, 1).x[0].tolist() == [[0.5]]


def test_bad_folders_are_said(tmp_path):
    with pytest.raises(DataError, match="is no folder"):
        load_pictures(tmp_path / "none", 8)
    save(tmp_path / "a" / "0.png", np.zeros((2, 2)))
    with pytest.raises(DataError, match="holds 1 folders, at least 2"):
        load_pictures(tmp_path, 8)
    (tmp_path / "b").mkdir()
    with pytest.raises(DataError, match=r"holds no \.png picture"):
        load_pictures(tmp_path, 8)
    (tmp_path / "b" / "0.png").write_text("no picture")
    with pytest.raises(DataError, match="is no PNG picture"):
        load_pictures(tmp_path, 8)
    with pytest.raises(DataError, match="size of at least 1"):
        load_pictures(tmp_path, 0)
