"""What a person would have seen: when lamps were on, and when other pins were high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinyml_course.board.virtual.gpio import FULL_DUTY, PinChange
from tinyml_course.board.virtual.pins import is_active_low, is_lamp, name_pin

MOST_SHOWN = 8


@dataclass(frozen=True)
class PinTimes:
    """One output over a run.

    Attributes:
        name: the lamp's or pin's.
        is_lamp: whether a lamp of the board hangs at it: on is lit, else on is high.
        changes: (seconds, level) as the sketch set it; the level is 0 or 1, or a duty 0 to 255.
        on_s: (from, to) in seconds while it was on.
    """

    pin: int
    name: str
    is_lamp: bool
    changes: tuple[tuple[float, int], ...]
    on_s: tuple[tuple[float, float], ...]

    @property
    def words(self) -> str:
        """One line: how often and when it was on."""
        verb = "on" if self.is_lamp else "high"
        if not self.on_s:
            return f"{self.name}: never {verb}"
        shown = ", ".join(f"{a:.3f} to {b:.3f}" for a, b in self.on_s[:MOST_SHOWN])
        count = len(self.on_s)
        more = f" and {count - MOST_SHOWN} times more" if count > MOST_SHOWN else ""
        times = f"{count} times" if count > 1 else "once"
        return f"{self.name}: {verb} {times}: {shown}{more} s{self._duty_words()}"

    def _duty_words(self) -> str:
        duties = [value for _, value in self.changes if value > 1]
        if not duties:
            return ""
        low, high = min(duties), max(duties)
        span = f"{low}" if low == high else f"{low} to {high}"
        return f", pulsed by analogWrite: {span} of {FULL_DUTY}"

    def as_dict(self) -> dict[str, object]:
        """The same as JSON values."""
        return {
            "pin": self.pin,
            "name": self.name,
            "is_lamp": self.is_lamp,
            "changes": [list(change) for change in self.changes],
            "on_s": [list(span) for span in self.on_s],
        }


def pin_times(board: str, changes: Sequence[PinChange], end_s: float) -> list[PinTimes]:
    """When each output was on until `end_s`, lamps first.

    A pin whose lamp lights when it is low is on then; a duty above 0 counts as on.

    >>> blink = [PinChange(0, 13, 1), PinChange(1_000_000, 13, 0)]
    >>> pin_times("nano33ble", blink, 2.0)[0].words
    'LED_BUILTIN: on once: 0.000 to 1.000 s'
    """
    found = []
    for pin in sorted({change.pin for change in changes}):
        mine = tuple((c.time_us / 1e6, c.value) for c in changes if c.pin == pin)
        low_is_on = is_active_low(board, pin)
        spans, since = [], None
        for time_s, value in mine:
            is_on = (value == 0) if low_is_on else (value > 0)
            if is_on and since is None:
                since = time_s
            elif not is_on and since is not None:
                spans.append((since, time_s))
                since = None
        if since is not None:
            spans.append((since, end_s))
        found.append(PinTimes(pin, name_pin(board, pin), is_lamp(board, pin), mine, tuple(spans)))
    return sorted(found, key=lambda times: (not times.is_lamp, times.pin))
