"""Starting the compiler that comes as a wheel: where it is, where it keeps things, what it says.

Nothing passes through a shell. Compiled objects and the compiler's run-time library stay in a cache
folder (`TINYML_CACHE_DIR`, otherwise the user's): only a processor's first build waits.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tinyml_course.errors import BoardError, DoesNotFitError


def cache_dir() -> Path:
    """Where compiled things are kept between runs.

    `TINYML_CACHE_DIR` if set, else the system's place for caches, else a temporary folder.
    """
    if chosen := os.environ.get("TINYML_CACHE_DIR"):
        folder = Path(chosen)
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "tinyml_course" / "Cache"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "tinyml_course"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tinyml_course"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home, as in some containers
        folder = Path(tempfile.gettempdir()) / "tinyml_course_cache"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def zig_command() -> tuple[str, ...]:
    """How to start Zig: the wheel's program itself (starting it through Python costs 30 ms)."""
    try:
        import ziglang
    except ImportError as error:
        raise BoardError(
            "no cross compiler: the ziglang package is not installed; run: pip install ziglang"
        ) from error
    folder = Path(ziglang.__file__).parent
    for name in ("zig", "zig.exe"):
        if (folder / name).is_file():
            return (str(folder / name),)
    return (sys.executable, "-m", "ziglang")


@cache
def zig_library_folder() -> Path:
    """The folder with the C headers that come with the wheel."""
    import ziglang

    return Path(ziglang.__file__).parent / "lib"


def run_compiler(command: Sequence[str], object_cache: Path | None = None) -> None:
    """Start a compiler or linker; its errors become ours, with file and line."""
    environment = dict(os.environ)
    environment.setdefault("ZIG_GLOBAL_CACHE_DIR", str(cache_dir() / "zig"))
    environment["ZIG_LOCAL_CACHE_DIR"] = str(object_cache or cache_dir() / "zig")
    environment["LC_ALL"] = "C"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", env=environment, check=False
        )
    except OSError as error:
        raise BoardError(f"the compiler {command[0]} does not start: {error}") from error
    if done.returncode:
        _raise_compiler_error(done.stderr + done.stdout)


# lld: "section '.bss' will not fit in region 'RAM': overflowed by 12 bytes"
# ld:  "region `RAM' overflowed by 12 bytes"
_OVERFLOW = re.compile(r"region [`'](\w+)'.{0,3} overflowed by (\d+) bytes")
_DIAGNOSTIC = re.compile(r"^(.+?:\d+:(?:\d+:)? (?:fatal )?error: .+)$", re.MULTILINE)
_UNDEFINED = re.compile(r"undefined (?:symbol: |reference to [`'])([^'\n]+)")
_REFERENCE = re.compile(r">>> referenced by ([^\n]+)|^([^\s:]+:\d+): undefined", re.MULTILINE)


def _raise_compiler_error(text: str) -> None:
    if overflows := _OVERFLOW.findall(text):
        too_many: dict[str, int] = {}
        for region, count in overflows:
            too_many[region] = max(int(count), too_many.get(region, 0))
        words = " and ".join(f"{count} bytes too many for {key}" for key, count in too_many.items())
        raise DoesNotFitError(
            f"the program does not fit: {words}; use a smaller model or a larger board"
        )
    if errors := _DIAGNOSTIC.findall(text):
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BoardError(f"the program does not compile: {errors[0]}{more}")
    if undefined := _UNDEFINED.findall(text):
        names = ", ".join(dict.fromkeys(undefined))
        where = next(("".join(found) for found in _REFERENCE.findall(text)), "")
        at = f", used by {where.strip()}" if where else ""
        raise BoardError(f"the program does not link: no definition of {names}{at}")
    raise BoardError(f"the compiler failed: {text.strip()[:2000] or 'it said nothing'}")
