"""Pictures of digits from a folder: any size and colour in, ink or a clear refusal out."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tinyml_course.datasets.digit_images import (
    INK_SHARE,
    SPREAD,
    fit_columns,
    load_digit_images,
    measure_ink,
    measure_lean,
    read_grey,
    straighten,
)
from tinyml_course.datasets.digits import make_digits_dataset, upscale
from tinyml_course.errors import DataError


def draw_seven(width: int = 90, height: int = 120) -> Image.Image:
    """Black on white, off the middle."""
    picture = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(20, 20), (60, 20), (35, 100)], fill=0, width=10)
    return picture


def save(folder, label: str, name: str, picture) -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    picture.save(folder / label / name)


def test_a_picture_of_the_course_comes_back_as_it_was():
    """A digit of the set, drawn as the bitmap of 32 x 32 it was counted from, nearly.

    One that leans comes back straightened, so those that stand upright are asked.
    """
    x = make_digits_dataset().x[:90]
    x = np.stack([one for one in x if abs(measure_lean(one)[0]) < 0.1])
    assert len(x) > 20
    ink = upscale(x, 32)
    back = np.stack([measure_ink(np.pad(1 - each, 9, constant_values=1)) for each in ink])
    likeness = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(x, back, strict=True)]
    assert np.mean(likeness) > 0.9
    assert back.min() >= 0
    assert back.max() <= 1


@pytest.mark.parametrize("lean", [-0.6, -0.2, 0.3, 0.7])
def test_a_leaning_digit_is_straightened(lean):
    x = next(one for one in make_digits_dataset().x if abs(measure_lean(one)[0]) < 0.02)
    ink = np.pad(upscale(x[None], 32)[0], ((4, 4), (30, 30)))
    upright = measure_ink(1 - ink)
    leaning = np.stack([np.roll(row, round(lean * (at - 20))) for at, row in enumerate(ink)])
    assert measure_lean(leaning)[0] == pytest.approx(lean, abs=0.05)
    assert abs(measure_lean(straighten(leaning))[0]) < 0.05
    assert np.corrcoef(measure_ink(1 - leaning).ravel(), upright.ravel())[0, 1] > 0.97


def test_what_lies_is_not_made_to_stand():
    line = np.zeros((20, 60), np.float32)
    line[10, 5:55] = 1
    assert np.array_equal(straighten(line), line)
    nearly = np.zeros((20, 60), np.float32)
    nearly[9, 5:30] = nearly[10, 30:55] = 1
    assert measure_lean(nearly)[0] == 1.0


def spread_of(bitmap) -> tuple[float, float]:
    """The centre of a bitmap's columns, and their standard deviation."""
    columns, ink = np.arange(bitmap.shape[1]) + 0.5, bitmap.sum(axis=0)
    centre = np.average(columns, weights=ink)
    return centre, np.sqrt(np.average((columns - centre) ** 2, weights=ink))


def test_the_set_spreads_its_ink_as_the_loader_does():
    spreads = [4 * spread_of(picture)[1] for picture in make_digits_dataset().x]
    assert np.mean(spreads) == pytest.approx(SPREAD, abs=0.2)


@pytest.mark.parametrize("times_as_wide", [0.8, 1.0, 1.3, 2.0])
def test_a_wide_hand_and_a_narrow_one_become_alike(times_as_wide):
    ring = Image.new("L", (60, 60), 0)
    ImageDraw.Draw(ring).ellipse((4, 4, 55, 55), outline=255, width=8)
    wide = ring.resize((round(60 * times_as_wide), 60))
    centre, spread = spread_of(fit_columns(np.asarray(wide, np.float32) / 255))
    assert centre == pytest.approx(16, abs=0.5)
    assert spread == pytest.approx(SPREAD, abs=0.3)


def test_a_long_arm_pushes_the_body_aside_less_than_its_length_would():
    body = np.zeros((40, 60), np.float32)
    body[:, :20] = 1
    with_arm = body.copy()
    with_arm[38:, 20:55] = 1
    by_the_outermost_ink = 16 + (10 - 55 / 2) * 24 / 55  # pressed to 24 columns around the middle
    centre, _ = spread_of(fit_columns(with_arm)[:30])  # without the rows of the arm
    assert by_the_outermost_ink + 1.5 < centre < 16


def test_a_narrow_one_stays_narrow():
    one = np.ones((40, 4), np.float32)
    assert (fit_columns(one).max(axis=0) > 0.5).sum() <= 5


