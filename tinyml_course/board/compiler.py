"""Starting the compiler that comes as a wheel: where it is, where it keeps things, what it says.

Nothing passes through a shell. Compiled objects and the compiler's run-time library stay in a cache
folder (`TINYML_CACHE_DIR`, otherwise the user's): only a processor's first build waits.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tinyml_course.board.cache import cache_dir
from tinyml_course.confine.guard import Guard, guarded
from tinyml_course.confine.limits import LIMITS
from tinyml_course.confine.process import run_confined
from tinyml_course.confine.sandbox import Sandbox, Walls, find_walls
from tinyml_course.errors import BoardError, DoesNotFitError

FULL_BYTES = 1_000_000  # with less, Zig falls over instead of saying that the disk is full
SOURCES = (".c", ".cpp", ".cc", ".cxx", ".S")


def clang_title() -> str:
    """The wheel's compiler by name, for whoever compares figures.

    >>> clang_title().startswith("clang of ziglang 0.")
    True
    """
    return f"clang of ziglang {version('ziglang')}"


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


def shared_object_cache() -> Path:
    """Where Zig keeps what the course's own sources became, and each processor's library."""
    return Path(os.environ.get("ZIG_GLOBAL_CACHE_DIR") or cache_dir() / "zig")


def compiler_walls() -> Walls:
    """Which walls can stand around the compiler here: see `confine/sandbox.py`."""
    command = zig_command()
    return find_walls(command[0]) if len(command) == 1 else "none"


def run_compiler(
    command: Sequence[str],
    object_cache: Path | None = None,
    *,
    guard: Guard | None = None,
    sandbox: Sandbox | None = None,
    seconds: float | None = None,
) -> str:
    """Run a compiler or linker, and return what it said; its errors become ours, with their line.

    object_cache: where Zig keeps what it compiled (default: the cache folder). guard: who ends it
    with us (default: one of its own). sandbox: the files that it may open (default: all). seconds:
    of wall time (default: `LIMITS.seconds`).
    """
    shared = shared_object_cache()
    environment = {"ZIG_LOCAL_CACHE_DIR": str(object_cache or shared), "LC_ALL": "C"}
    environment["ZIG_GLOBAL_CACHE_DIR"] = str(shared)
    if sandbox is not None:
        environment["TMPDIR"] = environment["TMP"] = environment["TEMP"] = str(sandbox.scratch)
        if shared not in sandbox.writable:
            environment["ZIG_GLOBAL_CACHE_DIR"] = environment["ZIG_LOCAL_CACHE_DIR"]
    seconds = seconds or LIMITS.seconds
    try:
        with guarded() if guard is None else nullcontext(guard) as watch:
            done = run_confined(command, environment, guard=watch, sandbox=sandbox, seconds=seconds)
    except OSError as error:
        raise BoardError(f"the compiler {command[0]} does not start: {error}") from error
    if done.is_late:
        source = next((Path(word).name for word in command if word.endswith(SOURCES)), "linking")
        raise BoardError(
            f"the compiler was stopped after {seconds:g} s at {source}; a file takes a few: look "
            "for templates, macros or functions that multiply"
        )
    if done.exit_code:
        _raise_compiler_error(done.text, done.exit_code)
    return done.text


# lld: "section '.bss' will not fit in region 'RAM': overflowed by 12 bytes"
# ld:  "region `RAM' overflowed by 12 bytes"
_OVERFLOW = re.compile(r"region [`'](\w+)'.{0,3} overflowed by (\d+) bytes")
MOST_WORDS = 600  # characters of an error; the compiler repeats a name of a megabyte
_DIAGNOSTIC = re.compile(r"^(.+?:\d+:(?:\d+:)? (?:fatal )?error: .+)$", re.MULTILINE)
_UNDEFINED = re.compile(r"undefined (?:symbol: |reference to [`'])([^'\n]+)")
_NO_ROOM = re.compile(r"No ?Space ?Left|No space left on device|DiskQuota", re.IGNORECASE)
_TOO_BIG = re.compile(
    r"out of memory|OutOfMemory|bad_alloc|cannot allocate|File ?Too ?Big|file too large|"
    r"[Rr]esource ?[Ee]xhausted|exit code 1(?:37|52|53)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r">>> referenced by ([^\n]+)|^([^\s:]+:\d+): undefined", re.MULTILINE)


def _raise_compiler_error(text: str, exit_code: int) -> None:
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
        first = errors[0] if len(errors[0]) <= MOST_WORDS else f"{errors[0][:MOST_WORDS]} ..."
        raise BoardError(f"the program does not compile: {first}{more}")
    if undefined := _UNDEFINED.findall(text):
        names = ", ".join(dict.fromkeys(undefined))
        where = next(("".join(found) for found in _REFERENCE.findall(text)), "")
        at = f", used by {where.strip()}" if where else ""
        raise BoardError(f"the program does not link: no definition of {names}{at}")
    if _NO_ROOM.search(text) or shutil.disk_usage(cache_dir()).free < FULL_BYTES:
        raise BoardError(
            f"no space left for the compiler: free some on the disk of {cache_dir()} and of the "
            "temporary folder"
        )
    if _TOO_BIG.search(text) or not text.strip():  # the system ended it
        memory = LIMITS.memory_bytes >> 30
        raise BoardError(
            f"the compiler needed more than it may have ({memory} GB of memory, files of "
            f"{LIMITS.file_bytes >> 20} MB; exit code {exit_code}): look for huge arrays and for "
            "templates, macros or functions that multiply"
        )
    raise BoardError(f"the compiler failed: {' '.join(text.split())[:500]}")
