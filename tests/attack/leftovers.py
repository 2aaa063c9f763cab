"""What a case may leave behind: nothing. Counted before and after, where the system has /proc."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

PROC = Path("/proc")


def count_leftovers(temporary: Path) -> dict[str, list[str]]:
    """Child processes, open files and ports, locks, threads, and what lies in `temporary`."""
    found = {
        "threads": sorted(t.name for t in threading.enumerate() if t.name != "MainThread"),
        "temporary": sorted(path.name for path in temporary.iterdir()),
    }
    if (PROC / "self" / "fd").is_dir():
        children = _children()
        found["processes"] = sorted(children)
        found["files"] = sorted(_open_files())
        found["locks"] = sorted(_locks({str(os.getpid()), *children}))
    return found


def wait_for_nothing_new(before: dict[str, list[str]], temporary: Path, seconds: float = 3.0):
    """What is new since `before`, once it had a moment to go: `{}` is right."""
    until = time.monotonic() + seconds
    while True:
        after = count_leftovers(temporary)
        new = {kind: _without(after[kind], before[kind]) for kind in after}
        new = {kind: names for kind, names in new.items() if names}
        if not new or time.monotonic() > until:
            return new
        time.sleep(0.05)


def _without(names: list[str], known: list[str]) -> list[str]:
    left = list(names)
    for name in known:
        if name in left:
            left.remove(name)
    return left


def _children() -> dict[str, str]:
    """Processes whose parent is this one, by their number."""
    found = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            if text.rpartition(")")[2].split()[1] == str(os.getpid()):
                found[folder.name] = text
    return found


def _open_files() -> list[str]:
    """Where this process's descriptors lead; pipes and sockets without their numbers."""
    names = []
    for number in os.listdir(PROC / "self" / "fd"):
        try:
            names.append(os.readlink(PROC / "self" / "fd" / number).split("[")[0])
        except OSError:
            continue  # the one that listed the folder
    return names


def _locks(processes: set[str]) -> list[str]:
    lines = (line.split() for line in (PROC / "locks").read_text().splitlines())
    return [" ".join(line[1:]) for line in lines if processes & set(line[4:6])]
