"""A live board without a browser: it keeps pace, it hears, it answers, it ends."""

import threading
import time

import numpy as np
import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import Trace
from tinyml_course.datasets.keywords_shipped import SHIPPED_SOUND
from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import BoardError
from tinyml_course.live.board import LiveBoard
from tinyml_course.live.pace import MOST_BEHIND_S
from tinyml_course.live.sketch_text import find_feelings
from tinyml_course.live.slots import running_boards, start_in_slot
from tinyml_course.shipped import DATA, SKETCHES

ECHO = """
void setup() { Serial.begin(115200); pinMode(2, INPUT_PULLUP); pinMode(13, OUTPUT); }
void loop() {
  digitalWrite(13, digitalRead(2) == LOW ? HIGH : LOW);
  while (Serial.available()) Serial.write(Serial.read());
  delay(1);
}
"""


class Page:
    """What a page would have seen."""

    def __init__(self):
        self.state, self.serial, self.pictures, self.messages = {}, "", [], 0
        self.news = threading.Condition()

    def __call__(self, message, buffers):
        with self.news:
            self.messages += 1
            if "serial_history" in message:
                self.serial = message["serial_history"]
            self.serial += message.get("serial", "")
            self.state.update(message)
            self.pictures += buffers
            self.news.notify_all()

    def wait(self, holds, seconds=20.0):
        end = time.monotonic() + seconds
        with self.news:
            while not holds():
                left = end - time.monotonic()
                assert left > 0, f"never came; {self.state} {self.serial[-300:]!r}"
                self.news.wait(left)


@pytest.fixture
def desk():
    """Makes live boards with their pages, and ends them."""
    made = []

    def make(sketch, board="nano33ble", **more):
        page = Page()
        live = LiveBoard(sketch, board, page, **more)
        made.append(live)
        live.build()
        live.start()
        page.wait(lambda: page.state.get("phase") in ("running", "error"))
        return live, page

    yield make
    for live in made:
        live.stop()
        assert not live.is_running


@pytest.fixture
def echo(write_sketch, desk):
    return desk(write_sketch(ECHO))


@pytest.mark.parametrize(("factor", "least", "most"), [(1.0, 0.75, 1.1), (4.0, 2.5, 4.4)])
def test_it_keeps_the_pace_of_the_clock(echo, factor, least, most):
    """Other tests run beside this one: among many seconds one has a processor for the board."""
    live, _ = echo
    live.post({"kind": "pace", "factor": factor})
    time.sleep(0.3)
    shares = []
    while not (shares and least < shares[-1] < most) and len(shares) < 20:
        begun_s, board_s = time.monotonic(), live.snapshot()["time_s"]
        time.sleep(1.5)
        shares.append((live.snapshot()["time_s"] - board_s) / (time.monotonic() - begun_s))
    assert least < shares[-1] < most, shares
    assert max(shares) < most + MOST_BEHIND_S / 1.5, shares  # it catches up so much, and no more


def test_a_press_is_seen_on_the_lamp_and_a_line_comes_back(echo):
    live, page = echo
    live.post({"kind": "pin", "pin": 2, "value": 0})
    page.wait(lambda: page.state.get("pins", {}).get("13") == [1, 1.0])
    live.post({"kind": "pin", "pin": 2, "value": None})
    page.wait(lambda: page.state.get("pins", {}).get("13") == [1, 0.0])
    live.post({"kind": "serial", "text": "hallo\n"})
    page.wait(lambda: page.serial == "hallo\n")


def test_a_pin_is_held_pressed_and_let_go(echo):
    """Pin 2 has a pull-up: a press is LOW there. The page is told what is held."""
    live, page = echo
    for value, lamp in (("press", 1.0), (1, 0.0), (0, 1.0)):
        live.post({"kind": "pin", "pin": 2, "value": value})
        page.wait(lambda value=value: page.state.get("held") == {"2": value})
        page.wait(lambda lamp=lamp: page.state.get("pins", {}).get("13") == [1, lamp])
    live.post({"kind": "control", "do": "reset"})
    live.post({"kind": "hello"})
    page.wait(lambda: page.state["held"] == {"2": 0})
    live.post({"kind": "pin", "pin": 2, "value": None})
    page.wait(lambda: page.state["held"] == {})
    live.post({"kind": "pin", "pin": 2, "value": 7})
    page.wait(lambda: "not at 7" in (page.state.get("note") or ""))


