"""`wfi`: the core sleeps until the next interrupt, and the millisecond's is always on."""

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.run import run_sketch
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.errors import BoardError


@pytest.mark.parametrize("board", ["nano33ble", "pico", "esp32c3"])
def test_a_sketch_that_sleeps_goes_on_a_millisecond_later(write_sketch, board):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); }\n"
        'void loop() { __asm volatile("wfi"); Serial.println(millis()); }\n'
    )
    run = run_sketch(sketch, board, seconds=0.02)
    assert [int(line) for line in run.lines] == list(range(1, 20))
    assert run.seconds == pytest.approx(0.02, abs=1e-4)


def test_a_sketch_that_sleeps_for_ever_is_no_error(write_sketch):
    sketch = write_sketch(
        'void setup() { Serial.begin(9600); Serial.println(1); for (;;) __asm volatile("wfi"); }\n'
        "void loop() {}\n"
    )
    run = run_sketch(sketch, "nano33ble", seconds=1)
    assert run.output == "1\n"
    assert run.instructions < 50_000


@pytest.mark.parametrize("target", TARGETS)
def test_a_function_that_is_called_is_not_woken(tmp_path, target):
    source = tmp_path / "sleep.c"
    source.write_text(
        'void nap(void) {\n  __asm volatile("wfi");\n}\nint main(void) { return 0; }\n'
    )
    program = build_program([source], target=target, out_dir=tmp_path, keep=["nap"])
    with pytest.raises(BoardError, match=r"nap waits for an interrupt \(wfi\) in nap at sleep\.c:"):
        Cpu(program).call("nap")
