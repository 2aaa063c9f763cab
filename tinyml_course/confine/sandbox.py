"""What a compiler sees of this computer: bubblewrap's or Landlock's walls, where there are any."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from tinyml_course.confine.landlock import landlock_version

Walls = Literal["bubblewrap", "landlock", "none"]


@dataclass(frozen=True)
class Sandbox:
    """The files that one run of the compiler may open, and nothing else of the computer.

    Attributes:
        program: the compiler's folder, readable.
        readable, writable: files and folders, absolute. They keep their places.
        scratch: the compiler's folder for temporary files, in one of the writable ones.
    """

    program: Path
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    scratch: Path | None = None

    def bubblewrap_command(self, command: Sequence[str]) -> list[str]:
        """The command, started in a name space that has only these files.

        No /proc and no /dev: the one thing that Zig asks of /proc is where its own program lies.
        """
        wrapped = [_bubblewrap() or "bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
        wrapped += ["--cap-drop", "ALL"]
        if os.geteuid() == 0:  # root reads every student's folder outside, so it may inside
            wrapped += ["--cap-add", "CAP_DAC_READ_SEARCH"]
        places = [(path, "--ro-bind") for path in (self.program, *self.readable)]
        places += [(path, "--bind") for path in self.writable]
        # What lies in another of them comes after it, or it would be hidden.
        for path, how in sorted(places, key=lambda place: len(place[0].parts)):
            wrapped += [how, str(path.resolve()), str(path)]
        here = Path.cwd()
        wrapped += ["--dir", "/proc/self", "--symlink", command[0], "/proc/self/exe"]
        wrapped += ["--dir", str(here), "--chdir", str(here), "--remount-ro", "/"]
        return [*wrapped, "--", *command]


@cache
def find_walls(program: str) -> Walls:
    """Which walls stand around `program` (the compiler's file) on this computer; tried once.

    A container may have bubblewrap's program and yet forbid what it does: then Landlock, by its
    system calls, and without that none. What is checked before and after a compilation
    (`build/refuse.py`, `build/file_view.py`) holds everywhere.
    """
    if not sys.platform.startswith("linux"):
        return "none"
    if _bubblewrap():
        command = Sandbox(Path(program).parent).bubblewrap_command([program, "version"])
        try:
            tried = subprocess.run(command, capture_output=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            tried = None
        if tried is not None and tried.returncode == 0 and tried.stdout:
            return "bubblewrap"
    return "landlock" if landlock_version() else "none"


@cache
def _bubblewrap() -> str | None:
    return shutil.which("bwrap")
