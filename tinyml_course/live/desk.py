"""The desk a live board lies on: its power, its clock, and the hands and sounds that reach it.

All of it belongs to the board's thread. A message from the page is a dict with a `kind`:

    pin       pin, value: 0, 1, "press" or None to let go volts    pin, volts
    g         g: three accelerations, or None             movement name, or None
    gas       counts: four                                serial   text
    feel      name, value: of the smaller sensors, a gesture too
    control   do: play, pause, step or reset              pace     factor
    mic       on, source                                  audio    number, time_s; int16 as data
    sound     name, or None
    drawing   rows, columns; ink as data, a byte a pixel, 0 paper to 255
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.gpio import PRESS
from tinyml_course.board.virtual.microphone import LIVE_RATE_HZ
from tinyml_course.board.virtual.traces import Trace
from tinyml_course.datasets.digit_images import measure_ink
from tinyml_course.datasets.digits import upscale
from tinyml_course.errors import BoardError, TinyMLCourseError
from tinyml_course.live.faces.face import Face
from tinyml_course.live.pace import SLICE_S, Pace
from tinyml_course.live.recordings import get_movement, get_sound
from tinyml_course.live.sound import LiveSound
from tinyml_course.live.state import PowerMeter, SerialText, read_pins

STEP_LIMIT_S = 5.0  # of virtual time in which a step waits for the next loop()
STACK_S = 0.3  # of virtual time between two looks at the stack
MOST_TONES = 16  # a message
PNG_LEVEL = 1  # fast to pack; 4 KB for what sketches draw
_SIZES = re.compile(r"^rows:(\d+),columns:(\d+)$", re.MULTILINE)
_LINES_KEPT = 200  # characters in which the answer about sizes is looked for


@dataclass(frozen=True)
class Picture:
    """What stands on the screen, as a PNG."""

    width: int
    height: int
    png: bytes


class Desk:
    """One board and everything around it.

    Attributes:
        CLOCKS: the entries of the state that change all the time.
        is_watched: whether somebody looks; without, time stands still.
    """

    CLOCKS: ClassVar[set[str]] = {"time_s", "instructions", "loops", "awake", "current_ma"}

    def __init__(
        self, face: Face, traces: Sequence[Trace], gas_counts: tuple[int, ...] | None = None
    ) -> None:
        """gas_counts: of a sensor that hangs on the board from the beginning, if one does."""
        self.serial = SerialText()
        self.sound = LiveSound()
        self.is_watched = True
        self._face = face
        self._traces = traces
        self._built: BuiltSketch | None = None
        self._machine: VirtualBoard | None = None
        self._power: PowerMeter | None = None
        self._pace = Pace()
        self._is_playing = True
        self._error: str | None = None
        self._note: str | None = None
        self._g: tuple[float, float, float] | None = None
        self._movement: str | None = None
        self._stack_bytes = 0
        self._stack_read_s = 0.0
        self._screen_changes = 0
        self._picture_size: tuple[int, int] | None = None
        self._drawing: np.ndarray | None = None  # waits for the sketch to say its size
        self._recent = ""
        self._held: dict[str, Callable[[VirtualBoard], None]] = {}
        self._levels: dict[int, int | str] = {}  # of the pins that are held
        if gas_counts:
            self._hold("gas", lambda m: m.gas.set_counts(gas_counts))

    # ---- power ---------------------------------------------------------------------------------

    def power_on(self, built: BuiltSketch | None = None) -> None:
        """Begin at `setup()`; what the hands held, they hold still.

        Another sketch finds no storage, as after an upload to the Wio; a real Nano keeps its pages.
        """
        kept = b"" if built or self._machine is None else self._machine.storage.content
        self._built = built or self._built
        if self._built is None:
            return
        self._machine = VirtualBoard(self._built, self._traces, kept)
        self._power = PowerMeter(self._machine)
        self._error, self._note = None, None
        self._screen_changes, self._stack_bytes, self._stack_read_s = -1, 0, -STACK_S
        self._picture_size = None
        self._pace.forget()
        for hold in self._held.values():
            hold(self._machine)
        if self.sound.source:
            self._machine.microphone.go_live()

    def fail(self, error: TinyMLCourseError) -> None:
        """The sketch does not build, or it crashed: time ends, and the page says why."""
        self._error = str(error)

    # ---- time ----------------------------------------------------------------------------------

    def advance(self, now_s: float) -> bool:
        """Run a slice if one is due; whether there is more to do at once."""
        machine = self._machine
        if machine is None or self._error or not self._is_playing or not self.is_watched:
            self._pace.forget()
            return False
        microphone = machine.microphone
        self.sound.keep_up(microphone, now_s)
        if self.sound.source and microphone.is_on:
            due_s = min(microphone.ahead_us / 1e6, SLICE_S)
            self._pace.forget()
        else:
            due_s = self._pace.due_s(now_s, machine.time_s)
        if self.sound.is_over:
            self._end_sound()
        if due_s <= 0:
            return False
        self._run(machine, due_s)
        return due_s >= SLICE_S

    def pass_time(self, seconds: float) -> None:
        """Run for so long at once, whatever the clock on the wall says."""
        if self._machine and not self._error:
            self._run(self._machine, seconds)

    def _run(
        self, machine: VirtualBoard, seconds: float, until: Callable[[], bool] | None = None
    ) -> None:
        try:
            machine.run(seconds, until)
        except BoardError as error:
            self.fail(error)
        if machine.uart.sent:
            self._read_lines(self.serial.add(machine.uart.take()))
        if self._power:
            self._power.look()

    def _read_lines(self, text: str) -> None:
        self._recent = (self._recent + text)[-_LINES_KEPT:]
        if self._drawing is not None and (found := _SIZES.search(self._recent)):
            self._picture_size = (int(found[1]), int(found[2]))
            self._send_drawing(self._drawing)

    # ---- messages ------------------------------------------------------------------------------

    def take(self, message: dict[str, Any], data: bytes) -> None:
        """Do what a message asks for; what is wrong with it becomes a note on the page."""
        kind = str(message.get("kind"))
        do = getattr(self, f"_take_{kind}", None)
        try:
            if do is None:
                raise BoardError(f"a message of a kind that no board knows: {kind}")
            do(message, data)
        except TinyMLCourseError as error:
            self._note = str(error)
        except (KeyError, TypeError, ValueError) as error:
            self._note = f"a {kind} message that cannot be read: {error!r}"

    def _hold(self, what: str, hold: Callable[[VirtualBoard], None]) -> None:
        """Do it now, and again after a reset: a slider stays where it is."""
        self._held[what] = hold
        if self._machine:
            hold(self._machine)

    def _take_pin(self, message: dict[str, Any], _data: bytes) -> None:
        pin, value = int(message["pin"]), message["value"]
        if value not in (0, 1, "press", None):
            raise BoardError(f"a pin is held at 0, 1, 'press' or None, not at {value!r}")
        level = PRESS if value == "press" else value
        self._levels.pop(pin, None)
        if value is not None:
            self._levels[pin] = value
        self._hold(f"pin {pin}", lambda m: m.gpio.set_input(pin, level))

    def _take_volts(self, message: dict[str, Any], _data: bytes) -> None:
        pin, volts = int(message["pin"]), float(message["volts"])
        self._hold(f"volts {pin}", lambda m: m.adc.set_voltage(pin, volts))

    def _take_gas(self, message: dict[str, Any], _data: bytes) -> None:
        counts = tuple(int(count) for count in message["counts"])
        if len(counts) != 4:
            raise BoardError(f"the gas sensor has four channels, not {len(counts)}")
        self._hold("gas", lambda m: m.gas.set_counts(counts))

    def _take_feel(self, message: dict[str, Any], _data: bytes) -> None:
        name, value = str(message["name"]), float(message["value"])
        if name == "gesture":  # an event: it is not held
            if self._machine:
                self._machine.surroundings.set(name, value)
        else:
            self._hold(f"feel {name}", lambda m: m.surroundings.set(name, value))

    def _take_g(self, message: dict[str, Any], _data: bytes) -> None:
        if message["g"] is None:
            self._g = None
        else:
            x, y, z = (float(value) for value in message["g"])
            self._g = (x, y, z)
        g = self._g
        self._movement = None
        self._hold("motion", lambda m: m.accelerometer.set_g(g))

    def _take_movement(self, message: dict[str, Any], data: bytes) -> None:
        if message["name"] is None:
            self._take_g({"g": None}, data)
            return
        trace = get_movement(str(message["name"]))
        self._movement, self._g = str(message["name"]), None
        self._hold("motion", lambda m: m.accelerometer.play(trace))

    def _take_serial(self, message: dict[str, Any], _data: bytes) -> None:
        if self._machine:
            self._machine.uart.give(str(message["text"]).encode())

    def _take_control(self, message: dict[str, Any], _data: bytes) -> None:
        do = message["do"]
        if do == "reset":
            self.serial.add(b"\n# reset\n" if self.serial.history else b"")
            self.power_on()
            self._is_playing = True
        elif do == "step":
            self._is_playing = False
            if self._machine and not self._error:
                system = self._machine.system
                loops = system.loops
                self._run(self._machine, STEP_LIMIT_S, lambda: system.loops > loops)
        elif do in ("play", "pause"):
            self._is_playing = do == "play"
        else:
            raise BoardError(f"a control that no board has: {do}")

    def _take_pace(self, message: dict[str, Any], _data: bytes) -> None:
        factor = float(message["factor"])
        if not 0.01 <= factor <= 100:
            raise BoardError(f"a pace of {factor:g}: give 0.01 to 100")
        self._pace.set_factor(factor)

    def _take_mic(self, message: dict[str, Any], _data: bytes) -> None:
        if message["on"]:
            self._begin_sound(str(message.get("source", "microphone")), None)
        else:
            self._end_sound()

    def _take_audio(self, message: dict[str, Any], data: bytes) -> None:
        number, page_s = int(message["number"]), float(message["time_s"])
        samples = np.frombuffer(data, "<i2")
        if self._machine and self._is_playing and self.is_watched and not self._error:
            now_s = time.monotonic()
            self.sound.take(self._machine.microphone, samples, number, page_s, now_s)

    def _take_sound(self, message: dict[str, Any], _data: bytes) -> None:
        if message["name"] is None:
            self._end_sound()
        else:
            self._begin_sound(str(message["name"]), get_sound(str(message["name"])))

    def _begin_sound(self, source: str, recording: np.ndarray | None) -> None:
        if not self._machine:
            return
        if not self._machine.sketch.model.has_microphone:
            raise BoardError(f"the {self._face.title} has no microphone")
        self._end_sound()
        self._machine.microphone.go_live()
        self.sound.begin(source, time.monotonic(), recording)

    def _end_sound(self) -> None:
        self.sound.end()
        if self._machine:
            self._machine.microphone.end_live()

    def _take_drawing(self, message: dict[str, Any], data: bytes) -> None:
        rows, columns = int(message["rows"]), int(message["columns"])
        ink = np.frombuffer(data, np.uint8).reshape(rows, columns).astype(np.float32) / 255
        self._drawing = measure_ink(1 - ink, "the field")
        if self._picture_size is None:
            self._take_serial({"text": "?\n"}, b"")  # its answer says how large a picture it takes
        else:
            self._send_drawing(self._drawing)

    def _send_drawing(self, picture: np.ndarray) -> None:
        rows, columns = self._picture_size or picture.shape
        whole = upscale(picture[np.newaxis], max(rows, columns))[0]
        greys = np.round(whole * 255).astype(np.uint8)
        self._drawing = None
        self._take_serial({"text": f"p {greys.tobytes().hex()}\n"}, b"")

    # ---- what the page is told -----------------------------------------------------------------

    def read_state(self) -> dict[str, Any]:
        """Everything but the serial text and the picture, as JSON takes it."""
        state: dict[str, Any] = {
            "phase": self._phase(),
            "error": self._error,
            "note": self._note,
            "pace": self._pace.factor,
            "g": self._g,
            "movement": self._movement,
            "held": {str(pin): level for pin, level in self._levels.items()},
            "plays_trace": self._plays_trace(),
            "sound": self._sound_state(),
        }
        machine = self._machine
        if machine is None or self._power is None:
            return state
        current_ma, awake = self._power.current_ma, self._power.awake
        if machine.time_s - self._stack_read_s >= STACK_S:
            self._stack_read_s = machine.time_s
            self._stack_bytes = machine.cpu.stack_high_water_bytes
        return state | {
            "time_s": round(machine.time_s, 2),
            "instructions": machine.cpu.instructions,
            "loops": machine.system.loops,
            "awake": None if awake is None else round(awake, 4),
            "current_ma": None if current_ma is None else round(current_ma, 3),
            "stack_bytes": self._stack_bytes,
            "stack_limit_bytes": machine.sketch.model.memory.stack_bytes,
            "pins": read_pins(machine),
            "tones": [list(tone) for tone in machine.gpio.tones[-MOST_TONES:]],
        }

    def _plays_trace(self) -> bool:
        """Whether what the board was given moves it, and neither a hand nor a movement of ours."""
        is_free = self._g is None and self._movement is None
        return is_free and any(trace.kind == "acceleration" for trace in self._traces)

    def _phase(self) -> str:
        if self._error:
            return "error"
        if self._machine is None:
            return "building"
        if not self.is_watched:
            return "unwatched"
        return "running" if self._is_playing else "paused"

    def _sound_state(self) -> dict[str, Any]:
        sound, machine = self.sound, self._machine
        return {
            "source": sound.source,
            "is_heard": machine is not None and machine.microphone.is_on,
            "peak": round(sound.peak, 2),
            "seconds": round(sound.chunk_samples / LIVE_RATE_HZ, 1),
            "lost_samples": sound.lost_samples,
        }

    def read_picture(self, is_wanted: bool) -> Picture | None:
        """The screen if it has changed since the last time, or if it is wanted anyway."""
        screen = self._machine.screen if self._machine else None
        if screen is None or (screen.changes == self._screen_changes and not is_wanted):
            return None
        self._screen_changes = screen.changes
        height, width, _ = screen.image.shape
        return Picture(width, height, screen.png_bytes(PNG_LEVEL))
