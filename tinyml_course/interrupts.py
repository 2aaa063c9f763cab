"""Ctrl-C, kept for a moment: where an exception would get lost, or leave something half done.

Python hears Ctrl-C between two of its own instructions. While the emulator runs, those are the
instructions of a peripheral that C code has called, and an exception there can get lost on its way
through C. Between two renames of files that belong together it would leave a new one beside an old
one. So the signal is noted, and the exception comes when the moment is over.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

# What asks a program to end. Windows has no SIGHUP.
ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class HeldInterrupt:
    """A `with` block in which Ctrl-C waits for the end. Only the main thread has signals.

    SIGTERM and SIGHUP wait as well where a handler in Python would hear them (`tinyml` has one).
    A block inside another one leaves all to the outer one.

    Attributes:
        has_noted: whether somebody wants the block to end.
    """

    _outermost: HeldInterrupt | None = None

    def __init__(self) -> None:
        self._previous: dict[int, Any] = {}
        self._noted: int | None = None
        self.has_noted = False

    def __enter__(self) -> HeldInterrupt:
        if HeldInterrupt._outermost is not None:
            return self
        if threading.current_thread() is threading.main_thread():
            for number in ENDING_SIGNALS:
                previous = signal.getsignal(number)
                if callable(previous):
                    self._previous[number] = previous
                    signal.signal(number, self._note)
            # Last here, and first at the end: a signal in between must not leave it behind.
            HeldInterrupt._outermost = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if HeldInterrupt._outermost is not self:
            return
        HeldInterrupt._outermost = None
        for number, previous in self._previous.items():
            signal.signal(number, previous)
        self.let_through()

    def let_through(self) -> None:
        """A place in a long block where what was noted may come: it is raised here."""
        if self._noted is not None:
            number, self._noted = self._noted, None
            self.has_noted = False
            self._previous[number](number, None)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._noted = number
        self.has_noted = True
