"""What every peripheral of a virtual board is: 32-bit registers that Python answers.

The addresses stand once more, for the compiler, in `arduino/core/board_io.h`.
"""

from __future__ import annotations

from typing import Protocol

PAGE_BYTES = 0x1000


class Memory(Protocol):
    """The part of the processor that a peripheral may touch: the sketch's memory."""

    def read_memory(self, address: int, size: int) -> bytes:
        """Raises BusFaultError outside the board's memory."""
        ...

    def write_memory(self, address: int, data: bytes) -> None: ...


class Peripheral:
    """One page of registers. A subclass answers those it has; any other one is a fault.

    Attributes:
        address: of the page.
    """

    address: int

    def read(self, offset: int) -> int | None:
        """The register's value, 0 to 2**32 - 1; None if there is no such register."""
        return None

    def write(self, offset: int, value: int) -> bool:
        """Take a value; False if there is no such register."""
        return False
