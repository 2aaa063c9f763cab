"""Virtual time: what the processor computed, plus what `delay()` and idle waiting skipped.

Time comes from counted cycles, so a run is the same every time. `delay()` costs nothing: the clock
jumps. A sketch that waits by asking again and again (`if (micros() - next < 0) return;`, or
`Serial.available()`) would be emulated in vain, so after many questions with nothing done in
between the clock moves on by `IDLE_STEP_US` a question: a sample is then late by that much for each
question a `loop()` asks, as on a board whose `loop()` has other things to do. After a tenth of a
second of nothing but questions, none of them for `micros()`, the clock moves on to the next whole
millisecond. A `loop()` that comes round without having asked or done anything counts as a question,
but not the first few hundred times after sound came: it may work through it sample by sample.
An alarm is a moment that is not jumped over: a pin that changes then. In standby the clock of
millis() and micros() stands still, and an interrupt ends it.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyml_course.board.virtual.peripheral import Peripheral

IDLE_STEP_US = 100
IDLE_QUESTIONS = 32  # in a row, before the clock begins to move on
LONG_IDLE_QUESTIONS = 1000  # in a row, before it moves on by milliseconds
IDLE_CYCLES = 2000  # a question that comes after more than so many cycles was preceded by work
NO_ALARM = 1 << 62
FOR_EVER = 0xFFFFFFFF  # of standby: until an interrupt
SECOND_US = 1_000_000


class TimerRegister:
    """Offsets of the registers."""

    MILLIS = 0x00
    MICROS = 0x04
    DELAY_US = 0x08
    REST_US = 0x0C
    SLEEP = 0x10
    STANDBY_MS = 0x14
    STANDBY_S = 0x18


class Timer(Peripheral):
    """millis, micros and delay. `count_cycles` tells how many cycles the processor has executed.

    Attributes:
        alarm_us: waiting stops here, until whoever set it has set the next one.
        horizon_us: a delay stops here and goes on later: the end of a run.
    """

    name = "TIMER"
    address = 0x4F002000
    registers = TimerRegister

    def __init__(self, clock_hz: int, count_cycles: Callable[[], int]) -> None:
        self._clock_hz = clock_hz
        self._count_cycles = count_cycles
        self._skipped_us = 0
        self._asleep_us = 0
        self._is_resting = self._is_standby = False
        self._standby_us = 0
        self._chip_us: int | None = None  # since when a chip counts whole seconds
        self._questions = 0
        self._last_cycles = 0
        self._is_pass_empty = False
        self._granted_passes = 0
        self._counts_micros = False
        self.alarm_us = NO_ALARM
        self.horizon_us = NO_ALARM
        self._wake_us: int | None = None  # when a delay that an alarm has broken off is over

    @property
    def now_us(self) -> int:
        """Microseconds since the start, without the 32-bit wrap that the sketch sees."""
        return self.us_at(self._count_cycles())

    def us_at(self, cycles: int) -> int:
        """`now_us` for who has just asked for the cycles."""
        return cycles * 1_000_000 // self._clock_hz + self._skipped_us

    @property
    def skipped_us(self) -> int:
        """The part of `now_us` in which the processor waited."""
        return self._skipped_us

    @property
    def asleep_us(self) -> int:
        """The part of `now_us` in which the processor rested: `wfi`, or a delay that rests."""
        return self._asleep_us

    def skip_us(self, duration_us: int) -> None:
        """Let time pass without executing anything."""
        self._skipped_us += duration_us

    def busy(self) -> None:
        """Something happened that a person could see: the sketch is not merely waiting."""
        self._questions = 0
        self._is_pass_empty = self._counts_micros = False

    def begin_loop(self) -> None:
        """loop() begins: the last one was as good as a question if nothing came of it."""
        if self._is_pass_empty:
            if self._granted_passes:
                self._granted_passes -= 1
            else:
                self.question()
        self._is_pass_empty = True

    def grant_passes(self, count: int, most: int) -> None:
        """So many more rounds of loop() are work though they seem idle; `most` of them in all."""
        self._granted_passes = min(self._granted_passes + count, most)

    @property
    def is_delayed(self) -> bool:
        """A delay is not over yet: an alarm came first."""
        return self._wake_us is not None

    def go_on_waiting(self) -> None:
        """Wait for the rest of the delay, or until the next alarm or the horizon."""
        if self._wake_us is None:
            return
        until_us = min(self._wake_us, self.alarm_us, self.horizon_us)
        now_us = self.now_us
        self._wait(max(0, until_us - now_us), self._is_resting)
        if until_us == self._wake_us:
            self._wake_us = None
            self._is_standby = False

    def stand_by(self, duration_us: int) -> None:
        """Stop the clock that the sketch sees, so long or until an interrupt."""
        self.busy()
        self._is_resting = self._is_standby = True
        self._wake_us = self.now_us + duration_us
        self.go_on_waiting()

    def stand_by_to_second(self, seconds: int) -> None:
        """Standby until a chip's alarm that is set to its second of now plus so many.

        The chip counts from the first call on, and says so one second after its count is reached:
        between so many seconds and one more.
        """
        now_us = self.now_us
        if self._chip_us is None:
            self._chip_us = now_us
        passed = (now_us - self._chip_us) // SECOND_US
        self.stand_by(self._chip_us + (passed + seconds + 1) * SECOND_US - now_us)

    def wake(self) -> None:
        """An interrupt came: standby is over. A delay goes on."""
        if self._is_standby:
            self._wake_us = None
            self._is_standby = False

    def sleep(self) -> None:
        """The core waits for an interrupt: the one that counts milliseconds, or an alarm."""
        now_us = self.now_us
        self._wait(max(0, min(1000 - now_us % 1000, self.alarm_us - now_us)), True)
        self.busy()

    def _wait(self, duration_us: int, rests: bool) -> None:
        self._skipped_us += duration_us
        if self._is_standby:
            self._standby_us += duration_us
        if rests:
            self._asleep_us += duration_us

    def question(self) -> None:
        """The sketch asked whether it is time, or whether something has arrived."""
        self._is_pass_empty = False
        cycles = self._count_cycles()
        self._questions = self._questions + 1 if cycles - self._last_cycles < IDLE_CYCLES else 0
        self._last_cycles = cycles
        if self._questions > IDLE_QUESTIONS:
            now_us = self.now_us
            is_long = self._questions > LONG_IDLE_QUESTIONS and not self._counts_micros
            step_us = 1000 - now_us % 1000 if is_long else IDLE_STEP_US
            self._skipped_us += min(step_us, max(0, self.alarm_us - now_us))

    def read(self, offset: int) -> int | None:
        """Milliseconds or microseconds, 32 bits as on the board."""
        if offset == TimerRegister.MICROS:
            unit_us = 1
            self._counts_micros = True
        elif offset == TimerRegister.MILLIS:
            unit_us = 1000
        else:
            return None
        self.question()
        return (self.now_us - self._standby_us) // unit_us & 0xFFFFFFFF

    def write(self, offset: int, value: int) -> bool:
        """Sleep, or a delay in microseconds: one that keeps the processor busy, or one at rest."""
        if offset == TimerRegister.SLEEP:
            self.sleep()
            return True
        if offset == TimerRegister.STANDBY_MS:
            self.stand_by(NO_ALARM if value == FOR_EVER else value * 1000)
            return True
        if offset == TimerRegister.STANDBY_S:
            self.stand_by_to_second(value)
            return True
        if offset not in (TimerRegister.DELAY_US, TimerRegister.REST_US):
            return False
        self.busy()
        self._is_resting = offset == TimerRegister.REST_US
        if self._wake_us is None and self.now_us + value > min(self.alarm_us, self.horizon_us):
            self._wake_us = self.now_us + value
            self.go_on_waiting()
        else:
            self._wait(value, self._is_resting)
        return True
