"""One submission's process, from outside: started, watched, asked, ended."""

from __future__ import annotations

import builtins
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.classroom.grading import wire
from tinyml_course.classroom.grading.walls import (
    Limits,
    count_processes,
    environment,
    limited,
    wall_in,
)
from tinyml_course.errors import DataError, TinyMLCourseError

LEARNER = Path(__file__).with_name("learner.py")
WATCH_S = 0.05
ENDED = None
LONGEST_TEXT = 1000  # characters of an error that a cell raised


class EndedError(TinyMLCourseError):
    """The learner's process is gone, or had to be ended; the text says why."""


class Session:
    """A learner's process that has run its cells and answers calls. Made by `run_submission`."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self._process, self._limits = process, limits
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        self.reason = ""
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=one, daemon=True) for one in (self._read, self._watch)
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, value: Any, seconds: float, overdue: str = "") -> Any:
        """Send a value, wait for its answer.

        Args:
            overdue: what to say if there is none in time.

        Raises:
            EndedError: there is none, in time or at all.
        """
        if self._process.stdin is None:
            raise EndedError("its process has no input")
        try:
            self._process.stdin.write(wire.to_line(value))
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError, OSError) as error:
            raise EndedError(self.reason or "its process ended itself") from error
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.end(overdue or f"no answer within {seconds:g} s")
            raise EndedError(self.reason) from None
        if line is ENDED:
            raise EndedError(self.reason or "its process ended itself")
        try:
            return wire.from_line(line)
        except DataError as error:
            self.end("its process wrote what is no answer")
            raise EndedError(self.reason) from error

    def end(self, reason: str) -> None:
        """End its process and all it started; the first reason stays."""
        self.reason = self.reason or reason
        end_all(self._process)

    def close(self) -> None:
        """End it, and wait until nothing of it is left."""
        self._is_over.set()
        end_all(self._process)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        for thread in self._threads:
            thread.join(timeout=5)

    def _read(self) -> None:
        stream = self._process.stdout
        while stream is not None:
            try:
                line = stream.readline(wire.LONGEST_LINE + 1)
            except ValueError:  # closed
                break
            if not line:
                break
            while not self._is_over.is_set():
                try:
                    self._lines.put(line, timeout=0.1)
                    break
                except queue.Full:  # it says more than it was asked
                    self.end("its process talks without being asked")
                    return
        while not self._is_over.is_set():
            try:
                self._lines.put(ENDED, timeout=0.1)
                return
            except queue.Full:
                continue

    def _watch(self) -> None:
        if not sys.platform.startswith("linux"):
            return
        while not self._is_over.wait(WATCH_S):
            count, resident = count_processes(self._process.pid)
            if count > self._limits.processes + 3:  # bubblewrap's two and the shell
                self.end(f"more than {self._limits.processes} processes")
            if resident > self._limits.memory_bytes:
                self.end(f"more than {self._limits.memory_bytes / 1e9:.1f} GB of memory")


def end_all(process: subprocess.Popen[bytes]) -> None:
    """End a process group; inside walls, the end of the first is the end of all."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@contextmanager
def run_submission(
    notebook: Path, cells: Sequence[int], limits: Limits, *, walls: bool
) -> Iterator[tuple[Session, list[tuple[int, str]]]]:
    """Start a notebook's process and run its `cells`; with it, the cells that raised and what.

    Raises:
        EndedError: it was not done in time, or ended itself.
    """
    program = [sys.executable, "-P", str(LEARNER)]
    if walls:
        command = wall_in([*program, "notebook.ipynb"], notebook, limits)
    else:
        command = limited([*program, str(notebook)], limits)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    session = Session(process, limits)
    try:
        until_s = time.monotonic() + limits.seconds
        _expect_done(session, {"begin": True}, limits.seconds)
        yield session, _run_cells(session, cells, limits, until_s)
    finally:
        session.close()


