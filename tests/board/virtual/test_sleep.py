"""`wfi`: the core sleeps until the next interrupt, and the millisecond's is always on."""

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.run import run_sketch
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.errors import BoardError

WFI = '__asm volatile("wfi")'


@pytest.mark.parametrize(
    ("board", "rest"),
    [
        ("nano33ble", WFI),
        ("pico", WFI),
        ("esp32c3", WFI),
        ("nano33ble", "__WFI()"),
        ("wio_terminal", "__WFE()"),
    ],
)
def test_a_sketch_that_sleeps_goes_on_a_millisecond_later(write_sketch, board, rest):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); }\n"
        f"void loop() {{ {rest}; Serial.println(millis()); }}\n"
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


@pytest.mark.parametrize("rest", [WFI, "__WFI()", "delay(1)"])
def test_a_watchdog_bites_who_sleeps_on(write_sketch, rest):
    sketch = write_sketch(
        "#include <Adafruit_SleepyDog.h>\n"
        f"void setup() {{ Watchdog.enable(1000); for (;;) {rest}; }}\n"
        "void loop() {}\n"
    )
    with pytest.raises(BoardError, match=r"nothing was heard of the sketch for 1\.00\d* s"):
        run_sketch(sketch, "wio_terminal", seconds=100)


@pytest.mark.parametrize("target", TARGETS)
def test_a_function_that_is_called_is_not_woken(tmp_path, target):
    source = tmp_path / "sleep.c"
    source.write_text(
        'void nap(void) {\n  __asm volatile("wfi");\n}\nint main(void) { return 0; }\n'
    )
    program = build_program([source], target=target, out_dir=tmp_path, keep=["nap"])
    with pytest.raises(BoardError, match=r"nap waits for an interrupt \(wfi\) in nap at sleep\.c:"):
        Cpu(program).call("nap")
