"""Ctrl-C, kept until the emulator can hear it.

Python hears Ctrl-C between two of its own instructions. While the emulator runs, those are the
instructions of a peripheral that C code has called, and an exception there can get lost on its way
through C. So the signal is noted, the emulator comes back by itself within a moment, and then the
exception is raised.
"""

from __future__ import annotations

import signal
import threading
from types import TracebackType
from typing import Any


class HeldInterrupt:
    """A `with` block in which Ctrl-C waits for the end. Only the main thread has signals."""

    def __init__(self) -> None:
        self._previous: Any = None
        self._is_noted = False

    def __enter__(self) -> HeldInterrupt:
        if threading.current_thread() is threading.main_thread():
            previous = signal.getsignal(signal.SIGINT)
            if callable(previous):
                self._previous = previous
                signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._previous is None:
            return
        signal.signal(signal.SIGINT, self._previous)
        if self._is_noted:
            self._previous(signal.SIGINT, None)

    def _note(self, _number: int, _frame: object) -> None:
        self._is_noted = True
