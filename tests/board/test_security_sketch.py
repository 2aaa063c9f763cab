"""The security sketch, unmodified, on the virtual boards: what it believes, and what it refuses."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.debug_port import DebugPort
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.export.sealed.image import ModelImage
from tinyml_course.export.sealed.seal import EXAMPLE_KEY, Seal, seal_image
from tinyml_course.shipped import DATA, SKETCHES

TRACE = DATA / "motion_p003.csv"
BOARDS = ["nano33ble", "wio_terminal"]
each_board = pytest.mark.parametrize("board", BOARDS)


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("motion")


@pytest.fixture(scope="module")
def image(bundle):
    return ModelImage.of(bundle)


def power_on(board, flipped=None, traces=()):
    """A board with the sketch, and one bit of flash turned before it starts."""
    machine = VirtualBoard(build_sketch(SKETCHES / "security", board), traces)
    if flipped is not None:
        port = DebugPort(machine)
        port.flip_bit(machine.sketch.program.address_of("security_sealed") + flipped, 3)
    return machine


def say(machine, text, seconds=0.3):
    """The board's lines after a command, without those about movements."""
    machine.uart.give(text.encode())
    machine.run(seconds)
    lines = machine.uart.take().decode().splitlines()
    return [line for line in lines if not line.startswith(("window:", "# samples lost"))]


def send_image(machine, sealed):
    lines = say(machine, f"u {sealed.hex()}\n")
    (record,) = [line for line in lines if line.startswith("update:")]
    return Seal(int(record.split(",")[0].split(":")[1])), lines


def small_change(image, version):
    """The same network with one weight less, as a later release."""
    weights = image.layers[0].weights.copy()
    weights[0, 0] = 0
    first = replace(image.layers[0], weights=weights)
    return replace(image, version=version, layers=(first, *image.layers[1:]))


@each_board
def test_it_says_what_python_says_for_every_window(board, bundle):
    trace = read_trace(TRACE)
    machine = power_on(board, traces=[trace])
    machine.run(12)
    lines = machine.uart.take().decode().splitlines()
    assert lines[0] == f"# security 1 {board}"
    assert lines[1] == "# the key is the course's example: whoever can read can sign"
    assert lines[2].startswith("check:0,version:1,bytes:1180,check_us:")
    records = [dict(f.split(":") for f in line.split(",")) for line in lines if "window:" in line]
    starts = range(0, 50 * len(records), 50)
    scores = bundle.predict_scores(np.stack([trace.values[s : s + 100] for s in starts]))
    assert len(records) >= 9
    assert [int(r["class"]) for r in records] == scores.argmax(axis=1).tolist()
    said = np.array([[float(r[name]) for name in bundle.class_names] for r in records])
    assert np.abs(said - scores).max() < 0.02
    if machine.screen:
        assert machine.screen.texts[:4] == ["security", "ready", "model", "1"]
        assert machine.screen.texts[4] == bundle.class_names[int(records[0]["class"])]


@each_board
def test_golden_serial_lines(board, image):
    """A start, an answer, a replay, a forgery, an update, the update before it; times aside."""
    machine = power_on(board, traces=[read_trace(TRACE)])
    machine.run(4.5)
    same = seal_image(image, EXAMPLE_KEY).hex()
    forged = seal_image(small_change(image, 9), bytes(32)).hex()
    second = seal_image(small_change(image, 2), EXAMPLE_KEY).hex()
    for command in ("?", f"u {same}", f"u {forged}", f"u {second}", f"u {second}", "u 0", "hello"):
        machine.uart.give(f"{command}\n".encode())
        machine.run(0.2)
    machine.run(2.5)
    lines = machine.uart.take().decode().splitlines()
    kept = [line.split(",latency_us")[0].split(",check_us")[0] for line in lines]
    golden = GOLDEN / f"security_{board}.txt"
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


