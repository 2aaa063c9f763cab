"""What is started here ends with us, also if we are killed: compilers and temporary folders.

A small process of its own holds the other end of a pipe. As long as we compile it knows what runs;
when we go, in whatever way, the pipe ends, and it ends what is left.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tinyml_course.interrupts import HeldInterrupt

PROGRAM = Path(__file__).with_name("guard_process.py")
WORK_NAME = re.compile(r"\.?tinyml-(\d+)-\w+")
# A process of another computer or container, with which we share the folder, looks dead from here.
SWEEP_AFTER_S = 3600


class Guard:
    """The process that watches over ours. Made by `guarded`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._folders: set[str] = set()
        self._is_ending = False

    def began(self, process: int) -> None:
        """A compiler runs, in a process group of its own; if all are to end, this one does too."""
        self._running.add(process)
        self._tell(f"+p {process}")
        if self._is_ending:
            end_group(process)

    def ended(self, process: int) -> None:
        """A compiler that was named to the guard is gone: nothing is left to end."""
        self._running.discard(process)
        self._tell(f"-p {process}")

    def end_all(self) -> None:
        """End every compiler that still runs or will: somebody wants us to stop."""
        self._is_ending = True
        for process in list(self._running):
            end_group(process)

    @contextmanager
    def work_folder(self, parent: Path | None = None, *, is_hidden: bool = False) -> Iterator[Path]:
        """A temporary folder that goes when the block ends, and also when we are killed.

        parent: where (default: the system's place for temporary files). is_hidden: its name begins
        with a dot.
        Old folders in the same place whose process is gone go too: the computer was switched off.
        """
        parent = parent or Path(tempfile.gettempdir())
        sweep(parent)
        dot = "." if is_hidden else ""
        with HeldInterrupt():  # no folder that nobody knows
            folder = tempfile.mkdtemp(prefix=f"{dot}tinyml-{os.getpid()}-", dir=parent)
            name = os.fsencode(folder).hex()
            self._folders.add(name)
            self._tell(f"+d {name}")
        try:
            yield Path(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._tell(f"-d {name}")
            self._folders.discard(name)

    def close(self) -> None:
        """End the guard: at once if nothing is left to watch, else when it has put that away."""
        if not self._running and not self._folders:
            self._process.kill()
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        try:
            with self._lock:
                self._process.stdin.write(f"{line}\n".encode("ascii"))
                self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            # Somebody ended the guard. What runs has its limits still.
            return


@contextmanager
def guarded() -> Iterator[Guard]:
    """A guard for the length of the block; what runs when the block breaks off is ended."""
    guard = Guard()
    try:
        yield guard
    except BaseException:
        guard.end_all()
        raise
    finally:
        guard.close()


def end_group(process: int) -> None:
    """End a process and all that it started."""
    if os.name == "nt":
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(process)], capture_output=True, check=False
        )
        return
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def sweep(parent: Path) -> None:
    """Remove the work folders of processes that are no more, an hour after their last work."""
    oldest = time.time() - SWEEP_AFTER_S
    for entry in os.scandir(parent):
        found = WORK_NAME.fullmatch(entry.name)
        if found is None or not entry.is_dir(follow_symlinks=False):
            continue
        try:
            is_old = entry.stat(follow_symlinks=False).st_mtime < oldest
        except FileNotFoundError:
            continue  # its owner was quicker
        if is_old and not _is_alive(int(found[1])):
            shutil.rmtree(entry.path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # asking there would end it; a folder in use cannot be removed anyway
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