def test_an_input_is_answered_within_a_tenth_of_a_second(echo):
    live, page = echo
    times = []
    for press in range(20):
        level = float(press % 2 == 0)
        begun_s = time.monotonic()
        live.post({"kind": "pin", "pin": 2, "value": 0 if level else None})
        page.wait(lambda level=level: page.state.get("pins", {}).get("13") == [1, level])
        times.append(time.monotonic() - begun_s)
    assert np.median(times) < 0.1


def test_pause_step_and_reset(echo):
    live, page = echo
    live.post({"kind": "control", "do": "pause"})
    page.wait(lambda: page.state["phase"] == "paused")
    stood_s = live.snapshot()["time_s"]
    loops = live.snapshot()["loops"]
    time.sleep(0.2)
    assert live.snapshot()["time_s"] == stood_s
    live.post({"kind": "control", "do": "step"})
    page.wait(lambda: page.state["loops"] == loops + 1)
    live.post({"kind": "pin", "pin": 2, "value": 0})
    live.post({"kind": "control", "do": "reset"})
    page.wait(lambda: page.state["phase"] == "running" and page.state["time_s"] < stood_s + 0.5)
    page.wait(lambda: page.state.get("pins", {}).get("13") == [1, 1.0])  # the key is still held


def test_nobody_looks_and_time_stands_still(write_sketch, desk):
    live, page = desk(write_sketch(ECHO), watch_s=0.2)
    page.wait(lambda: page.state["phase"] == "unwatched")
    stood_s = live.snapshot()["time_s"]
    time.sleep(0.3)
    assert live.snapshot()["time_s"] == stood_s
    live.post({"kind": "heartbeat"})
    page.wait(lambda: page.state["time_s"] > stood_s)


def test_a_second_page_gets_the_whole_state_and_the_history_once(echo):
    live, page = echo
    live.post({"kind": "serial", "text": "once\n"})
    page.wait(lambda: "once" in page.serial)
    page.state.clear()
    live.post({"kind": "hello"})
    page.wait(lambda: "pins" in page.state and "stack_bytes" in page.state)
    assert page.serial == "once\n"


def test_what_goes_wrong_is_said_with_file_and_line(write_sketch, desk):
    _, page = desk(write_sketch("void setup() {} void loop() { *(volatile int *)0x10 = 1; }"))
    page.wait(lambda: page.state["phase"] == "error")
    assert ".ino:1" in page.state["error"]
    with pytest.raises(BoardError):
        desk(write_sketch("void setup() { int x = ; } void loop() {}"))
    with pytest.raises(BoardError, match="no board is called"):
        LiveBoard(SKETCHES / "motion", "toaster")


def test_a_sketch_that_does_not_build_says_so_on_the_page(write_sketch):
    page = Page()
    live = LiveBoard(write_sketch("void setup() { int x = ; } void loop() {}"), "nano33ble", page)
    live.start()
    page.wait(lambda: page.state.get("phase") == "error")
    assert ".ino:1" in page.state["error"]
    live.stop()


def test_a_sketch_that_was_changed_is_compiled_again(write_sketch):
    say = "void setup() {{ Serial.begin(9600); Serial.println({}); }} void loop() {{ delay(1); }}"
    before = LiveBoard(write_sketch(say.format(1)), "nano33ble").preview(0.1)[1]
    again = LiveBoard(write_sketch(say.format(1)), "nano33ble").preview(0.1)[1]
    after = LiveBoard(write_sketch(say.format(23)), "nano33ble").preview(0.1)[1]
    assert (before, again, after) == ("1\n", "1\n", "23\n")