def _run_cells(
    session: Session, cells: Sequence[int], limits: Limits, until_s: float
) -> list[tuple[int, str]]:
    """Run cells one by one; which did not do well, and what became of them.

    After one that did not end, the others get half of the time that is left: several of them do
    not cost the answers behind them.
    """
    troubles: list[tuple[int, str]] = []
    was_late = False
    for number in cells:
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            raise EndedError(
                f"all cells together have {limits.seconds:g} s, which were over before code cell "
                f"{number + 1}{_and_before(troubles)}"
            )
        seconds = min(limits.cell_seconds, left_s / 2 if was_late else left_s)
        overdue = (
            f"did not end within {left_s:.3g} s, and does not let itself be interrupted"
            f"{_and_before(troubles)}"
        )
        try:
            done = _expect_done(session, {"cell": number, "seconds": seconds}, left_s, overdue)
        except EndedError as error:
            mark = "" if str(error) == overdue else ":"
            raise EndedError(f"code cell {number + 1}{mark} {error}") from error
        if done.get("late"):
            was_late = True
            troubles.append((number, f"did not end within {seconds:.3g} s, and was interrupted"))
        elif done.get("raised"):
            troubles.append((number, f"raised {str(done['raised'])[:LONGEST_TEXT]}"))
    return troubles


def _and_before(troubles: Sequence[tuple[int, str]]) -> str:
    late = [str(number + 1) for number, text in troubles if text.startswith("did not end")]
    return f"; before it, code cells that did not end: {', '.join(late)}" if late else ""


def _expect_done(
    session: Session, order: dict[str, Any], seconds: float, overdue: str = ""
) -> dict[str, Any]:
    done = session.ask(order, seconds, overdue)
    if not isinstance(done, dict) or not done.get("ran"):
        session.end("its process wrote what is no answer")
        raise EndedError(session.reason)
    return done


def check_session(limits: Limits, *, walls: bool) -> None:
    """See that an empty notebook's process begins and answers, before a class is given zeros.

    Raises:
        TinyMLCourseError: it does not.
    """
    with tempfile.TemporaryDirectory(prefix="tinyml-") as folder:
        empty = Path(folder) / "notebook.ipynb"
        empty.write_text('{"cells": []}', encoding="utf-8")
        try:
            with run_submission(empty, [], limits, walls=walls):
                return
        except EndedError as error:
            raise TinyMLCourseError(
                f"not even an empty notebook can be graded here ({error}): nobody was given marks. "
                "tinyml doctor says what this computer lacks"
            ) from error


class Proxy:
    """A learner's function, called in the learner's process. The tests take it for one."""

    def __init__(self, session: Session, exercise: str, name: str, seconds: float) -> None:
        self._session, self._seconds = session, seconds
        self._call = {"exercise": exercise, "name": name}

    def describe(self) -> dict[str, Any]:
        """Whether there is an answer, and what it takes."""
        said = self._session.ask(self._call, self._seconds)
        return said if isinstance(said, dict) else {}

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns; what it raises is raised here."""
        said = self._session.ask({**self._call, "arguments": arguments}, self._seconds)
        if not isinstance(said, dict):
            raise EndedError("its process wrote what is no answer")
        if "raised" in said:
            raise _error_of(str(said["raised"]), str(said.get("text", "")))
        changed = said.get("arguments")
        if isinstance(changed, tuple | list):
            _write_back(arguments, changed)
        return said.get("value")


def _error_of(name: str, text: str) -> BaseException:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(text)
        except TypeError:  # UnicodeDecodeError takes five
            return RuntimeError(f"{name}: {text}")
    return RuntimeError(f"{name}: {text}")


def _write_back(arguments: Sequence[Any], changed: Sequence[Any]) -> None:
    """Let it be seen here that a function has written into what it was given."""
    for ours, theirs in zip(arguments, changed, strict=False):
        if not isinstance(ours, np.ndarray) or not isinstance(theirs, np.ndarray):
            continue
        if ours.shape == theirs.shape and theirs.dtype.kind in "biuf":
            np.copyto(ours, theirs, casting="unsafe")
