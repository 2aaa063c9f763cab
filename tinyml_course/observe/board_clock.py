"""A board's clock as it arrives over a cable: what is a gap, what a reset, and what a wrong digit.

A record carries no checksum. One flipped digit in `t_ms` looks like hours that passed, or like a
reset. So a record whose time is unexpected waits for the next one, which goes on either from it
(then it was right) or from the one before (then it was damaged). The recorder uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_MS = 2**32 - 1  # millis() has 32 bits
GAP_PERIODS = 1.75  # as in datasets.recordings: more means that a sample is missing
NEAR_MS = 1000  # a record this close goes on where the other stopped
LONGEST_GAP_MS = 60_000  # beyond, one take ends and another begins


@dataclass(frozen=True)
class Sample:
    """A record whose time is settled.

    Attributes:
        values: what came with it, untouched.
        step_ms: since the sample before; None where a take begins.
    """

    values: bytes
    step_ms: int | None


class BoardClock:
    """Puts records in order of their board's clock, one after the other.

    >>> clock = BoardClock(period_ms=20)
    >>> [s.step_ms for t in (0, 20, 9040, 60, 80) for s in clock.feed(t, b"")]
    [None, 20, 40, 20]
    >>> clock.damaged, clock.resets
    (1, 0)

    Attributes:
        damaged: records whose time was wrong, and which were left out.
        resets: how often the board's clock began again.
    """

    def __init__(self, period_ms: float) -> None:
        self.damaged = 0
        self.resets = 0
        self._period_ms = period_ms
        self._last: int | None = None
        self._held: tuple[int, bytes] | None = None

    def feed(self, t_ms: int, values: bytes) -> list[Sample]:
        """The samples that a record settles: none, itself, or itself and the one that waited."""
        if self._held is None:
            return self._take_or_hold(t_ms, values)
        held_ms, held_values = self._held
        self._held = None
        if not self._is_held_right(held_ms, t_ms):
            self.damaged += 1
            return self._take_or_hold(t_ms, values)
        return [self._accept(held_ms, held_values), *self._take_or_hold(t_ms, values)]

    def finish(self) -> list[Sample]:
        """The record that still waits; nothing comes after it that could tell against it."""
        if self._held is None:
            return []
        held, self._held = self._held, None
        if not 0 < held[0] - self._last <= NEAR_MS:
            self.resets += held[0] < self._last
            self._last = None  # in doubt it stands alone
        return [self._accept(*held)]

    def _take_or_hold(self, t_ms: int, values: bytes) -> list[Sample]:
        if self._last is None or 0 < t_ms - self._last <= GAP_PERIODS * self._period_ms:
            return [self._accept(t_ms, values)]
        if t_ms == self._last:
            self.damaged += 1  # the same sample twice
        else:
            self._held = (t_ms, values)
        return []

    def _is_held_right(self, held_ms: int, next_ms: int) -> bool:
        if held_ms > self._last:
            if next_ms > held_ms:
                return held_ms - self._last <= LONGEST_GAP_MS or next_ms - held_ms <= NEAR_MS
            return next_ms <= self._last and held_ms - self._last <= NEAR_MS
        if next_ms <= held_ms:
            return False
        if 0 < next_ms - self._last <= NEAR_MS:
            # Either the board began again, or the held one is a wrong digit between two right ones.
            off_if_right = abs(next_ms - held_ms - self._period_ms)
            off_if_wrong = abs(next_ms - self._last - 2 * self._period_ms)
            return off_if_right < off_if_wrong
        return True

    def _accept(self, t_ms: int, values: bytes) -> Sample:
        step_ms = None if self._last is None else t_ms - self._last
        if step_ms is not None and not 0 < step_ms <= LONGEST_GAP_MS:
            self.resets += 1
            step_ms = None
        self._last = t_ms
        return Sample(values, step_ms)
