"""How much virtual time may pass so that a board keeps to the clock on the wall."""

from __future__ import annotations

SLICE_S = 0.02  # of virtual time at once: a click waits for the end of a slice
MOST_BEHIND_S = 0.5  # what is later than that is dropped: a board never sprints to catch up


class Pace:
    """Virtual time against the wall clock.

    Args:
        factor: virtual seconds that pass in a second; 1 is a real board's.

    >>> pace = Pace()
    >>> pace.due_s(now_s=100.0, board_s=0.0), round(pace.due_s(now_s=100.01, board_s=0.0), 3)
    (0.0, 0.01)
    """

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._anchor: tuple[float, float] | None = None

    @property
    def factor(self) -> float:
        """Virtual seconds in a second."""
        return self._factor

    def set_factor(self, factor: float) -> None:
        """Go on faster or slower from here."""
        self._factor = factor
        self._anchor = None

    def forget(self) -> None:
        """The board stood still: what passed on the wall meanwhile does not count."""
        self._anchor = None

    def due_s(self, now_s: float, board_s: float) -> float:
        """Virtual seconds to run now, SLICE_S at most and 0 if the board is ahead."""
        if self._anchor is None:
            self._anchor = (now_s, board_s)
        wall_s, virtual_s = self._anchor
        behind_s = virtual_s + (now_s - wall_s) * self._factor - board_s
        if behind_s > MOST_BEHIND_S:
            self._anchor = (now_s, board_s + SLICE_S)
            behind_s = SLICE_S
        return min(max(behind_s, 0.0), SLICE_S)
