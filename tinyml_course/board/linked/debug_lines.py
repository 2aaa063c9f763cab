"""Which source line an address comes from: the .debug_line section of DWARF 2 to 4.

The section holds programs for a small state machine; running one prints rows (address, file, line).
Source: DWARF Debugging Information Format 4, section 6.2. Programs are built with `-gdwarf-4`.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePath

MOST_BYTES = 16_000_000  # a hundred times what the largest sketch here has


@dataclass(frozen=True)
class SourceLine:
    """A place in a source file; its text is `file.c:12`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{PurePath(self.file).name}:{self.line}"


class LineTable:
    """All rows of a program, by address.

    The whole section is read at once, but only when somebody asks: a program that never faults and
    is never profiled never pays for it.
    """

    def __init__(self, section: bytes) -> None:
        rows: list[tuple[int, SourceLine | None]] = []
        offset = 0
        while offset + 6 <= len(section) <= MOST_BYTES:
            length, version = struct.unpack_from("<IH", section, offset)
            if 2 <= version <= 4:
                rows += _rows_of(section[offset : offset + 4 + length], version)
            offset += 4 + length
        # A sequence's end row (None) must not hide the row of a sequence that begins there.
        rows.sort(key=lambda row: (row[0], row[1] is not None))
        self._addresses = [address for address, _ in rows]
        self._lines = [line for _, line in rows]

    def find(self, address: int) -> SourceLine | None:
        """The line that the code at an address comes from; None if nobody noted it."""
        index = bisect_right(self._addresses, address) - 1
        return self._lines[index] if index >= 0 else None


def _rows_of(unit: bytes, version: int) -> list[tuple[int, SourceLine | None]]:
    try:
        return _run_program(unit, version)
    except (IndexError, ValueError, struct.error, ZeroDivisionError):
        # A sketch's assembler file can write anything here. Its lines stay unknown; whoever asks
        # gets the function's name and the address all the same.
        return []


def _run_program(unit: bytes, version: int) -> list[tuple[int, SourceLine | None]]:
    header_length = struct.unpack_from("<I", unit, 6)[0]
    program = 10 + header_length
    at = 10
    min_length = unit[at]
    at += 2 if version >= 4 else 1  # version 4 adds the maximum of operations an instruction
    line_base = struct.unpack_from("b", unit, at + 1)[0]
    line_range, opcode_base = unit[at + 2], unit[at + 3]
    at += 4
    operand_counts = unit[at : at + opcode_base - 1]
    at += opcode_base - 1
    files = _file_names(unit, at)

    rows: list[tuple[int, SourceLine | None]] = []
    sequence: list[tuple[int, SourceLine | None]] = []
    names = {index: name for index, name in enumerate(files, start=1)}
    address, file, line = 0, 1, 1
    at = program
    while at < len(unit):
        opcode = unit[at]
        at += 1
        if opcode >= opcode_base:
            step = opcode - opcode_base
            address += (step // line_range) * min_length
            line += line_base + step % line_range
            sequence.append((address, SourceLine(names.get(file, "?"), line)))
        elif opcode == 0:
            size, at = read_uleb(unit, at)
            code, argument = unit[at], unit[at + 1 : at + size]
            at += size
            if code == 1:  # end of sequence
                # Linkers leave the rows of functions that they removed at address 0 (or -1).
                if sequence and 0 < sequence[0][0] < 0xFFFF_FF00:
                    rows += [*sequence, (address, None)]
                sequence = []
                address, file, line = 0, 1, 1
            elif code == 2:  # set address
                address = int.from_bytes(argument, "little")
        elif opcode == 1:  # copy
            sequence.append((address, SourceLine(names.get(file, "?"), line)))
        elif opcode == 2:  # advance the address
            value, at = read_uleb(unit, at)
            address += value * min_length
        elif opcode == 3:  # advance the line
            value, at = read_sleb(unit, at)
            line += value
        elif opcode == 4:  # set the file
            file, at = read_uleb(unit, at)
        elif opcode == 8:  # advance the address as special opcode 255 does
            address += ((255 - opcode_base) // line_range) * min_length
        elif opcode == 9:  # advance the address by a fixed amount
            address += struct.unpack_from("<H", unit, at)[0]
            at += 2
        else:
            for _ in range(operand_counts[opcode - 1]):
                _, at = read_uleb(unit, at)
    return rows


def read_file_names(section: bytes, offset: int) -> list[str]:
    """The files of the unit whose line program begins at `offset`; number 1 is the first."""
    length, version = struct.unpack_from("<IH", section, offset)
    unit = section[offset : offset + 4 + length]
    at = 15 if version >= 4 else 14  # the base of the special opcodes
    return _file_names(unit, at + unit[at])


def _file_names(unit: bytes, at: int) -> list[str]:
    """Directories, then files: each file names its directory by number; 0 is where cc ran."""
    directories = [""]
    while unit[at]:
        end = unit.index(b"\0", at)
        directories.append(unit[at:end].decode("utf-8", "replace"))
        at = end + 1
    at += 1
    files = []
    while unit[at]:
        end = unit.index(b"\0", at)
        name = unit[at:end].decode("utf-8", "replace")
        directory, at = read_uleb(unit, end + 1)
        _, at = read_uleb(unit, at)
        _, at = read_uleb(unit, at)
        folder = directories[directory] if directory < len(directories) else ""
        files.append(f"{folder}/{name}" if folder else name)
    return files


def read_uleb(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number (section 7.6), and where the next thing begins."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number in .debug_line that does not end")


def read_sleb(data: bytes, at: int) -> tuple[int, int]:
    """A signed LEB128 number, and where the next thing begins."""
    value, end = read_uleb(data, at)
    bits = 7 * (end - at)
    return (value - (1 << bits) if value >> (bits - 1) & 1 else value), end
