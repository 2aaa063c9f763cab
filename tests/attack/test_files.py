"""Hostile files: each is read, or refused in one clear line that names it."""

import shutil
import time

import pytest

from tests.attack.hostile_bundles import HOSTILE
from tests.attack.hostile_recordings import RECORDINGS, SOUNDS
from tinyml_course.bundle import Bundle
from tinyml_course.datasets import load_motion
from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import DataError
from tinyml_course.shipped import BUNDLES

LONGEST_LINE = 700  # of a message, with the path in it
LONGEST_S = 10


def check_refusal(read, names, is_read, attack, family):
    """`read` gives something, or one clear line; either of them soon."""
    attack(f"files: {family}")
    begun = time.monotonic()
    if is_read:
        assert read() is not None
    else:
        with pytest.raises(DataError) as caught:
            read()
        message = str(caught.value)
        assert names in message
        assert message.isprintable(), message
        assert len(message) < LONGEST_LINE
    assert time.monotonic() - begun < LONGEST_S


@pytest.mark.parametrize("case", RECORDINGS)
def test_a_recording(tmp_path, case, attack):
    content, is_read = RECORDINGS[case]
    path = tmp_path / "takes" / "ann.csv"
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    names = "ann.csv" if case != "one row" else "recordings"
    check_refusal(lambda: load_motion(path), names, is_read, attack, "recordings")


@pytest.mark.parametrize("case", SOUNDS)
@pytest.mark.parametrize("rate_hz", [None, 16_000])
def test_a_sound(tmp_path, case, rate_hz, attack):
    content, is_read = SOUNDS[case]
    path = tmp_path / "ann_0.wav"
    path.write_bytes(content)
    check_refusal(lambda: read_wav(path, rate_hz), "ann_0.wav", is_read, attack, "sounds")


@pytest.mark.parametrize("case", HOSTILE)
def test_a_bundle(tmp_path, case, attack):
    folder = tmp_path / "hostile"
    shutil.copytree(BUNDLES / "motion", folder)
    HOSTILE[case](folder)
    check_refusal(lambda: Bundle.load(folder), "the Bundle in", False, attack, "Bundles")


def test_there_are_enough_cases():
    assert len(RECORDINGS) + len(SOUNDS) + len(HOSTILE) >= 80