def test_a_message_that_makes_no_sense_becomes_a_note(echo):
    live, page = echo
    live.post({"kind": "dance"})
    page.wait(lambda: "dance" in (page.state["note"] or ""))
    live.post({"kind": "pin", "pin": "left", "value": 1})
    page.wait(lambda: "pin message" in page.state["note"])
    live.post({"kind": "movement", "name": "moonwalk"})
    page.wait(lambda: "moonwalk" in page.state["note"])


def test_movements_reach_the_motion_sketch(desk):
    live, page = desk("motion", "wio_terminal")
    live.post({"kind": "pace", "factor": 5.0})
    live.post({"kind": "movement", "name": "run (p003)"})
    page.wait(lambda: "class:2" in page.serial)
    live.post({"kind": "g", "g": [0.0, 0.0, 1.0]})
    page.wait(lambda: "class:0" in page.serial[-80:])
    assert page.state["g"] == (0.0, 0.0, 1.0)
    assert len(page.pictures) >= 2
    assert all(png.startswith(b"\x89PNG") for png in page.pictures)


def test_who_lets_go_gives_the_board_back_to_its_trace(desk):
    """Also after a recorded movement, which would play on; and the page is told what moves it."""
    still = Trace("acceleration", np.tile(np.float32([0, 0, 1]), (400, 1)), 50.0)
    still.values[::2] += 0.01  # a sensor that repeats itself is an error
    live, page = desk("motion", "wio_terminal", traces=[still])
    assert page.state["plays_trace"]
    live.post({"kind": "pace", "factor": 5.0})
    live.post({"kind": "movement", "name": "run (p003)"})
    page.wait(lambda: "class:2" in page.serial)
    assert not page.state["plays_trace"]
    live.post({"kind": "g", "g": None})
    page.wait(lambda: page.serial.rstrip().splitlines()[-1].partition("class:")[2][:1] == "0")
    assert page.state["plays_trace"]
    live.post({"kind": "g", "g": [0.0, 0.0, 1.0]})
    page.wait(lambda: not page.state["plays_trace"])


def test_the_gas_sketch_finds_its_sensor_in_clean_air(desk):
    """Its sliders stand there; "the sensor does not answer" would be another board's."""
    live, page = desk("gas", "wio_terminal")
    page.wait(lambda: "no2:200,c2h5oh:150,voc:135,co:100" in page.serial)
    assert "# error" not in page.serial
    live.post({"kind": "gas", "counts": [300, 200, 140, 90]})
    page.wait(lambda: "no2:300,c2h5oh:200,voc:140,co:90" in page.serial)
    assert desk("gas", "wio_terminal", traces=[DATA / "gas/sniffs.csv"])[0].gas_counts is None
    assert desk("motion", "wio_terminal")[0].gas_counts is None


def test_the_smaller_sensors_follow_sliders(write_sketch, desk):
    sketch = write_sketch(
        """#include <Arduino_HTS221.h>
        #include <Arduino_APDS9960.h>
        void setup() { Serial.begin(115200); HTS.begin(); APDS.begin(); }
        void loop() {
          Serial.println(HTS.readTemperature());
          if (APDS.gestureAvailable()) Serial.println(APDS.readGesture() == GESTURE_LEFT);
          delay(50);
        }"""
    )
    live, page = desk(sketch)
    page.wait(lambda: "22.00" in page.serial)
    live.post({"kind": "feel", "name": "temperature_c", "value": 30.5})
    page.wait(lambda: "30.50" in page.serial)
    live.post({"kind": "feel", "name": "gesture", "value": 2})
    page.wait(lambda: "\n1\n" in page.serial)
    live.post({"kind": "feel", "name": "temperature_c", "value": 999})
    page.wait(lambda: "beyond the sensor" in (page.state["note"] or ""))
    assert {f["name"] for f in find_feelings(sketch)} == {
        "temperature_c",
        "humidity_pct",
        "gesture",
    }


def test_a_sketch_that_rests_is_awake_for_a_part_of_the_time(write_sketch, desk):
    _, rests = desk(write_sketch("void setup() {} void loop() { delay(10); }", "rests"))
    _, works = desk(write_sketch("void setup() {} void loop() { micros(); }", "works"))
    rests.wait(lambda: (rests.state.get("awake") or 1) < 0.1)
    works.wait(lambda: works.state.get("awake") == 1.0)
    assert rests.state["current_ma"] < works.state["current_ma"] == 3.3