def test_form_colour_depth_and_place_do_not_matter(tmp_path):
    seven = draw_seven()
    grey = np.asarray(seven)
    colour = np.stack([grey, grey // 2 + 127, grey], axis=2)
    clear = np.dstack([np.zeros((*grey.shape, 3), np.uint8), 255 - grey])
    pictures = {
        "black": seven,
        "white": Image.fromarray(255 - grey),
        "colour": Image.fromarray(colour),
        "clear": Image.fromarray(clear, "RGBA"),
        "deep": Image.fromarray(grey.astype(np.uint16) * 257),
        "palette": seven.convert("P"),
        "moved": Image.fromarray(np.pad(grey, ((30, 5), (80, 0)), constant_values=255)),
    }
    counts = {}
    for name, picture in pictures.items():
        save(tmp_path, "7", f"{name}.png", picture)
        counts[name] = measure_ink(read_grey(tmp_path / "7" / f"{name}.png"))
    for name in pictures:
        np.testing.assert_allclose(counts[name], counts["black"], atol=0.03, err_msg=name)
    assert counts["black"][0].max() > 0.5, "it fills its height"
    assert counts["black"][7].max() > 0.5


def test_a_thin_stroke_is_not_pressed_to_nothing():
    one = np.ones((50, 50), np.float32)
    one[5:45, 24:26] = 0
    counts = measure_ink(one)
    assert counts.sum(axis=0).argmax() in (3, 4)
    assert counts.sum() >= 2


@pytest.mark.parametrize("pen", [2, 5, 10, 18])
def test_every_pen_leaves_the_ink_of_the_courses_set(pen):
    by_digit = make_digits_dataset()
    usual = [by_digit.x[by_digit.y == digit].mean() for digit in range(10)]
    np.testing.assert_allclose(usual, INK_SHARE, atol=0.025)
    picture = Image.new("L", (90, 120), 255)
    ImageDraw.Draw(picture).line([(20, 20), (60, 20), (35, 100)], fill=0, width=pen)
    counts = measure_ink(np.asarray(picture, np.float32) / 255)
    assert counts.mean() == pytest.approx(INK_SHARE, abs=1e-3)
    felt_pen = measure_ink(np.asarray(draw_seven(), np.float32) / 255)
    assert np.corrcoef(counts.ravel(), felt_pen.ravel())[0, 1] > 0.8


def test_a_hairline_on_a_large_page_is_a_stroke():
    page = np.ones((3000, 2000), np.float32)
    page[100:2900, 1000] = 0
    counts = measure_ink(page)
    assert counts.mean() == pytest.approx(INK_SHARE, abs=1e-3)
    assert (counts[:, 3:5] > 0.9).all()


def test_a_folder_becomes_a_dataset(tmp_path):
    for label in ("1", "7"):
        for name in ("ann_0.png", "ann_1.png", "bob_0.PNG", "scan.png"):
            save(tmp_path, label, name, draw_seven())
    (tmp_path / "7" / ".hidden").write_text("left by a file browser")
    data = load_digit_images(tmp_path, size=28)
    assert data.x.shape == (8, 28, 28)
    assert [data.class_names[k] for k in data.y] == ["1"] * 4 + ["7"] * 4
    assert set(data.groups) == {"ann", "bob", "unknown writer"}
    assert "2 known writers" in data.source
    lab = make_digits_dataset(size=28)
    assert (data.unit, data.channel_names) == (lab.unit, lab.channel_names)


def check_refused(folder, *says: str) -> None:
    with pytest.raises(DataError) as refusal:
        load_digit_images(folder)
    for text in says:
        assert text in str(refusal.value)


def test_what_is_no_folder_of_digits_is_refused(tmp_path):
    check_refused(tmp_path / "nowhere", "nowhere is no folder")
    check_refused(tmp_path, "no folders", "0 to 9")
    (tmp_path / "3").mkdir()
    check_refused(tmp_path, "holds no picture")
    (tmp_path / "eight").mkdir()
    check_refused(tmp_path, "'eight'", "0 to 9")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jpg", b"", "no .png file"),
        ("a.png", b"", "no PNG"),
        ("a.png", b"GIF89a and more", "no PNG"),
        ("a.png", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_png_is_named(tmp_path, name, content, says):
    save(tmp_path, "7", "whole.png", draw_seven())
    half = (tmp_path / "7" / "whole.png").read_bytes()[:150]
    (tmp_path / "7" / name).write_bytes(half if content is None else content)
    check_refused(tmp_path, name, says)


def test_an_empty_sheet_and_a_whole_page_are_refused(tmp_path):
    save(tmp_path, "7", "sheet.png", Image.new("L", (40, 40), 250))
    check_refused(tmp_path, "sheet.png", "shows nothing")
    save(tmp_path, "7", "page.png", Image.new("1", (5000, 10)))
    check_refused(tmp_path, "page.png", "limit is 4096")
