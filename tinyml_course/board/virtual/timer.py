"""Virtual time: what the processor computed, plus what `delay()` and idle waiting skipped.

Time comes from counted cycles, so a run is the same every time. `delay()` costs nothing: the clock
jumps. A sketch that waits by asking again and again (`if (micros() - next < 0) return;`, or
`Serial.available()`) would be emulated in vain, so after many questions with nothing done in
between the clock moves on by `IDLE_STEP_US` a question: a sample is then late by that much for each
question a `loop()` asks, as on a board whose `loop()` has other things to do.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyml_course.board.virtual.peripheral import Peripheral

IDLE_STEP_US = 100
IDLE_QUESTIONS = 32  # in a row, before the clock begins to move on
IDLE_CYCLES = 2000  # a question that comes after more than so many cycles was preceded by work


class TimerRegister:
    """Offsets of the registers."""

    MILLIS = 0x00
    MICROS = 0x04
    DELAY_US = 0x08


class Timer(Peripheral):
    """millis, micros and delay. `count_cycles` tells how many cycles the processor has executed."""

    name = "TIMER"
    address = 0x4F002000
    registers = TimerRegister

    def __init__(self, clock_hz: int, count_cycles: Callable[[], int]) -> None:
        self._clock_hz = clock_hz
        self._count_cycles = count_cycles
        self._skipped_us = 0
        self._questions = 0
        self._last_cycles = 0

    @property
    def now_us(self) -> int:
        """Microseconds since the start, without the 32-bit wrap that the sketch sees."""
        return self._count_cycles() * 1_000_000 // self._clock_hz + self._skipped_us

    @property
    def skipped_us(self) -> int:
        """The part of `now_us` in which the processor waited."""
        return self._skipped_us

    def skip_us(self, duration_us: int) -> None:
        """Let time pass without executing anything."""
        self._skipped_us += duration_us

    def busy(self) -> None:
        """Something happened that a person could see: the sketch is not merely waiting."""
        self._questions = 0

    def question(self) -> None:
        """The sketch asked whether it is time, or whether something has arrived."""
        cycles = self._count_cycles()
        self._questions = self._questions + 1 if cycles - self._last_cycles < IDLE_CYCLES else 0
        self._last_cycles = cycles
        if self._questions > IDLE_QUESTIONS:
            self._skipped_us += IDLE_STEP_US

    def read(self, offset: int) -> int | None:
        if offset == TimerRegister.MICROS:
            unit_us = 1
        elif offset == TimerRegister.MILLIS:
            unit_us = 1000
        else:
            return None
        self.question()
        return self.now_us // unit_us & 0xFFFFFFFF

    def write(self, offset: int, value: int) -> bool:
        if offset != TimerRegister.DELAY_US:
            return False
        self._skipped_us += value
        self._questions = 0
        return True
