"""Reads what a linker wrote: the bytes to put into flash, the sections' sizes, the symbols.

ELF as in the "Tool Interface Standard, Executable and Linking Format" 1.2, 32-bit little-endian:
about as much of it as a board's boot tool needs.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tinyml_course.errors import BoardError

PT_LOAD = 1
SHT_SYMTAB, SHT_NOBITS = 2, 8
SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE = 0x2, 0x4, 0x1
STT_OBJECT, STT_FUNC = 1, 2


@dataclass(frozen=True)
class Section:
    """One section's header: what it holds and where. `link` is the section of its names."""

    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True)
class Segment:
    """Bytes the boot tool writes: `load_address` is in flash, also for variables' start values."""

    load_address: int
    data: bytes


@dataclass(frozen=True)
class Symbol:
    """A name for an address: of a function, a variable, or a place that the linker set."""

    name: str
    address: int  # of a Thumb function: without the Thumb bit
    size: int
    kind: int


class ElfImage:
    """An executable, read once and never changed."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.data = self.path.read_bytes()
        if self.data[:6] != b"\x7fELF\x01\x01":
            raise BoardError(f"{self.path}: not a 32-bit little-endian ELF file")
        self.machine = struct.unpack_from("<H", self.data, 18)[0]
        self.entry = struct.unpack_from("<I", self.data, 24)[0]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every section, in the file's order."""
        offset = struct.unpack_from("<I", self.data, 32)[0]
        size, count, names_index = struct.unpack_from("<HHH", self.data, 46)
        raw = [struct.unpack_from("<10I", self.data, offset + i * size) for i in range(count)]
        names = raw[names_index][4]
        return tuple(
            Section(self._string(names + r[0]), r[1], r[2], r[3], r[4], r[5], r[6]) for r in raw
        )

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """What is written to the board, without what only gets zeros."""
        offset = struct.unpack_from("<I", self.data, 28)[0]
        size, count = struct.unpack_from("<HH", self.data, 42)
        found = []
        for index in range(count):
            kind, at, _, load, in_file, *_ = struct.unpack_from(
                "<8I", self.data, offset + index * size
            )
            if kind == PT_LOAD and in_file:
                found.append(Segment(load, self.data[at : at + in_file]))
        return tuple(found)

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        """Every named symbol; of two with one name, the one that has a size."""
        found: dict[str, Symbol] = {}
        for symbol in self._all_symbols():
            if symbol.name not in found or found[symbol.name].size == 0:
                found[symbol.name] = symbol
        return found

    @cached_property
    def functions(self) -> tuple[Symbol, ...]:
        """Functions by address, one an address; the plainest name where several share one."""
        by_address: dict[int, Symbol] = {}
        for symbol in self._all_symbols():
            if symbol.kind != STT_FUNC:
                continue
            known = by_address.get(symbol.address)
            if known is None or len(symbol.name) < len(known.name):
                by_address[symbol.address] = symbol
        return tuple(by_address[address] for address in sorted(by_address))

    @cached_property
    def _function_addresses(self) -> list[int]:
        return [symbol.address for symbol in self.functions]

    def function_at(self, address: int) -> Symbol | None:
        """The function whose code holds this address."""
        index = bisect_right(self._function_addresses, address) - 1
        if index < 0:
            return None
        symbol = self.functions[index]
        inside = symbol.size == 0 or address < symbol.address + symbol.size
        return symbol if inside else None

    def section_data(self, name: str) -> bytes:
        """A section's bytes; none if there is no such section or it has none in the file."""
        for section in self.sections:
            if section.name == name and section.kind != SHT_NOBITS:
                return self.data[section.offset : section.offset + section.size]
        return b""

    def _all_symbols(self) -> list[Symbol]:
        found = []
        for table in self.sections:
            if table.kind != SHT_SYMTAB:
                continue
            names = self.sections[table.link].offset
            for at in range(table.offset, table.offset + table.size, 16):
                name, value, size, info, _, index = struct.unpack_from("<IIIBBH", self.data, at)
                if not name or not index:
                    continue
                kind = info & 15
                address = value & ~1 if kind == STT_FUNC else value
                text = self._string(names + name)
                if not text.startswith("$"):  # $t, $d: marks between code and data
                    found.append(Symbol(text, address, size, kind))
        return found

    def _string(self, offset: int) -> str:
        end = self.data.index(b"\0", offset)
        return self.data[offset:end].decode("utf-8", "replace")
