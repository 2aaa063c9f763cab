"""What a live board tells its page: one message, with what has changed."""

from __future__ import annotations

import codecs
from typing import Any

from tinyml_course.board.power import mean_power
from tinyml_course.board.virtual.board import VirtualBoard

MOST_HISTORY = 30_000  # characters of the serial monitor
MOST_NEWS = 10_000  # characters a message; what a sketch prints beyond that is not shown
POWER_SPAN_S = 0.5  # of virtual time, over which the share awake is taken


class SerialText:
    """What the sketch printed, as text: what is new, and the last MOST_HISTORY characters."""

    def __init__(self) -> None:
        self.history = ""
        self._news = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, data: bytes) -> str:
        r"""Take new bytes; what they say, with line ends as `\n`."""
        text = self._decoder.decode(data).replace("\r", "")
        if len(text) > MOST_NEWS:
            skipped = len(text) - MOST_NEWS
            text = f"\n# {skipped:,} characters were too fast to be shown\n{text[-MOST_NEWS:]}"
        self.history = (self.history + text)[-MOST_HISTORY:]
        self._news = (self._news + text)[-MOST_HISTORY:]
        return text

    def take_news(self) -> str:
        """What came since the last time."""
        news, self._news = self._news, ""
        return news


class PowerMeter:
    """The share of time awake, and the current that it means, over the last half second."""

    def __init__(self, machine: VirtualBoard) -> None:
        self._machine = machine
        self._before = (0, 0)
        self.awake: float | None = None

    def look(self) -> None:
        """Take a new reading if it is time."""
        now_us, asleep_us = self._machine.timer.now_us, self._machine.timer.asleep_us
        span_us = now_us - self._before[0]
        if span_us >= POWER_SPAN_S * 1e6:
            self.awake = min(max(1 - (asleep_us - self._before[1]) / span_us, 0.0), 1.0)
            self._before = (now_us, asleep_us)

    @property
    def current_ma(self) -> float | None:
        """Of the processor alone, estimated; None if its data sheet's figures are not known."""
        if self.awake is None:
            return None
        return mean_power(self._machine.sketch.model.board, self.awake).processor_ma


def read_pins(machine: VirtualBoard) -> dict[str, list[float | None]]:
    """By pin's number: mode, and how long it is high (0 to 1; None where the sketch only reads)."""
    gpio = machine.gpio
    pins = sorted({*gpio.modes, *gpio.outputs})
    return {str(pin): [gpio.modes.get(pin), gpio.share_high(pin)] for pin in pins}


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The entries of `after` that `before` has not, or has otherwise.

    >>> changed({"a": 1, "b": 2}, {"a": 1, "b": 3})
    {'b': 3}
    """
    missing = object()
    return {key: value for key, value in after.items() if before.get(key, missing) != value}
