"""Who called a function that was inlined: the .debug_info section of DWARF 2 to 4.

`Serial.print(x)` becomes code of a header inside `loop`; its entry (DW_TAG_inlined_subroutine)
says which line of `loop` it stands for. Source: DWARF Debugging Information Format 4, sections
2.17, 3.3.8 and 7.5. Programs are built with `-gdwarf-4`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tinyml_course.board.linked.debug_lines import (
    MOST_BYTES,
    SourceLine,
    read_file_names,
    read_sleb,
    read_uleb,
)
from tinyml_course.board.linked.elf import ElfImage
from tinyml_course.board.linked.plain_names import plain_name

INLINED_SUBROUTINE = 0x1D
NAME, ABSTRACT_ORIGIN, SPECIFICATION, LINKAGE_NAME = 0x03, 0x31, 0x47, 0x6E
STMT_LIST, LOW_PC, HIGH_PC, RANGES, CALL_FILE, CALL_LINE = 0x10, 0x11, 0x12, 0x55, 0x58, 0x59
FORM_ADDR = 0x01
MOST_STEPS = 1_000_000  # entries and pieces of code; the course's sketches have 41,000
# How a form is written: so many bytes, or a number before them that says how many.
_SIZES = {0x01: 4, 0x05: 2, 0x06: 4, 0x07: 8, 0x0B: 1, 0x0C: 1, 0x0E: 4, 0x10: 4, 0x11: 1}
_SIZES |= {0x12: 2, 0x13: 4, 0x14: 8, 0x17: 4, 0x19: 0, 0x20: 8}
_LENGTHS = {0x03: "<H", 0x04: "<I", 0x0A: "<B"}  # block2, block4, block1
_SDATA, _UDATA, _REF_UDATA, _STRING, _BLOCK, _EXPRLOC = 0x0D, 0x0F, 0x15, 0x08, 0x09, 0x18

Abbreviations = dict[int, tuple[int, list[tuple[int, int]]]]  # tag, attributes with their forms
Entry = dict[int, tuple[int, int]]  # attribute -> form, value


@dataclass(frozen=True)
class InlinedCall:
    """A call whose code stands in the caller: which function, and the line that called it."""

    function: str
    line: SourceLine


class InlinedCalls:
    """The inlined calls of a program, by address.

    A source file's part is read when somebody asks about its code.
    """

    def __init__(self, image: ElfImage) -> None:
        self._info = image.section_data(".debug_info")
        self._abbreviations = image.section_data(".debug_abbrev")
        self._ranges = image.section_data(".debug_ranges")
        self._texts = image.section_data(".debug_str")
        self._lines = image.section_data(".debug_line")
        self._calls: dict[int, list[tuple[int, int, InlinedCall]]] = {}  # by the unit's offset
        self._steps = MOST_STEPS

    def find(self, address: int) -> list[InlinedCall]:
        """The calls that the code at an address was inlined for, the innermost first."""
        try:
            calls = self._calls_near(address)
        except (IndexError, KeyError, ValueError, struct.error, StopIteration):
            return []  # a sketch's assembler file can write anything here
        return [call for low, high, call in reversed(calls) if low <= address < high]

    def _calls_near(self, address: int) -> list[tuple[int, int, InlinedCall]]:
        offset = 0
        while offset + 11 <= len(self._info) <= MOST_BYTES:
            length, version = struct.unpack_from("<IH", self._info, offset)
            unit = self._info[offset : offset + 4 + length]
            if 2 <= version <= 4 and self._is_in(unit, address):
                if offset not in self._calls:
                    self._calls[offset] = list(self._read_calls(unit))
                return self._calls[offset]
            offset += 4 + length
        return []

    def _is_in(self, unit: bytes, address: int) -> bool:
        _, (_, root) = next(self._entries(unit))
        return any(low <= address < high for low, high in self._code_of(root, _base(root)))

    def _read_calls(self, unit: bytes) -> Iterator[tuple[int, int, InlinedCall]]:
        """First address, end, and line of each call: callers before those inlined into them."""
        entries = dict(self._entries(unit))
        root = next(iter(entries.values()))[1]
        files = read_file_names(self._lines, root[STMT_LIST][1])
        for tag, entry in entries.values():
            file, line = (entry.get(key, (0, 0))[1] for key in (CALL_FILE, CALL_LINE))
            if tag == INLINED_SUBROUTINE and file and line:
                call = InlinedCall(self._name(entry, entries), SourceLine(files[file - 1], line))
                for low, high in self._code_of(entry, _base(root)):
                    yield low, high, call

    def _name(self, entry: Entry, entries: dict[int, tuple[int, Entry]]) -> str:
        """What the function is called; its entry refers to a declaration, and that to another."""
        for _ in range(3):
            if LINKAGE_NAME in entry or (NAME in entry and SPECIFICATION not in entry):
                at = entry.get(LINKAGE_NAME, entry.get(NAME, (0, 0)))[1]
                text = self._texts[at : self._texts.index(b"\0", at)]
                return plain_name(text.decode("utf-8", "replace"))
            entry = entries[entry.get(ABSTRACT_ORIGIN, entry.get(SPECIFICATION, (0, 0)))[1]][1]
        raise ValueError("an inlined function without a name")

    def _code_of(self, entry: Entry, base: int) -> Iterator[tuple[int, int]]:
        """First address and end of each piece of an entry's code."""
        if RANGES not in entry:
            if LOW_PC in entry and HIGH_PC in entry:
                low, (form, high) = entry[LOW_PC][1], entry[HIGH_PC]
                yield low, high if form == FORM_ADDR else low + high
            return
        at = entry[RANGES][1]
        while True:
            self._step()
            low, high = struct.unpack_from("<II", self._ranges, at)
            at += 8
            if low == high == 0:
                return
            if low == 0xFFFF_FFFF:
                base = high
            else:
                yield base + low, base + high

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise ValueError(f"the program's .debug_info has more than {MOST_STEPS:,} entries")

    def _entries(self, unit: bytes) -> Iterator[tuple[int, tuple[int, Entry]]]:
        """Offset, and tag and numbers, of every entry."""
        start = struct.unpack_from("<I", unit, 6)[0]
        abbreviations = _read_abbreviations(self._abbreviations, start)
        at = 11
        while at < len(unit):
            self._step()
            offset = at
            code, at = read_uleb(unit, at)
            if code == 0:  # the end of a list of children
                continue
            tag, attributes = abbreviations[code]
            entry: Entry = {}
            for attribute, form in attributes:
                value, at = _read_value(unit, at, form)
                entry[attribute] = (form, value)
            yield offset, (tag, entry)


