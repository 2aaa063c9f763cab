"""C that runs inside the emulator's loop, built for this computer when first needed.

The libraries stay in the cache folder and need no other, not even the C library.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
from collections.abc import Callable
from functools import cache
from pathlib import Path

import unicorn
from unicorn.unicorn_py3 import unicorn as binding

from tinyml_course.board.cache import cache_dir, is_private
from tinyml_course.board.compiler import run_compiler, zig_command
from tinyml_course.errors import BoardError, OutputError


@cache
def native_library(source: Path) -> ctypes.CDLL:
    """A compiled C file of this folder.

    Raises BoardError if this computer cannot build or load it, OutputError if the file is not this
    user's alone.
    """
    suffix = {"Windows": ".dll", "Darwin": ".dylib"}.get(platform.system(), ".so")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    folder = cache_dir() / "native"
    built = folder / f"{source.stem}_{platform.machine()}_{digest}{suffix}"
    if not built.is_file():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Another process may be building the same file: each writes its own, the last one wins.
        fresh = built.with_name(f"{built.stem}_{os.getpid()}{suffix}")
        flags = [
            "-O2",
            "-shared",
            "-fPIC",
            "-nostdlib",
            "-fno-sanitize=all",
            "-fno-stack-protector",
        ]
        run_compiler([*zig_command(), "cc", *flags, str(source), "-o", str(fresh)])
        os.replace(fresh, built)
    if not (is_private(folder) and is_private(built)):
        raise OutputError(
            f"{built} is loaded as a program, but another user owns it or may write to it: "
            f"remove the folder {folder}, it is made again"
        )
    try:
        return ctypes.CDLL(str(built))
    except OSError as error:
        raise BoardError(f"{built} does not load: {error}") from error


def add_native_hook(emulator: unicorn.Uc, kind: int, hook: ctypes.c_void_p, user_data: int) -> None:
    """Have the emulator call a C function, with `user_data` as its last argument."""
    handle = ctypes.c_size_t()
    status = binding.uclib.uc_hook_add(
        emulator._uch, ctypes.byref(handle), kind, hook, user_data, 1, 0
    )
    if status != unicorn.UC_ERR_OK:
        raise BoardError(f"the emulator refuses a hook (error {status})")


def map_registers(
    emulator: unicorn.Uc,
    start: int,
    size: int,
    read: Callable[[int, int], int],
    write: Callable[[int, int, int], None],
    fail: Callable[[BaseException], None],
) -> list[object]:
    """Have the emulator call Python for a range of addresses.

    The emulator's own `mmio_map` does the same with two more calls of Python for each access, and a
    sketch that waits for the clock makes ten thousand accesses a second.

    Args:
        read, write: (offset, bytes) -> value, and (offset, bytes, value).
        fail: takes what they raise, which cannot pass through C.

    Returns what has to live as long as the emulator.
    """

    def guarded_read(_engine: object, offset: int, width: int, _data: object) -> int:
        try:
            return read(offset, width)
        except BaseException as error:  # noqa: BLE001 - `fail` has it
            fail(error)
            return 0

    def guarded_write(_engine: object, offset: int, width: int, value: int, _data: object) -> None:
        try:
            write(offset, width, value)
        except BaseException as error:  # noqa: BLE001 - `fail` has it
            fail(error)

    callbacks = [binding.MMIO_READ_CFUNC(guarded_read), binding.MMIO_WRITE_CFUNC(guarded_write)]
    status = binding.uclib.uc_mmio_map(emulator._uch, start, size, callbacks[0], 0, callbacks[1], 0)
    if status != unicorn.UC_ERR_OK:
        raise BoardError(f"the emulator refuses registers at {start:#010x} (error {status})")
    return callbacks
