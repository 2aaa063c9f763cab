"""The registers' names and places: what C is told in board_io.h is what Python answers."""

import re

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.models import ARDUINO_FOLDER
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual import (
    accelerometer,
    adc,
    buses,
    gas,
    gpio,
    microphone,
    screen,
    storage,
    surroundings,
    system,
    timer,
    uart,
)
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.peripheral import PAGE_BYTES, Peripheral
from tinyml_course.errors import BoardError

HEADER = (ARDUINO_FOLDER / "core" / "board_io.h").read_text()
PERIPHERALS = {cls.name: cls for cls in Peripheral.__subclasses__()}
NUMBER = r"(0x[0-9A-Fa-f]+)"


def pages_in_c() -> dict[str, int]:
    found = re.findall(rf"^#define BOARD_(\w+) {NUMBER}u$", HEADER, re.MULTILINE)
    return {name: int(address, 16) for name, address in found}


def registers_in_c() -> dict[str, int]:
    """Offset by full name; a row of registers counts with its first."""
    pattern = rf"^#define (\w+)(?:\((\w+)\))? BOARD_REGISTER\(BOARD_(\w+)(?: \+ {NUMBER})?"
    found = re.findall(pattern, HEADER, re.MULTILINE)
    for name, _, page, _ in found:
        assert name.startswith(f"{page}_"), name
    return {name: int(offset or "0", 16) for name, _, _, offset in found}


def test_every_file_of_a_peripheral_was_met():
    """The list of subclasses is only as complete as the imports above."""
    folder = ARDUINO_FOLDER.parent
    files = {p.stem for p in folder.glob("*.py") if "(Peripheral):" in p.read_text()}
    modules = (
        accelerometer, adc, buses, gas, gpio, microphone, screen, storage, surroundings, system,
        timer, uart,
    )  # fmt: skip
    assert files == {module.__name__.rpartition(".")[2] for module in modules}
    assert len(PERIPHERALS) == len(files) + 1  # two buses in one file


def test_each_peripheral_has_the_page_that_the_header_says():
    assert {name: cls.address for name, cls in PERIPHERALS.items()} == pages_in_c()
    assert all(address % PAGE_BYTES == 0 for address in pages_in_c().values())
    assert len(set(pages_in_c().values())) == len(PERIPHERALS)


def test_each_register_has_the_same_name_and_place_in_python_and_in_c():
    in_python = {
        f"{name}_{register}": offset
        for name, cls in PERIPHERALS.items()
        for register, offset in vars(cls.registers).items()
        if not register.startswith("_")
    }
    assert in_python == registers_in_c()
    # Every definition was understood; the one left over is the macro itself.
    assert HEADER.count("BOARD_REGISTER(") == len(in_python) + 1


@pytest.mark.parametrize("name", PERIPHERALS)
def test_no_two_registers_share_a_place(name):
    registers = {k: v for k, v in vars(PERIPHERALS[name].registers).items() if k[0] != "_"}
    assert len(set(registers.values())) == len(registers)
    assert all(offset % 4 == 0 and offset < PAGE_BYTES for offset in registers.values())


def test_every_register_is_answered(write_sketch):
    """Each can be read or written: none is a name that nobody listens to."""
    sketch = write_sketch("void setup() { Serial.begin(1); }\nvoid loop() { delay(1); }")
    machine = VirtualBoard(build_sketch(sketch, "wio_terminal"))
    accepted = {"ADC_BITS": 12, "ADC_REFERENCE_MV": 3300, "SCREEN_COMMAND": 1}  # the others take 0
    for part in vars(machine).values():
        if not isinstance(part, Peripheral):
            continue
        for name, offset in vars(type(part).registers).items():
            if name.startswith("_") or (part.name, name) == ("SYSTEM", "ABORT"):
                continue
            value = accepted.get(f"{part.name}_{name}", 0)
            assert part.read(offset) is not None or part.write(offset, value), (part.name, name)
        assert part.read(PAGE_BYTES - 4) is None
        assert not part.write(PAGE_BYTES - 4, 0)


@pytest.mark.parametrize("board", ["nano33ble", "xiao_samd21", "esp32c3"])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("#include <assert.h>\nvoid loop() { int n = millis(); assert(n < 5);\ndelay(1); }",
         "assert(n < 5), called in loop at probe.ino:3"),
        ("void loop() {\n if (millis() > 5) abort();\n delay(1); }",
         "abort() was called, called in loop at probe.ino:3"),
    ],
    ids=["assert", "abort"],
)  # fmt: skip
def test_a_sketch_that_ends_itself_says_why_and_where(write_sketch, board, code, message):
    include, _, rest = code.rpartition("void loop")
    sketch = write_sketch(f"{include}void setup() {{ Serial.begin(1); }}\nvoid loop{rest}")
    with pytest.raises(BoardError) as caught:
        run_sketch(sketch, board, seconds=1)
    assert f"the sketch ended itself: {message}" in str(caught.value)