def _base(root: Entry) -> int:
    """What the unit's ranges count from."""
    return root.get(LOW_PC, (0, 0))[1]


def _read_value(unit: bytes, at: int, form: int) -> tuple[int, int]:
    """A value and where the next begins; texts and blocks are passed over."""
    if form in _SIZES:
        size = _SIZES[form]
        if at + size > len(unit):
            raise IndexError("an entry that does not end")
        return int.from_bytes(unit[at : at + size], "little"), at + size
    if form in (_UDATA, _REF_UDATA):
        return read_uleb(unit, at)
    if form == _SDATA:
        return read_sleb(unit, at)
    if form == _STRING:
        return 0, unit.index(b"\0", at) + 1
    if form in (_BLOCK, _EXPRLOC):
        size, at = read_uleb(unit, at)
        return 0, at + size
    (size,) = struct.unpack_from(_LENGTHS[form], unit, at)
    return 0, at + struct.calcsize(_LENGTHS[form]) + size


def _read_abbreviations(section: bytes, at: int) -> Abbreviations:
    found: Abbreviations = {}
    while True:
        code, at = read_uleb(section, at)
        if code == 0:
            return found
        tag, at = read_uleb(section, at)
        at += 1  # whether it has children: nothing here asks
        attributes = []
        while True:
            attribute, at = read_uleb(section, at)
            form, at = read_uleb(section, at)
            if not attribute and not form:
                break
            attributes.append((attribute, form))
        found[code] = (tag, attributes)
