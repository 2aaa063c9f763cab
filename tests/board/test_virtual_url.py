"""virtual:// behaves as a port does: reads, writes, time-outs, close and reopen, twice the same."""

import subprocess
import sys
import threading
import time

import pytest
import serial
from serial.serialutil import PortNotOpenError

from tinyml_course.board import urlhandler
from tinyml_course.errors import BoardError, LinkError
from tinyml_course.observe.link import open_link
from tinyml_course.observe.recorder import record_csv

urlhandler.register()
ECHO = """
unsigned long n = 0;
void setup() { Serial.begin(115200); Serial.println("ready"); }
void loop() {
  if (Serial.available()) { Serial.print("got "); Serial.println((char)Serial.read()); }
  if (millis() >= 100 * (n + 1)) { n++; Serial.println(n); }
}
"""


@pytest.fixture
def echo_url(write_sketch):
    return f"virtual://pico?sketch={write_sketch(ECHO)}"


def test_reads_time_outs_and_waiting_bytes(echo_url):
    with serial.serial_for_url(echo_url, timeout=1) as port:
        assert port.readline() == b"ready\r\n"
        assert port.read(3) == b"1\r\n"
        port.timeout = 0
        assert port.read(100) == b""  # at once, with what is there: nothing
        port.timeout = 0.05
        assert port.read(100) == b""  # the next line comes 100 ms later
        port.timeout = 0.2
        assert port.read(100) == b"2\r\n3\r\n"  # fewer than asked for, when the time is over
        port.timeout = None
        assert port.read(6) == b"4\r\n5\r\n"
        while not port.in_waiting:
            pass
        assert port.in_waiting == 3
        assert port.read(port.in_waiting) == b"6\r\n"


def test_writes_arrive_and_buffers_can_be_emptied(echo_url):
    with serial.serial_for_url(echo_url, timeout=1) as port:
        port.readline()
        assert port.write(b"ab") == 2
        assert port.out_waiting == 2
        assert port.readline() + port.readline() == b"got a\r\ngot b\r\n"
        port.write(b"c")
        port.reset_output_buffer()
        port.write(b"d")
        port.flush()
        assert port.out_waiting == 0
        assert b"got d\r\n" in (port.readline(), port.readline())
        while not port.in_waiting:
            pass
        port.reset_input_buffer()
        port.timeout = 0
        assert port.read(10) == b""


def test_close_and_reopen(echo_url):
    port = serial.serial_for_url(echo_url, timeout=1)
    assert port.read(2) == b"re"
    assert port.in_waiting == 5
    port.close()  # the rest of the line is lost, as on a real port
    assert not port.is_open
    for use in (lambda: port.read(1), lambda: port.in_waiting, lambda: port.write(b"x")):
        with pytest.raises(PortNotOpenError):
            use()
    port.open()
    with pytest.raises(serial.SerialException):
        port.open()
    assert port.readline() == b"1\r\n"  # the same board goes on
    port.close()
    with serial.serial_for_url(echo_url, timeout=1) as fresh:
        assert fresh.readline() == b"ready\r\n"  # another object is another board


def test_a_waiting_read_ends_when_another_thread_closes(echo_url, write_sketch):
    mute = write_sketch("void setup() {}\nvoid loop() { delay(1); }", "mute")
    port = serial.serial_for_url(f"virtual://pico?sketch={mute}", timeout=None)
    threading.Timer(0.3, port.close).start()
    begun = time.monotonic()
    assert port.read(1) == b""
    assert time.monotonic() - begun < 5
    assert threading.active_count() <= 2


def test_two_runs_give_the_same_bytes(echo_url):
    def run():
        with serial.serial_for_url(echo_url, timeout=0.5) as port:
            first = port.read(20)
            port.write(b"xyz")
            return first + port.read(200)

    assert run() == run()


def test_no_thread_and_no_process_is_left(echo_url):
    threads = threading.active_count()
    port = serial.serial_for_url(echo_url, timeout=1)
    port.read(10)
    assert threading.active_count() == threads
    port.close()
    assert threading.active_count() == threads


