"""Folders as people have them: endings in capitals, and what systems leave lying about."""

import os

import numpy as np
import pytest
from PIL import Image

from tinyml_course.datasets import gas_recordings, pond_recordings, vibration_recordings
from tinyml_course.datasets.digit_images import load_digit_images
from tinyml_course.datasets.folders import list_entries, list_files, list_folders
from tinyml_course.datasets.keywords_folder import load_keywords
from tinyml_course.datasets.motion_sources import load_motion
from tinyml_course.datasets.recordings import write_example_recordings
from tinyml_course.datasets.wav import read_wav, write_wav
from tinyml_course.errors import DataError


def litter(folder):
    """What macOS and Windows leave in a folder and in each of its folders."""
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        for beside in [path for path in place.iterdir() if path.is_file()]:
            (place / f"._{beside.name}").write_bytes(b"\x00\x05\x16\x07")
        for name in ("Thumbs.db", "desktop.ini", ".DS_Store"):
            (place / name).write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "__MACOSX" / "yes").mkdir(parents=True)
    (folder / "__MACOSX" / "yes" / "._a_1.wav").write_bytes(b"\x00\x05")
    (folder / "__MACOSX" / "0").mkdir()


def test_recordings(tmp_path):
    first, second = write_example_recordings(tmp_path, people=2)
    clean = load_motion(tmp_path)
    second.rename(second.with_suffix(".CSV"))
    litter(tmp_path)
    data = load_motion(tmp_path)
    np.testing.assert_array_equal(data.x, clean.x)
    assert set(data.groups) == {"p000", "p001"}
    first.unlink()
    assert set(load_motion(tmp_path).groups) == {"p001"}


def test_sounds(tmp_path):
    rng = np.random.default_rng(0)
    for word in ("yes", "no", "silence", "bed"):
        for number in range(2):
            samples = rng.integers(-2000, 2000, 16_000).astype(np.int16)
            ending = "WAV" if number else "wav"
            write_wav(tmp_path / word / f"ann_{number}.{ending}", samples)
    clean = load_keywords(tmp_path)
    assert len(clean) == 8, ".WAV counts"
    litter(tmp_path)
    np.testing.assert_array_equal(load_keywords(tmp_path).x, clean.x)


def test_pictures(tmp_path):
    for digit in "04":
        (tmp_path / digit).mkdir()
        picture = np.full((20, 20), 255, np.uint8)
        picture[4:16, 8:11] = 0
        for ending in ("png", "PNG"):
            Image.fromarray(picture).save(tmp_path / digit / f"ann_1.{ending}", format="PNG")
    clean = load_digit_images(tmp_path)
    litter(tmp_path)
    np.testing.assert_array_equal(load_digit_images(tmp_path).x, clean.x)
    (tmp_path / "0" / "notes.txt").write_text("not left by a system")
    with pytest.raises(DataError, match=r"notes\.txt is no \.png"):
        load_digit_images(tmp_path)


def test_a_folder_that_cannot_be_read_is_one_line(tmp_path):
    for look in (list_entries, list_folders):
        with pytest.raises(DataError, match="cannot be read"):
            look(tmp_path / "nowhere")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes exist on POSIX only")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "ann.csv")
    (tmp_path / "link.wav").symlink_to(tmp_path / "nowhere")
    for ending in (".csv", ".wav"):
        with pytest.raises(DataError, match="is no file"):
            list_files(tmp_path, ending)
    with pytest.raises(DataError, match="is no file"):
        read_wav(tmp_path / "ann.csv")


@pytest.mark.parametrize(
    ("load", "write"),
    [
        (gas_recordings.load_gas, gas_recordings.write_example_trace),
        (pond_recordings.load_pond, pond_recordings.write_example_trace),
        (vibration_recordings.load_vibration, vibration_recordings.write_example_trace),
    ],
)
def test_gas_pond_and_vibration(load, write, tmp_path):
    path = write(tmp_path)
    clean = load(tmp_path)
    path.rename(path.with_suffix(".CSV"))
    litter(tmp_path)
    np.testing.assert_array_equal(load(tmp_path).x, clean.x)
    nowhere = tmp_path / "nowhere"
    with pytest.raises(DataError, match=f"{nowhere}: there is no such file or folder; check"):
        load(nowhere)
    nowhere.mkdir()
    with pytest.raises(DataError, match=r"holds no \.csv file: record "):
        load(nowhere)
