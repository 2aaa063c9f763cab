"""What a virtual board keeps without power: 64 KB of flash that a sketch may write to.

    board = VirtualBoard(built)
    board.run(10)
    again = VirtualBoard(built, stored=board.storage.content)    # switched off and on

FlashStorage.h and FlashAsEEPROM.h (the two of Seeed) put their values from its begin on, in the
order in which the sketch declares them; FlashIAP.h (the Nano) addresses its pages. Lesson 18.
"""

from __future__ import annotations

from tinyml_course.board.virtual.peripheral import Memory, Peripheral
from tinyml_course.errors import BoardError

STORAGE_BYTES = 0x1_0000
ERASED = 0xFF


class StorageRegister:
    """Offsets of the registers."""

    PLACE = 0x00
    ADDRESS = 0x04
    READ = 0x08
    WRITE = 0x0C
    SIZE = 0x10


class Storage(Peripheral):
    """Bytes that outlive the power. As flash, they are 255 until somebody writes them."""

    name = "STORAGE"
    address = 0x4F00C000
    registers = StorageRegister

    def __init__(self, memory: Memory, stored: bytes = b"") -> None:
        """stored: what an earlier board's `content` was.

        Raises:
            BoardError: more than a board has room for.
        """
        if len(stored) > STORAGE_BYTES:
            raise BoardError(
                f"{len(stored):,} bytes of storage; a virtual board keeps {STORAGE_BYTES:,}"
            )
        self._memory = memory
        self._bytes = bytearray(stored.ljust(STORAGE_BYTES, bytes([ERASED])))
        self._place = self._address = 0

    @property
    def content(self) -> bytes:
        """What is kept, up to the last byte that was written."""
        return bytes(self._bytes).rstrip(bytes([ERASED]))

    def read(self, offset: int) -> int | None:
        """How large it is."""
        return STORAGE_BYTES if offset == StorageRegister.SIZE else None

    def write(self, offset: int, value: int) -> bool:
        """A place, an address, then how many bytes go from one to the other."""
        if offset == StorageRegister.PLACE:
            self._place = value
        elif offset == StorageRegister.ADDRESS:
            self._address = value
        elif offset == StorageRegister.READ:
            self._memory.write_memory(self._address, bytes(self._bytes[self._part(value)]))
        elif offset == StorageRegister.WRITE:
            part = self._part(value)
            self._bytes[part] = self._memory.read_memory(self._address, value)
        else:
            return False
        return True

    def _part(self, size: int) -> slice:
        if self._place + size > STORAGE_BYTES:
            raise BoardError(
                f"the sketch keeps {size:,} bytes from place {self._place:,} on; a virtual board "
                f"has {STORAGE_BYTES:,}: keep less"
            )
        return slice(self._place, self._place + size)