def test_ctrl_c_in_a_read_leaves_a_port_that_works(write_sketch):
    """As an interrupted notebook cell: the read ends at once, and the port can be used again."""
    sketch = write_sketch(ECHO.replace("Serial.println(n)", "n = n"))
    code = f"""
import _thread, threading, serial, time
from tinyml_course.board import urlhandler
port = serial.serial_for_url("virtual://pico?sketch={sketch}", timeout=None)
port.read(7)
threading.Timer(0.5, _thread.interrupt_main).start()
begun = time.monotonic()
try:
    port.read(1000)
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begun < 3)
port.timeout = 1
port.write(b"z")
print(port.readline())
port.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "interrupted True\nb'got z\\r\\n'\n", done.stderr


def test_a_crash_comes_after_what_was_printed(write_sketch):
    sketch = write_sketch(
        'void setup() { Serial.println("bye"); *(volatile int *)0 = 1; }\nvoid loop() {}'
    )
    with serial.serial_for_url(f"virtual://pico?sketch={sketch}", timeout=1) as port:
        assert port.readline() == b"bye\r\n"
        for _ in range(2):
            with pytest.raises(BoardError, match=r"null pointer.*probe\.ino:1"):
                port.readline()


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("virtual://pico", serial.SerialException, "needs a sketch"),
        ("virtual://pico?sketch=recorder&speed=3", serial.SerialException, "unknown speed"),
        ("virtual://uno?sketch=recorder", BoardError, "no board is called 'uno'"),
        ("virtual://esp32s3?sketch=recorder", BoardError, "cannot be emulated"),
        ("virtual://pico?sketch=no/such", BoardError, "there is no folder no/such"),
    ],
)
def test_what_cannot_be_opened_says_why(url, kind, message):
    with pytest.raises(kind, match=message):
        serial.serial_for_url(url)
    with pytest.raises((LinkError, BoardError), match=message):
        open_link(url)


def test_the_real_pace_follows_the_wall_clock(echo_url):
    begun = time.monotonic()
    with serial.serial_for_url(echo_url + "&pace=real", timeout=2) as port:
        assert port.read(13) == b"ready\r\n1\r\n2\r\n"
        assert 0.2 <= port.board.time_s <= time.monotonic() - begun + 0.1


def test_miniterm_talks_to_a_virtual_board(echo_url):
    code = (
        "import tinyml_course, sys; from serial.tools import miniterm; "
        f"sys.argv = ['miniterm', {echo_url!r}, '115200', '--raw']; miniterm.main()"
    )
    import pty

    _master, slave = pty.openpty()  # miniterm wants a terminal to read keys from
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        seen = b""
        while b"\n3\r" not in seen:
            seen += process.stdout.read(1)
        assert seen.startswith(b"ready")
    finally:
        process.terminate()
        process.wait()


def test_a_virtual_board_is_recorded(tmp_path):
    trace = "data/motion_p000.csv"
    url = f"virtual://nano33ble?sketch=recorder&trace={trace}"
    recording = record_csv(url, "walk", 2.0, tmp_path / "out.csv", "ann")
    assert (recording.state, recording.samples, recording.dropped) == ("complete", 100, 0)
    rows = (tmp_path / "out.csv").read_text().splitlines()[1:]
    with open(trace) as file:
        expected = file.read().splitlines()[1:101]
    for row, source in zip(rows, expected, strict=True):
        for value, truth in zip(row.split(",")[1:4], source.split(",")[1:4], strict=True):
            assert abs(float(value) - float(truth)) <= 0.00005001


@pytest.mark.parametrize("more", ["&sketch=recorder", "&pace=fast&pace=real"])
def test_what_stands_there_twice_is_refused(more):
    name = more[1:].partition("=")[0]
    with pytest.raises(serial.SerialException, match=f"{name}= stands there twice"):
        serial.serial_for_url(f"virtual://nano33ble?sketch=selftest{more}")
