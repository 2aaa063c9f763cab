"""What every peripheral of a virtual board is: 32-bit registers that Python answers.

Addresses, names and offsets stand once more, for the compiler, in `arduino/core/board_io.h`; a test
holds the two against each other.
"""

from __future__ import annotations

from typing import Protocol

PAGE_BYTES = 0x1000


class Memory(Protocol):
    """The part of the processor that a peripheral may touch: the sketch's memory."""

    def read_memory(self, address: int, size: int) -> bytes:
        """Raises BusFaultError outside the board's memory."""
        ...

    def write_memory(self, address: int, data: bytes) -> None:
        """Raises BusFaultError outside the board's memory."""
        ...


class Peripheral:
    """One page of registers. A subclass answers those it has; any other one is a fault.

    Attributes:
        name: as board_io.h writes it: `UART` in `BOARD_UART` and `UART_CONNECTED`.
        address: of the page.
        registers: their names, without the peripheral's, and where in the page each is. A register
            that takes an index in C (`GPIO_MODE(pin)`) is the first of a row of words. Plain
            numbers, no Enum: a sketch that waits for the clock asks a hundred thousand times.
    """

    name: str
    address: int
    registers: type

    def read(self, offset: int) -> int | None:
        """The register's value, 0 to 2**32 - 1; None if there is no such register."""
        return None

    def write(self, offset: int, value: int) -> bool:
        """Take a value; False if there is no such register."""
        return False


def index_in_row(offset: int, first: int, count: int) -> int | None:
    """Which of the `count` words from `first` on an offset means; None if it is none of them.

    >>> index_in_row(0x18, first=0x10, count=3), index_in_row(0x1C, first=0x10, count=3)
    (2, None)
    """
    return (offset - first) >> 2 if first <= offset < first + 4 * count else None
