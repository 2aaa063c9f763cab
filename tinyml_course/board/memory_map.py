"""Where a board has flash and RAM, how much, and the linker script that keeps a program inside.

The stack lies at the *bottom* of RAM and grows down, towards addresses the board does not have. A
stack that overflows therefore leaves the map at once and faults, instead of quietly overwriting
variables; on a real board the same layout turns a mystery into a HardFault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tinyml_course.errors import BoardError

PAGE_BYTES = 0x400  # the emulator maps memory in multiples of this


@dataclass(frozen=True)
class MemoryMap:
    """Flash and RAM that a program may use.

    flash_start, ram_start: addresses. flash_bytes, ram_bytes: the true sizes (of the chip, less
    what a bootloader keeps). stack_bytes: what of the RAM is stack.
    """

    flash_start: int
    flash_bytes: int
    ram_start: int
    ram_bytes: int
    stack_bytes: int = 8 * 1024

    def __post_init__(self) -> None:
        for name in ("flash_start", "flash_bytes", "ram_start", "ram_bytes"):
            value = getattr(self, name)
            if value % PAGE_BYTES:
                raise BoardError(
                    f"memory map: {name} is {value:#x}, not a multiple of {PAGE_BYTES:#x}; "
                    "round it to what the board can address"
                )
        if self.stack_bytes % 8 or not 0 < self.stack_bytes < self.ram_bytes:
            raise BoardError(
                f"memory map: a stack of {self.stack_bytes} bytes in {self.ram_bytes} of RAM; "
                "choose a multiple of 8 that leaves room for variables"
            )

    @property
    def flash_end(self) -> int:
        """The first address behind flash."""
        return self.flash_start + self.flash_bytes

    @property
    def ram_end(self) -> int:
        """The first address behind RAM."""
        return self.ram_start + self.ram_bytes

    @property
    def stack_top(self) -> int:
        """Where the stack begins; it grows down to the start of RAM."""
        return self.ram_start + self.stack_bytes

    def with_stack(self, stack_bytes: int) -> MemoryMap:
        """The same board with another stack."""
        return replace(self, stack_bytes=stack_bytes)


def write_linker_script(memory: MemoryMap, keep: Sequence[str] = ()) -> str:
    """The linker script for a memory map: vectors, code and constants in flash; stack, data in RAM.

    Understood by GNU ld and by LLVM's lld. It defines the symbols that the start-up code and
    the counter use: `__stack_top`, `__data_start`/`__data_end`/`__data_load`,
    `__bss_start`/`__bss_end`, `__heap_start`/`__heap_end` and the constructor table
    `__init_array_start`/`__init_array_end`.
    keep: symbols that stay although no code refers to them.
    """
    return f"""ENTRY(Reset_Handler)
EXTERN({" ".join(["__return_here", *keep])})
MEMORY
{{
  FLASH (rx)  : ORIGIN = {memory.flash_start:#x}, LENGTH = {memory.flash_bytes}
  RAM   (rwx) : ORIGIN = {memory.ram_start:#x}, LENGTH = {memory.ram_bytes}
}}
SECTIONS
{{
  .vectors : {{ KEEP(*(.vectors)) }} > FLASH
  .text : {{ *(.text .text.*) *(.init .fini) }} > FLASH
  .rodata : {{
    *(.rodata .rodata.*)
    . = ALIGN(4);
    __init_array_start = .;
    KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))
    KEEP(*(.init_array))
    __init_array_end = .;
  }} > FLASH
  .stack (NOLOAD) : {{ . = . + {memory.stack_bytes}; __stack_top = .; }} > RAM
  .data : ALIGN(8) {{
    __data_start = .;
    *(.data .data.* .sdata .sdata.*)
    . = ALIGN(4);
    __data_end = .;
  }} > RAM AT > FLASH
  __data_load = LOADADDR(.data);
  .bss (NOLOAD) : ALIGN(8) {{
    __bss_start = .;
    *(.bss .bss.* .sbss .sbss.* COMMON)
    . = ALIGN(8);
    __bss_end = .;
  }} > RAM
  __heap_start = __bss_end;
  __heap_end = {memory.ram_end:#x};
  /DISCARD/ : {{ *(.ARM.exidx* .ARM.extab* .eh_frame*) }}
}}
"""