@each_board
@pytest.mark.parametrize("place", [0, 700, 1179], ids=["head", "weight", "tag"])
def test_a_flipped_bit_is_refused_with_lamp_and_line_and_an_update_heals(board, place, image):
    machine = power_on(board, place)
    machine.run(2.2)
    lines = machine.uart.take().decode().splitlines()
    assert lines[2].startswith("check:2,version:0,")
    refusal = "# error the model is refused: its tag is wrong: damaged, or made by somebody else"
    assert len(lines) >= 5  # at once, and once a second; the Wio draws first
    assert set(lines[3:]) == {refusal}
    lamp = [change for change in machine.gpio.changes if change.pin == 13]
    steps_us = [b.time_us - a.time_us for a, b in zip(lamp[-9:], lamp[-8:], strict=False)]
    assert all(abs(step - 50_000) < 1500 for step in steps_us)  # fast
    if machine.screen:
        assert "refused" in machine.screen.texts
    status, lines = send_image(machine, seal_image(image, EXAMPLE_KEY))
    assert status is Seal.GOOD
    assert say(machine, "?\n", 0.1)[-1] == "version:1,refused:0"


@each_board
def test_updates_old_unsigned_or_for_another_sketch_are_refused(board, image):
    machine = power_on(board)
    machine.run(0.5)
    good = small_change(image, 3)
    for what, sealed, expected in [
        ("the same again", seal_image(image, EXAMPLE_KEY), Seal.OLD),
        ("no tag", good.to_bytes(), Seal.WRONG_TAG),
        ("another key", seal_image(good, bytes(32)), Seal.WRONG_TAG),
        ("another sketch", seal_image(replace(good, interface=1), EXAMPLE_KEY), Seal.WRONG_LAYOUT),
        ("nothing", b"", Seal.WRONG_SIZE),
        ("right", seal_image(good, EXAMPLE_KEY), Seal.GOOD),
        ("a replay", seal_image(good, EXAMPLE_KEY), Seal.OLD),
        ("a downgrade", seal_image(small_change(image, 2), EXAMPLE_KEY), Seal.OLD),
    ]:
        status, lines = send_image(machine, sealed)
        assert status is expected, what
        assert any(line.startswith("# update refused: ") for line in lines) is (status > 0)
        at_work = 3 if what in ("right", "a replay", "a downgrade") else 1
        assert say(machine, "?\n", 0.1)[-1] == f"version:{at_work},refused:0"
    assert say(machine, "u 0\n")[-1].startswith("# error an update has two hexadecimal digits")
    assert say(machine, f"u {'00' * 2049}\n", 0.5)[-1].startswith("# error an update has")
    assert say(machine, "hello\n")[-1] == "# error unknown command: send ? or u and an image"


@each_board
def test_an_update_outlives_the_power_and_so_does_its_version(board, image):
    sketch = build_sketch(SKETCHES / "security", board)
    first = VirtualBoard(sketch)
    first.run(0.5)
    assert send_image(first, seal_image(small_change(image, 3), EXAMPLE_KEY))[0] is Seal.GOOD
    kept = first.storage.content
    again = VirtualBoard(sketch, stored=kept)
    again.run(0.5)
    checks = [line for line in again.uart.take().decode().splitlines() if "check:" in line]
    assert [line.split(",")[1] for line in checks] == ["version:1", "version:3"]
    assert say(again, "?\n", 0.1)[-1] == "version:3,refused:0"
    downgrade = seal_image(small_change(image, 2), EXAMPLE_KEY)
    assert send_image(again, downgrade)[0] is Seal.OLD

    sealed = seal_image(small_change(image, 3), EXAMPLE_KEY)
    turned = bytes(255 - byte for byte in sealed)  # as FlashStorage keeps it here
    flipped = bytearray(kept)
    flipped[max(kept.find(sealed), kept.find(turned)) + 600] ^= 1  # believed no more than shipped
    damaged = VirtualBoard(sketch, stored=bytes(flipped))
    damaged.run(0.5)
    checks = [line for line in damaged.uart.take().decode().splitlines() if "check:" in line]
    assert [line.split(",")[0] for line in checks] == ["check:0", "check:2"]
    assert say(damaged, "?\n", 0.1)[-1] == "version:1,refused:0"


