"""Makes the emulated Cortex-M0+ fault where the real one does: words at addresses not aligned.

The check itself is `alignment.c`, built for this computer once. Where it cannot be built, the
emulator's own hook on memory finds the same, twenty times slower.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import unicorn
from unicorn import arm_const
from unicorn.unicorn_py3 import unicorn as binding

from tinyml_course.board.linked.program import Program
from tinyml_course.board.virtual.native import add_native_hook, native_library

SOURCE = Path(__file__).with_name("alignment.c")
OnMisaligned = Callable[[int, int, bool], None]
_MisalignedFunction = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_uint32)


class _Alignment(ctypes.Structure):
    """See alignment.c."""

    _fields_ = (
        ("code", ctypes.c_char_p),
        ("start", ctypes.c_uint64),
        ("end", ctypes.c_uint64),
        ("read_register", ctypes.c_void_p),
        ("misaligned", _MisalignedFunction),
        ("first_register", ctypes.c_int32),
    )


class AlignmentCheck:
    """Looks at every access of a program from now on.

    on_misaligned: called with address, bytes and whether it is a write; it must stop the emulator.
    native: whether this computer can build the C.
    """

    def __init__(
        self, emulator: unicorn.Uc, program: Program, on_misaligned: OnMisaligned, native: bool
    ) -> None:
        self._on_misaligned = on_misaligned
        if not native:
            accesses = unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE
            emulator.hook_add(accesses, self._check)
            return
        board = program.memory
        flash = bytearray()
        for segment in program.image.segments:
            if board.flash_start <= segment.load_address < board.flash_end:
                at = segment.load_address - board.flash_start
                flash += bytes(max(0, at + len(segment.data) - len(flash)))
                flash[at : at + len(segment.data)] = segment.data
        self._flash = bytes(flash)  # stays as long as the pointer to it
        self._state = _Alignment(
            code=self._flash,
            start=board.flash_start,
            end=board.flash_start + len(flash),
            read_register=ctypes.cast(binding.uclib.uc_reg_read, ctypes.c_void_p).value,
            misaligned=_MisalignedFunction(
                lambda address, size, is_write: on_misaligned(address, size, bool(is_write))
            ),
            first_register=arm_const.UC_ARM_REG_R0,
        )
        hook = ctypes.cast(native_library(SOURCE).check_alignment, ctypes.c_void_p)
        add_native_hook(emulator, unicorn.UC_HOOK_CODE, hook, ctypes.addressof(self._state))

    def _check(self, _emulator, access, address, size, _value, _data) -> None:
        if address & (size - 1):
            self._on_misaligned(address, size, access == unicorn.UC_MEM_WRITE)
