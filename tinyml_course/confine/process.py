"""One run of a compiler: in a process group of its own, inside its walls, with an end."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinyml_course.confine.guard import Guard, end_group
from tinyml_course.confine.landlock import confine_this_thread
from tinyml_course.confine.limits import LIMITS
from tinyml_course.confine.sandbox import Sandbox, find_walls
from tinyml_course.interrupts import HeldInterrupt

# What a confined compiler knows of the environment; the rest is the user's own.
KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR")
# Sets the limits, then becomes the program: no shell reads what the arguments say.
_LIMITER = (
    """{ ulimit -v "$1"; ulimit -f "$2"; ulimit -t "$3"; } 2>/dev/null; shift 3; exec "$@\""""
)


@dataclass(frozen=True)
class Done:
    """How a run ended. `exit_code` is negative for a signal, as subprocess has it."""

    exit_code: int
    text: str
    is_late: bool = False


def run_confined(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    guard: Guard,
    sandbox: Sandbox | None,
    seconds: float,
) -> Done:
    """Run a compiler to its end, or for `seconds` of wall time; memory and files have limits too.

    What is said goes through a file, of which the first part is read: a million warnings do not
    fill our memory.

    Raises:
        OSError: it does not start, or there is no room for what it says.
    """
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(errno.ENOENT, "no such program", command[0])
    with tempfile.TemporaryFile() as said, open(os.devnull, "rb") as nothing:
        if sandbox is not None:
            kept = {key: os.environ[key] for key in KEPT_VARIABLES if key in os.environ}
            environment = {**kept, **environment}
        else:
            environment = {**os.environ, **environment}
        with HeldInterrupt():  # no process that nobody knows
            process = _start(command, environment, sandbox, seconds, nothing, said)
            guard.began(process.pid)
        # A timer, since waiting for a time limit asks only every 50 ms whether it is over.
        late = threading.Event()
        timer = threading.Timer(seconds, lambda: (late.set(), end_group(process.pid)))
        timer.start()
        try:
            process.wait()
        finally:
            timer.cancel()
            # What it started itself has the same group and ends with it.
            if os.name == "posix" or process.returncode is None:
                end_group(process.pid)
            process.wait()
            guard.ended(process.pid)
        said.seek(0)
        text = said.read(LIMITS.message_bytes).decode("utf-8", "replace")
    return Done(process.returncode, text, late.is_set())


def _start(command, environment, sandbox, seconds, nothing, said) -> subprocess.Popen:
    walls = find_walls(command[0]) if sandbox else "none"
    if sandbox and walls == "bubblewrap":
        command = sandbox.bubblewrap_command(command)
    cpu_seconds = int(seconds * (os.cpu_count() or 1)) + 5
    if os.name == "posix" and walls != "landlock":
        memory, size = LIMITS.memory_bytes // 1024, LIMITS.file_bytes // 512
        numbers = [str(memory), str(size), str(cpu_seconds)]
        command = ["/bin/sh", "-c", _LIMITER, "sh", *numbers, *command]

    def start() -> subprocess.Popen:
        return subprocess.Popen(
            command,
            stdin=nothing,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            # Python's own files close by themselves; to look for others, it would have to open
            # a folder that Landlock has closed.
            close_fds=walls != "landlock",
        )

    if walls != "landlock":
        return start()
    process = _start_behind_landlock(sandbox, start)
    _limit(process.pid, cpu_seconds)
    return process


def _start_behind_landlock(sandbox: Sandbox, start) -> subprocess.Popen:
    """Start in a thread that gives up its rights: they stay given up in what it starts."""
    results: list = []

    def confined() -> None:
        try:
            confine_this_thread((sandbox.program, *sandbox.readable), sandbox.writable)
            results.append(start())
        except OSError as error:
            results.append(error)

    thread = threading.Thread(target=confined)
    thread.start()
    thread.join()
    if isinstance(results[0], OSError):
        raise results[0]
    return results[0]


def _limit(process: int, cpu_seconds: int) -> None:
    """The shell that would set limits is outside Landlock's walls: set them from here."""
    if sys.platform != "linux":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, LIMITS.memory_bytes),
        (resource.RLIMIT_FSIZE, LIMITS.file_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
    ):
        try:
            hard = resource.prlimit(process, kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.prlimit(process, kind, (most, most))
        except ProcessLookupError:
            return  # it is already done
