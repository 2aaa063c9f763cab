"""What is stored outlives an upload on the Nano and not on the Wio: all places say the same."""

import re

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.shipped import SKETCHES

# Sketches with pages of their own in the Nano's flash.
HEADERS = [path for path in SKETCHES.glob("*/*.h") if "STORED_AT" in path.read_text()]
STORE = sorted({path.parent.name for path in HEADERS})


def test_the_sketches_that_store_are_known():
    assert STORE == ["personalize", "security", "vibration"]


@pytest.mark.parametrize("name", STORE)
def test_an_upload_is_said_to_erase_on_the_wio_alone(name):
    files = [*(SKETCHES / name).glob("*.h"), SKETCHES / name / "README.md"]
    said = [
        sentence
        for path in files
        for sentence in re.split(r"(?<=[.:;]) ", path.read_text().replace("\n", " "))
        if re.search(r"[Aa]n\s+upload\s+(erases|on the)", sentence)
    ]
    assert said
    for sentence in said:
        assert "Wio" in sentence or "on the Nano does not" in sentence


@pytest.mark.parametrize("name", STORE)
def test_the_sketch_ends_below_its_pages(name):
    """The bootloader erases only what it writes, so the pages must not lie there."""
    built = build_sketch(SKETCHES / name, "nano33ble")
    (pages,) = re.findall(
        r"STORED_AT\[\w+\] = \{(0x\w+),",
        "".join(path.read_text() for path in (SKETCHES / name).glob("*.h")),
    )
    start = built.model.memory.flash_start
    free = built.fit.flash_free_bytes  # beside the core and the libraries
    assert start + built.model.board.flash_bytes - free < int(pages, 16)