def taught_twice(sketch, image):
    """A board that took version 2 and then 3, and what it keeps after each."""
    machine = VirtualBoard(sketch)
    machine.run(0.5)
    kept = []
    for version in (2, 3):
        sealed = seal_image(small_change(image, version), EXAMPLE_KEY)
        assert send_image(machine, sealed)[0] is Seal.GOOD
        kept.append(machine.storage.content)
    return kept


def version_after(sketch, kept):
    machine = VirtualBoard(sketch, stored=kept)
    machine.run(0.5)
    machine.uart.take()
    return say(machine, "?\n", 0.1)[-1], machine


@each_board
def test_an_update_that_was_not_written_whole_leaves_the_one_before_it(board, image):
    """Whoever pulls the cable while flash is written gains no way back to the shipped version."""
    sketch = build_sketch(SKETCHES / "security", board)
    both = bytearray(taught_twice(sketch, image)[1])
    third = seal_image(small_change(image, 3), EXAMPLE_KEY)[-32:]
    at = max(both.find(third), both.find(bytes(255 - byte for byte in third)))
    both[at - 1] ^= 1
    said, machine = version_after(sketch, bytes(both))
    assert said == "version:2,refused:0"
    status, _ = send_image(machine, seal_image(small_change(image, 2), EXAMPLE_KEY))
    assert status is Seal.OLD
    status, _ = send_image(machine, seal_image(small_change(image, 4), EXAMPLE_KEY))
    assert status is Seal.GOOD
    assert version_after(sketch, machine.storage.content)[0] == "version:4,refused:0"


def test_the_power_goes_while_a_page_is_erased(image):
    """On the Nano that takes 85 ms; all the while the update at work is whole."""
    sketch = build_sketch(SKETCHES / "security", "nano33ble")
    _, both = taught_twice(sketch, image)
    machine = VirtualBoard(sketch, stored=both)
    machine.run(0.5)
    fourth = seal_image(small_change(image, 4), EXAMPLE_KEY)
    machine.uart.give(f"u {fourth.hex()}\n".encode())
    for _ in range(100):
        machine.run(0.005)
        if machine.storage.content != both:
            break
    said, again = version_after(sketch, machine.storage.content)
    assert said == "version:3,refused:0"
    assert send_image(again, fourth)[0] is Seal.GOOD
    assert version_after(sketch, again.storage.content)[0] == "version:4,refused:0"


def copy_without_flash(name, folder):
    """A sketch of the course whose place in flash the board does not keep."""
    copy = folder / name
    shutil.copytree(SKETCHES / name, copy)
    (header,) = [h for h in copy.glob("*.h") if "STORED_AT[" in h.read_text()]
    text = header.read_text().replace("0xDE000", "0x20000").replace("0xDF000", "0x21000")
    header.write_text(text)
    return copy


def test_a_flash_that_keeps_nothing_is_said(image, tmp_path):
    machine = VirtualBoard(build_sketch(copy_without_flash("security", tmp_path), "nano33ble"))
    machine.run(0.5)
    status, lines = send_image(machine, seal_image(small_change(image, 2), EXAMPLE_KEY))
    assert status is Seal.GOOD
    assert "# error the flash does not keep it: the update goes with the power" in lines


@each_board
def test_the_last_version_that_a_counter_has_is_the_last(board, image):
    """At 2^32 - 1, one more would be 0, and every old update would be new again."""
    machine = power_on(board)
    machine.run(0.5)
    last = seal_image(small_change(image, 2**32 - 1), EXAMPLE_KEY)
    assert send_image(machine, last)[0] is Seal.GOOD
    second = seal_image(small_change(image, 2), EXAMPLE_KEY)
    assert send_image(machine, second)[0] is Seal.OLD
