"""Landlock, by its system calls: a Linux thread that can open only the files it was given.

Linux 5.13 and later, also without root. Only opening is confined, not asking whether a file is
there (`stat`), so the preprocessor is confined by a view of its own as well (`build/file_view.py`).
Source: Documentation/userspace-api/landlock.rst of the Linux kernel. The numbers are those of every
architecture since 5.13.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_FILE_RIGHTS = _EXECUTE | 1 << 1 | _READ_FILE | _TRUNCATE | 1 << 15
_LOOK = _EXECUTE | _READ_FILE | _READ_DIR


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


@cache
def landlock_version() -> int:
    """The kernel's Landlock version, 0 where there is none or a container forbids it."""
    if not sys.platform.startswith("linux"):
        return 0
    found = _library().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)
    return max(0, int(found))


def confine_this_thread(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """From here on, this thread and what it starts can open only these files and folders.

    There is no way back: call it in a thread made for it. Network and signals to others are shut
    off too, as far as the kernel can (versions 4 and 6).

    Raises:
        OSError: a system call failed; nothing may be started then.
    """
    version = landlock_version()
    if not version:
        raise OSError(errno.ENOSYS, "the kernel has no Landlock")
    library = _library()
    # 13 rights in version 1; then REFER, TRUNCATE (3), and IOCTL_DEV (5).
    count = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    rights = (1 << count) - 1
    attributes = _Ruleset(rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = library.syscall(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        raise _last_error("landlock_create_ruleset")
    try:
        for path in readable:
            _allow(library, ruleset, path, _LOOK & rights)
        for path in writable:
            _allow(library, ruleset, path, rights & ~_EXECUTE)
        if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise _last_error("prctl")
        if library.syscall(_RESTRICT_SELF, ruleset, 0):
            raise _last_error("landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(library: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not Path(path).is_dir():
            rights &= _FILE_RIGHTS
        rule = _PathBeneath(rights, opened)
        if library.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0):
            raise _last_error(f"landlock_add_rule for {path}")
    finally:
        os.close(opened)


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _last_error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
