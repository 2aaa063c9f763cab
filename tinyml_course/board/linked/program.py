"""A linked program as one value: the builder makes it, the virtual board runs it.

It names its file; what stands in the file is read when somebody asks. Taught in lesson
09_on_the_board.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tinyml_course.board.linked.debug_lines import LineTable
from tinyml_course.board.linked.elf import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_WRITE,
    SHT_NOBITS,
    ElfImage,
)
from tinyml_course.board.linked.inlined_calls import InlinedCalls
from tinyml_course.board.linked.plain_names import plain_name
from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.board.targets import Target
from tinyml_course.errors import BoardError


@dataclass(frozen=True)
class ProgramSizes:
    """Bytes by kind. Flash holds text, rodata and data's start values; RAM holds data and bss."""

    text: int
    rodata: int
    data: int
    bss: int

    @property
    def flash_bytes(self) -> int:
        """Flash: code, constants, and the start values of variables."""
        return self.text + self.rodata + self.data

    @property
    def ram_bytes(self) -> int:
        """Static RAM: variables, without the stack."""
        return self.data + self.bss


@dataclass(frozen=True)
class Program:
    """A linked program: what a boot tool writes to the board, and what a debugger knows of it."""

    elf: Path
    target: Target
    memory: MemoryMap

    @cached_property
    def image(self) -> ElfImage:
        """The file, read when first asked for."""
        return ElfImage(self.elf)

    @cached_property
    def sizes(self) -> ProgramSizes:
        """Bytes by kind, from the section headers; the stack is not among them."""
        text = rodata = data = bss = 0
        for section in self.image.sections:
            if not section.flags & SHF_ALLOC or section.name == ".stack":
                continue
            if section.kind == SHT_NOBITS:
                bss += section.size
            elif section.flags & SHF_WRITE and section.address >= self.memory.ram_start:
                data += section.size
            elif section.flags & SHF_EXECINSTR:
                text += section.size
            else:
                rodata += section.size
        return ProgramSizes(text, rodata, data, bss)

    @cached_property
    def lines(self) -> LineTable:
        """Which source line each address comes from."""
        return LineTable(self.image.section_data(".debug_line"))

    @cached_property
    def inlined(self) -> InlinedCalls:
        """Which lines called what was inlined at an address."""
        return InlinedCalls(self.image)

    def address_of(self, symbol: str) -> int:
        """The address of a function or variable; BoardError if the program has no such."""
        found = self.image.symbols.get(symbol)
        if found is None:
            functions = ", ".join(sorted(s.name for s in self.image.functions)[:12])
            raise BoardError(
                f"{self.elf.name} has no symbol {symbol!r}; its functions begin: {functions}. "
                "A function nobody calls is left out by the linker: name it in keep=(...)"
            )
        return found.address

    def locate(self, address: int) -> str:
        """An address in words: `function at file.c:12`, as far as the program knows."""
        function = self.image.function_at(address)
        line = self.lines.find(address) if function else None
        name = plain_name(function.name) if function else "no function"
        return f"{name} at {line}" if line else name
