"""Reading a board's flash: what is there, what a lock holds back, and whom it does not stop."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.attacks.readout import find_images, find_tflite_models
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.models import MODELS
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.debug_port import PROTECTIONS, DebugPort, flash_image
from tinyml_course.bundle import Bundle
from tinyml_course.errors import BoardError
from tinyml_course.export.c_array import export_c_array
from tinyml_course.export.sealed.image import ModelImage
from tinyml_course.export.sealed.seal import EXAMPLE_KEY, seal_image
from tinyml_course.interpreters.tflm import run_integer_model

SKETCH = """#include "wake_model_data.h"
void setup() { Serial.begin(115200); }
void loop() { Serial.println(wake_model[millis() % sizeof wake_model]); delay(1000); }
"""


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("motion")


@pytest.fixture
def machine():
    return VirtualBoard(build_sketch("security", "nano33ble"))


def test_every_emulated_board_has_its_say():
    assert set(PROTECTIONS) == set(MODELS)


def test_an_image_in_a_dump_answers_as_the_board_does(machine, bundle):
    dump = DebugPort(machine).read_flash()
    assert len(dump) == machine.sketch.model.memory.flash_bytes
    assert dump == flash_image(machine.sketch.program)
    assert set(dump[-1000:]) == {0xFF}  # empty flash
    ((at, found),) = find_images(dump)
    assert np.array_equal(found.run(bundle.golden.inputs), bundle.golden.outputs)
    image = ModelImage.of(bundle)
    assert dump[at : at + 1180] == seal_image(image, EXAMPLE_KEY)
    assert EXAMPLE_KEY in dump  # the key, for who looks: with it, anybody signs


def test_a_tflite_file_in_a_dump_is_the_whole_file(bundle, tmp_path):
    folder = tmp_path / "wake"
    folder.mkdir()
    (folder / "wake.ino").write_text(SKETCH)
    export_c_array(bundle.model, folder, "wake", bundle.class_names, 4096)
    dump = DebugPort(VirtualBoard(build_sketch(folder, "nano33ble"))).read_flash()
    ((_, found),) = find_tflite_models(dump)
    assert bytes(found) == bytes(bundle.model)
    golden = bundle.golden
    assert np.array_equal(run_integer_model(found, golden.inputs).outputs, golden.outputs)


def test_letters_alone_are_no_model():
    noise = np.random.default_rng(0).bytes(5000)
    assert find_tflite_models(noise + b"TFL3" + noise) == []
    assert find_images(noise + b"TMD1" + noise) == []


def test_the_lock_refuses_and_only_an_empty_chip_opens_again(machine):
    port = DebugPort(machine)
    at = machine.sketch.program.address_of("security_sealed")
    port.protect()
    for forbidden in (port.read_flash, lambda: port.write_flash(at, b"x")):
        with pytest.raises(BoardError, match="refuses the debugger: APPROTECT is set"):
            forbidden()
    port.erase_all()
    assert set(port.read_flash()) == {0xFF}
    assert machine.cpu.read_memory(at, 4) == b"\xff" * 4


def test_who_writes_the_flash_needs_no_key_until_a_lock_is_set(machine):
    """The tag is checked with the key in flash: whoever overwrites both is believed."""
    port = DebugPort(machine)
    start = machine.sketch.program.memory.flash_start
    dump = port.read_flash()
    ((at, image),) = find_images(dump)
    last = image.layers[-1]
    swapped = replace(last, weights=last.weights[[1, 0, 2]], bias=last.bias[[1, 0, 2]])
    theirs = seal_image(replace(image, layers=(*image.layers[:-1], swapped)), bytes(32))

    def overwrite():
        port.write_flash(start + dump.find(EXAMPLE_KEY), bytes(32))
        port.write_flash(start + at, theirs)

    overwrite()
    machine.run(2)
    said = machine.uart.take().decode().splitlines()
    assert any(line.startswith("check:0,version:1,") for line in said)
    assert any(line.startswith("window:0,") for line in said)
    port.protect()
    with pytest.raises(BoardError, match="APPROTECT is set"):
        overwrite()


def test_a_swapped_model_under_the_old_key_is_refused(machine):
    port = DebugPort(machine)
    ((at, image),) = find_images(port.read_flash())
    start = machine.sketch.program.memory.flash_start
    port.write_flash(start + at, seal_image(image, bytes(32)))
    machine.run(2)
    said = machine.uart.take().decode()
    assert "check:2,version:0" in said
    assert "window:" not in said


def test_a_lock_that_the_bootloader_does_not_know():
    wio = DebugPort(VirtualBoard(build_sketch("security", "wio_terminal")))
    wio.protect()
    with pytest.raises(BoardError, match="the security bit is set"):
        wio.read_flash()
    assert len(find_images(wio.read_flash(through="bootloader"))) == 1


def test_what_a_board_has_not_is_said(machine):
    port = DebugPort(machine)
    with pytest.raises(BoardError, match="takes uploads and gives nothing back"):
        port.read_flash("bootloader")
    with pytest.raises(BoardError, match="no way 'telepathy'"):
        port.read_flash("telepathy")
    with pytest.raises(BoardError, match="not all in flash"):
        port.write_flash(0x2000_0000, b"x")
    with pytest.raises(BoardError, match="not all in flash"):
        port.flip_bit(0, 3)
    pico = DebugPort(VirtualBoard(build_sketch("selftest", "pico")))
    with pytest.raises(BoardError, match="no lock to set: the RP2040's flash is a chip of its own"):
        pico.protect()


def test_a_written_byte_is_what_the_sketch_reads(machine):
    port = DebugPort(machine)
    at = machine.sketch.program.address_of("security_sealed")
    before = machine.cpu.read_memory(at + 100, 1)[0]
    port.flip_bit(at + 100, 0)
    assert machine.cpu.read_memory(at + 100, 1)[0] == before ^ 1
    assert port.read_flash()[at + 100 - machine.sketch.model.memory.flash_start] == before ^ 1
