"""The microphone of a virtual board: it hears a trace, or what is fed to it live, or silence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.board.virtual.peripheral import Memory, Peripheral
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Trace
from tinyml_course.errors import BoardError

RATE_TOLERANCE = 0.01
LIVE_RATE_HZ = 16_000  # of the sound that `feed` takes


SUPPLY_V = 3.3
MIDDLE = 1024  # of 4096: where Seeed's examples have the Wio's
PASSES_A_SAMPLE = 2  # of loop(), that a sketch may need to work through what its callback stored


class MicrophoneRegister:
    """Offsets of the registers."""

    BEGIN = 0x00
    PRESENT = 0x04
    AVAILABLE = 0x08
    ADDRESS = 0x0C
    TAKE = 0x10
    DUE = 0x14


class Microphone(Peripheral):
    """16-bit samples that wait until the sketch's library takes them."""

    name = "MICROPHONE"
    address = 0x4F006000
    registers = MicrophoneRegister

    def __init__(
        self,
        memory: Memory,
        timer: Timer,
        is_present: bool,
        trace: Trace | None,
        *,
        begun: Callable[[], None],
        looked_at: Callable[[], None],
    ) -> None:
        """`begun` hears that the sketch begins to listen, `looked_at` that its library looks."""
        self._begun = begun
        self._looked_at = looked_at
        self._memory = memory
        self._timer = timer
        self._is_present = is_present
        self._trace = trace
        self._rate_hz = 0
        self._start_us = 0
        self._taken = 0
        self._has_heard = False
        self._address = 0
        self._fed: np.ndarray | None = None  # heard and not yet taken; None: not live

    @property
    def is_on(self) -> bool:
        """Whether the sketch has begun to listen."""
        return self._rate_hz > 0

    @property
    def has_read_trace(self) -> bool:
        """Whether the sketch has heard anything of the trace."""
        return self._trace is not None and self._has_heard

    def volts(self) -> float:
        """At the converter's pin, for a sketch that reads it by analogRead(): middle and sound."""
        sample = 0
        if self._trace is not None:
            self._has_heard = True
            index = int(self._timer.now_us * self._trace.rate_hz / 1e6) % len(self._trace.values)
            sample = int(self._trace.values[index, 0])
        return SUPPLY_V * (MIDDLE + sample / 16) / 4096

    @property
    def has_waiting(self) -> bool:
        """Whether samples wait to be taken."""
        return self._waiting() > 0

    @property
    def is_live(self) -> bool:
        """Whether the board hears what is fed."""
        return self._fed is not None

    @property
    def heard_until_us(self) -> int:
        """Virtual time up to which there is sound: a live board must not run beyond it.

        The present where nobody listens, or where the sound comes from a trace.
        """
        if self._fed is None or not self.is_on:
            return self._timer.now_us
        samples = self._taken + len(self._fed)
        return self._start_us + samples * 1_000_000 // self._rate_hz

    @property
    def ahead_us(self) -> int:
        """How much sound waits for the board's time to come."""
        return self.heard_until_us - self._timer.now_us

    def go_live(self) -> None:
        """From now on the board hears what `feed` brings, instead of its trace.

        Raises:
            BoardError: the sketch listens at another rate than LIVE_RATE_HZ.
        """
        if self._fed is None:
            self._check_live_rate(self._rate_hz)
            self._taken += self._waiting()  # what nobody took is gone
            self._fed = np.zeros(0, np.int16)

    def feed(self, samples: np.ndarray) -> None:
        """Sound for a live board, int16 at LIVE_RATE_HZ; lost while the sketch does not listen."""
        if self._fed is not None and self.is_on:
            self._fed = np.concatenate([self._fed, np.asarray(samples, np.int16)])

    def end_live(self) -> None:
        """Back to the trace, or to silence."""
        self._fed = None

    def _waiting(self) -> int:
        if not self._rate_hz:
            return 0
        elapsed_us = self._timer.now_us - self._start_us
        waiting = elapsed_us * self._rate_hz // 1_000_000 - self._taken
        return waiting if self._fed is None else min(max(waiting, 0), len(self._fed))

    def read(self, offset: int) -> int | None:
        """Presence, or how many samples wait."""
        if offset == MicrophoneRegister.PRESENT:
            return int(self._is_present)
        if offset == MicrophoneRegister.AVAILABLE:
            return self._waiting()
        if offset == MicrophoneRegister.DUE:
            self._looked_at()
            return self._waiting()
        return None

    def write(self, offset: int, value: int) -> bool:
        """Begin at a rate in Hz (0 ends), name a buffer, or take samples into it."""
        if offset == MicrophoneRegister.BEGIN:
            self._begin(value)
        elif offset == MicrophoneRegister.ADDRESS:
            self._address = value
        elif offset == MicrophoneRegister.TAKE:
            self._take(min(value, self._waiting()))
        else:
            return False
        return True

    def _begin(self, rate_hz: int) -> None:
        if self._fed is not None:
            self._check_live_rate(rate_hz)
            self._fed = np.zeros(0, np.int16)
        elif rate_hz and self._trace:
            error = abs(self._trace.rate_hz / rate_hz - 1)
            if error > RATE_TOLERANCE:
                raise BoardError(
                    f"the sketch samples sound at {rate_hz} Hz, the trace has "
                    f"{self._trace.rate_hz:g} Hz: resample the WAV"
                )
        self._rate_hz, self._start_us, self._taken = rate_hz, self._timer.now_us, 0
        self._begun()

    def _check_live_rate(self, rate_hz: int) -> None:
        if rate_hz and abs(rate_hz / LIVE_RATE_HZ - 1) > RATE_TOLERANCE:
            raise BoardError(
                f"the sketch samples sound at {rate_hz} Hz, a live microphone gives "
                f"{LIVE_RATE_HZ:,} Hz: begin the microphone with that rate"
            )

    def _take(self, count: int) -> None:
        if self._address and count:  # address 0 throws the samples away
            samples = np.zeros(count, "<i2")
            if self._fed is not None:
                samples[:] = self._fed[:count]
            elif self._trace:
                index = np.arange(self._taken, self._taken + count) % len(self._trace.values)
                samples[:] = self._trace.values[index, 0]
            self._memory.write_memory(self._address, samples.tobytes())
        if self._fed is not None:
            self._fed = self._fed[count:]
        self._taken += count
        self._has_heard = self._has_heard or count > 0
        self._timer.busy()
        self._timer.grant_passes(PASSES_A_SAMPLE * count, PASSES_A_SAMPLE * self._rate_hz)
