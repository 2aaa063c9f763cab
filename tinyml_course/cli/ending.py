"""How a command ends when somebody wants it to: soon, in any case, with nothing half-written.

Ctrl-C is a KeyboardInterrupt in the middle of whatever runs. Mostly it travels up and each `with`
block puts its things away. But it can get lost: in a callback of TensorFlow's, in a `__del__`, in a
library's `except:`. So a thread looks after it. If nothing travels up, it sends the signal again;
if the command still runs after `END_AFTER_S`, for instance in a long computation in C, it ends the
process. What that one had started, its guard ends (`confine/guard.py`).
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from tinyml_course.interrupts import ENDING_SIGNALS

LOOK_AFTER_S = 0.4  # what travels up needs a moment, for instance to end compilers
LOOK_EVERY_S = 0.2
END_AFTER_S = 1.4


@dataclass
class Heard:
    """What was heard while a command ran.

    Attributes:
        number: the signal that wanted its end, or None.
    """

    number: int | None = None


class Stopped(KeyboardInterrupt):
    """Somebody wants us to stop.

    Attributes:
        number: the signal that said so.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stoppable(command: str, *, is_program: bool) -> Iterator[Heard]:
    """Let Ctrl-C, SIGTERM and SIGHUP end the block with `Stopped`, or else the process.

    Nothing changes outside the main thread, nor for a signal that somebody handles or ignores.

    Args:
        command: what is said to have stopped.
        is_program: the process is this command's alone. Then the next signal after the block ends
            it at once, and so does the time, should the process hang on its way out.
    """
    heard = Heard()
    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    mine = (signal.default_int_handler, signal.SIG_DFL)
    numbers = [number for number in ENDING_SIGNALS if signal.getsignal(number) in mine]
    if not numbers:
        yield heard
        return
    watch = _Watch(command, numbers, is_program, heard)
    try:
        yield heard
    finally:
        watch.close()


def leave(number: int, *, is_program: bool) -> int:
    """End as the signal wants: with 130 after Ctrl-C; what was to be terminated dies of it.

    A program does not wait for Python to take itself apart, which after TensorFlow takes seconds.
    What was registered for the end is done all the same.

    Returns:
        The exit code, in a process that is not this command's alone.
    """
    if is_program:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # nobody is there to hear it
                stream.flush()
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        os._exit(128 + number)
    return 128 + number


class _Watch:
    """Hears the signals, and sees that they have their effect."""

    def __init__(self, command: str, numbers: list[int], is_program: bool, heard: Heard) -> None:
        self._command = command
        self._is_program = is_program
        self._main = threading.get_ident()
        self._is_over = threading.Event()
        self._heard = heard
        # Written by C code at once, also while Python's own handler has to wait for its turn.
        self._ears, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._previous_fd = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._previous: dict[int, Any] = {n: signal.signal(n, self._hear) for n in numbers}
        self._thread = threading.Thread(target=self._look_after, name="ending", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        signal.set_wakeup_fd(self._previous_fd)
        for number, previous in self._previous.items():
            signal.signal(number, signal.SIG_DFL if self._is_program else previous)
        if self._is_program:
            return
        self._mouth.send(b"\0")
        self._thread.join()
        self._ears.close()
        self._mouth.close()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._heard.number = number
        raise Stopped(number)

    def _look_after(self) -> None:
        number = self._ears.recv(1)[0]
        while number not in self._previous:  # of somebody else's handler
            if number == 0:
                return
            number = self._ears.recv(1)[0]
        end_s = time.monotonic() + END_AFTER_S
        wait_s = LOOK_AFTER_S
        while not self._is_over.wait(wait_s) and time.monotonic() < end_s:
            wait_s = LOOK_EVERY_S
            if not _is_travelling(self._main):
                self._send_again(number)
        if self._is_over.is_set():
            if not self._is_program or self._heard.number is None:
                return
            time.sleep(max(0.0, end_s - time.monotonic()))  # the interpreter's own end
        else:
            os.write(2, f"tinyml {self._command}: stopped\n".encode())
        os._exit(128 + number)

    def _send_again(self, number: int) -> None:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(self._main, number)  # wakes it where it waits for the system, too
        else:
            signal.raise_signal(number)


def _is_travelling(thread: int) -> bool:
    """Whether a KeyboardInterrupt is on its way up there, through `finally` and `with`."""
    found: Any = sys._current_exceptions().get(thread)
    error: BaseException | None = found[1] if isinstance(found, tuple) else found
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False