def words_of(text):
    """(time in ms, class) of each record; latencies may move by a microsecond."""
    lines = [line for line in text.splitlines() if line.startswith("time_ms:")]
    records = [dict(pair.split(":") for pair in line.split(",")) for line in lines]
    return [(int(r["time_ms"]), int(r["class"])) for r in records]


def test_a_microphone_that_is_fed_gives_the_keywords_of_the_trace(desk):
    """Twice as fast as a microphone, in bursts: sound drives time, so nothing may be lost."""
    samples, _ = read_wav(SHIPPED_SOUND)
    expected = words_of(run_sketch(SKETCHES / "keywords", "nano33ble", [SHIPPED_SOUND]).output)
    live, page = desk("keywords")
    live.post({"kind": "mic", "on": True})
    live.post({"kind": "control", "do": "reset"})  # the first sample is the sketch's first
    page.wait(lambda: page.state["sound"]["is_heard"])
    chunks = samples[: len(samples) // 640 * 640].reshape(-1, 640)
    for number, chunk in enumerate(chunks):
        message = {"kind": "audio", "number": number, "time_s": time.monotonic()}
        live.post(message, chunk.tobytes())
        if number % 6 == 5:
            time.sleep(0.12)
    page.wait(lambda: len(words_of(page.serial)) == len(expected), 30)
    assert [word for _, word in words_of(page.serial)] == [word for _, word in expected]
    shift = {a[0] - b[0] for a, b in zip(words_of(page.serial), expected, strict=True)}
    assert max(shift) - min(shift) <= 20, "a hop at most: the words keep their distances"
    assert page.state["sound"]["lost_samples"] == 0
    assert "sound was lost" not in page.serial


def test_a_recording_plays_and_ends_by_itself(desk):
    live, page = desk("keywords")
    live.post({"kind": "sound", "name": "yes and no among other words"})
    page.wait(lambda: page.state["sound"]["source"] is not None)
    page.wait(lambda: len(words_of(page.serial)) >= 1, 30)
    live.post({"kind": "sound", "name": None})
    page.wait(lambda: page.state["sound"]["source"] is None)


def test_a_drawing_is_sent_as_the_sketch_expects_it(desk):
    live, page = desk("digits", "wio_terminal")
    ink = np.zeros((160, 160), np.uint8)
    ink[20:140, 66:94] = 255  # a one, with a pen of 28 pixels
    live.post({"kind": "drawing", "rows": 160, "columns": 160}, ink.tobytes())
    page.wait(lambda: "sum:" in page.serial and "q9:" in page.serial.split("sum:")[1])
    answer = page.serial[page.serial.index("sum:") :].splitlines()[0]
    assert ",class:1," in answer
    live.post({"kind": "drawing", "rows": 160, "columns": 160}, bytes(160 * 160))
    page.wait(lambda: "shows nothing" in (page.state["note"] or ""))


def test_ten_boards_in_one_slot_leave_one_worker(write_sketch):
    sketch = write_sketch(ECHO)
    before = threading.active_count()
    lives = [LiveBoard(sketch, "nano33ble") for _ in range(10)]
    for live in lives:
        start_in_slot("test", live)
    assert running_boards() == [lives[-1]]
    assert threading.active_count() == before + 1
    lives[-1].stop()
    assert threading.active_count() == before


def test_a_reset_keeps_what_was_stored(write_sketch, desk):
    live, page = desk(
        write_sketch(
            "#include <FlashStorage.h>\nFlashStorage(kept, int);\n"
            'void setup() { int n = kept.read() + 1; kept.write(n); Serial.print("boot ");'
            " Serial.println(n); }\nvoid loop() { delay(10); }"
        ),
        "wio_terminal",
    )
    page.wait(lambda: "boot 1" in page.serial)
    live.post({"kind": "control", "do": "reset"})
    page.wait(lambda: "boot 2" in page.serial)
