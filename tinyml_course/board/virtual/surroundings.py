"""What the smaller sensors feel: turning, magnetism, weather, light, a hand that comes near.

    board.surroundings.set("temperature_c", 30.5)

Each value has a name with its unit, stands still until somebody sets it, and can be played from a
trace whose columns have these names.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import QUANTITIES, Player, Trace
from tinyml_course.errors import BoardError, meant

GESTURES = {"up": 0, "down": 1, "left": 2, "right": 3}
NO_GESTURE = -1.0


class SurroundingsRegister:
    """Offsets of the registers."""

    GESTURE = 0x00
    VALUE = 0x10  # a row, in the order of QUANTITIES


@dataclass(frozen=True)
class Setting:
    """A value from `at_s` on."""

    name: str
    value: float
    at_s: float = 0.0


class Surroundings(Peripheral):
    """Values by name; see QUANTITIES in traces.py for what each is without a trace.

    `gesture` is an event: it is seen once, by the first question after it.
    """

    name = "SURROUNDINGS"
    address = 0x4F009000
    registers = SurroundingsRegister

    def __init__(self, timer: Timer, trace: Trace | None) -> None:
        self._timer = timer
        self._values = {name: quantity.at_rest for name, quantity in QUANTITIES.items()}
        self._set: dict[str, list[tuple[int, float]]] = {}
        self._trace = trace
        self._player = Player(trace, lambda: timer.now_us) if trace else None
        self._gestures: list[tuple[int, float]] = []
        self._gesture_row = -1

    def set(self, name: str, value: float | None, at_s: float | None = None) -> None:
        """A value from now on, or from a moment of virtual time on; None: the trace's, or at rest.

        Raises:
            BoardError: no sensor feels that, or the value is beyond what it can be.
        """
        quantity = QUANTITIES.get(name)
        if quantity is None:
            known = ", ".join(QUANTITIES)
            near = meant(name, QUANTITIES)
            raise BoardError(f"no sensor feels {name!r}; these can be set: {known}{near}")
        if value is not None and not quantity.low <= value <= quantity.high:
            raise BoardError(
                f"{name} of {value:g} is beyond the sensor: {quantity.low:g} to {quantity.high:g}"
            )
        from_us = self._timer.now_us if at_s is None else round(at_s * 1e6)
        if name == "gesture":
            if value is not None and value != NO_GESTURE:
                self._gestures.append((from_us, value))
                self._gestures.sort()
        elif value is None:
            self._set.pop(name, None)
        else:
            steps = self._set.setdefault(name, [])
            steps.append((from_us, value))
            steps.sort()

    def value(self, name: str) -> float:
        """What a sensor would feel now."""
        now_us = self._timer.now_us
        past = [value for from_us, value in self._set.get(name, ()) if from_us <= now_us]
        if past:
            return past[-1]
        if self._player and self._trace and name in self._trace.columns:
            return float(self._player.row()[self._trace.columns.index(name)])
        return self._values[name]

    @property
    def has_read_trace(self) -> bool:
        """Whether the sketch has asked for what the trace says."""
        return self._player is not None and self._player.has_begun

    def read(self, offset: int) -> int | None:
        """A value as the bits of a float, or a gesture that waits, plus 1; 0 if none does."""
        if offset == SurroundingsRegister.GESTURE:
            return self._take_gesture()
        number = index_in_row(offset, SurroundingsRegister.VALUE, len(_NAMES))
        if number is None:
            return None
        self._timer.question()
        return int(struct.unpack("<I", struct.pack("<f", self.value(_NAMES[number])))[0])

    def _take_gesture(self) -> int:
        self._timer.question()
        if self._gestures and self._gestures[0][0] <= self._timer.now_us:
            self._timer.busy()
            return int(self._gestures.pop(0)[1]) + 1
        if self._player and self._trace and "gesture" in self._trace.columns:
            row = self._player.index()
            column = self._trace.columns.index("gesture")
            values = self._trace.values[:, column]
            for passed in range(self._gesture_row + 1, row + 1):
                value = float(values[passed % len(values)])
                if value != NO_GESTURE:
                    self._gesture_row = passed
                    self._timer.busy()
                    return int(value) + 1
            self._gesture_row = row
        return 0


_NAMES = list(QUANTITIES)
