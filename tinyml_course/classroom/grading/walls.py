"""The walls around a submission: what its process sees, and how much it may take.

bubblewrap gives it name spaces of its own: no network, no process but its own, and of the files
only Python, the package without its exercises, and the course's data, all to be read only. What it
writes goes to a memory of limited size that ends with it. A watcher outside counts its processes
and their memory, and ends all of them at once by ending the first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinyml_course.classroom.exercises import __file__ as EXERCISES_FILE
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.shipped import DATA, SKETCHES

PACKAGE = Path(EXERCISES_FILE).resolve().parent.parent.parent
HIDDEN = (PACKAGE / "classroom" / "exercises",)
HOME = "/home/learner"
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/ssl")


@dataclass(frozen=True)
class Limits:
    """What ends a submission.

    Attributes:
        seconds: wall time for all its cells.
        cell_seconds: after these a cell is interrupted, and the next one runs.
        call_seconds: of one call of one of its functions.
        memory_bytes: resident memory of all its processes together.
        address_bytes: address space of each process; TensorFlow needs 3 GB of it.
        processes: threads are not counted.
        disk_bytes: of what it writes.
    """

    seconds: float = 180.0
    cell_seconds: float = 60.0
    call_seconds: float = 10.0
    memory_bytes: int = 3 << 30
    address_bytes: int = 12 << 30
    processes: int = 32
    disk_bytes: int = 256 << 20


def check_walls(*, trust: bool) -> bool:
    """Whether there are walls; without them only who trusts the submissions goes on.

    Raises:
        TinyMLCourseError: there are none, and nobody said that they are trusted.
    """
    if has_walls():
        return True
    if trust:
        return False
    raise TinyMLCourseError(
        "submissions are strangers' programs, and this computer has no bubblewrap to keep them in "
        "(Linux: sudo apt install bubblewrap). Grade on such a computer, or, if you trust every "
        "one of them with your files, add --trust"
    )


@cache
def has_walls() -> bool:
    """Whether bubblewrap is here and may do its work; tried once."""
    if not sys.platform.startswith("linux") or shutil.which("bwrap") is None:
        return False
    tried = subprocess.run(
        wall_in(["/bin/true"], Path("/dev/null"), Limits()), capture_output=True, check=False
    )
    return tried.returncode == 0


def wall_in(command: Sequence[str], notebook: Path, limits: Limits) -> list[str]:
    """The command in name spaces of its own, with `notebook` at `HOME/notebook.ipynb`."""
    wrapped = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    wrapped += ["--cap-drop", "ALL"]
    if os.geteuid() == 0:  # Python may lie in a folder that only root may enter
        wrapped += ["--cap-add", "CAP_DAC_READ_SEARCH"]
    wrapped += ["--proc", "/proc", "--dev", "/dev"]
    places = {Path(name) for name in SYSTEM if Path(name).exists()}
    places |= {Path(sys.prefix), Path(sys.base_prefix), PACKAGE, DATA, SKETCHES}
    # Before the places: a course, or its environment, may itself lie under /tmp.
    wrapped += ["--size", str(limits.disk_bytes), "--tmpfs", "/tmp"]
    for place in sorted(places, key=lambda one: len(one.parts)):
        if place.is_symlink() and len(place.parts) == 2:  # /lib is usr/lib on most systems
            wrapped += ["--symlink", os.readlink(place), str(place)]
        else:
            wrapped += ["--ro-bind", str(place), str(place)]
    for folder in HIDDEN:
        wrapped += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    wrapped += ["--size", str(limits.disk_bytes), "--tmpfs", HOME]
    wrapped += ["--ro-bind", str(notebook), f"{HOME}/notebook.ipynb"]
    wrapped += ["--chdir", HOME, "--remount-ro", "/"]
    return [*wrapped, "--", *limited(command, limits)]


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """The command, begun by a shell that sets what the system itself can limit."""
    numbers = [str(limits.address_bytes >> 10), str(limits.disk_bytes >> 9)]
    script = """{ ulimit -v "$1"; ulimit -f "$2"; ulimit -c 0; } 2>/dev/null; shift 2; exec "$@\""""
    return ["/bin/sh", "-c", script, "sh", *numbers, *command]


def environment() -> dict[str, str]:
    """What a submission knows of the environment."""
    known = {
        "HOME": HOME if has_walls() else str(Path.home()),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "agg",
    }
    kept = ("TF_USE_LEGACY_KERAS", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
    return known | {name: os.environ[name] for name in kept if name in os.environ}


def count_processes(first: int) -> tuple[int, int]:
    """How many processes descend from `first`, and how many bytes they hold, by /proc."""
    parent_of: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as file:
                parent_of[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
    ours = {first}
    grown = True
    while grown:  # who is orphaned inside becomes a child of the first one inside
        more = {process for process, parent in parent_of.items() if parent in ours} - ours
        grown = bool(more)
        ours |= more
    page = os.sysconf("SC_PAGE_SIZE")
    resident = 0
    for process in ours:
        try:
            with open(f"/proc/{process}/statm", encoding="ascii") as file:
                _, pages, shared, *_ = (int(part) for part in file.read().split())
            resident += (pages - shared) * page
        except (FileNotFoundError, ProcessLookupError):
            continue
    return len(ours), resident
