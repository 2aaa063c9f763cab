"""Who of the maker's own code called: what to say of a crash inside the core or the compiler.

`memset at memset.zig:12` says nothing to whoever wrote the sketch; the call in the sketch does.
A return address is in the link register or on the stack. Both hold stale words too, a callback's
for instance, so on ARM frames are walked as far as their functions' first instructions say how
large they are. Beyond, only what stands behind a call instruction, in a file of the sketch, counts.
Lesson 09_on_the_board.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import PurePath

from tinyml_course.board.linked.plain_names import plain_name
from tinyml_course.board.linked.program import Program
from tinyml_course.board.models import ARDUINO_FOLDER
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.thumb_frames import read_frame

EM_ARM = 40
SCAN_BYTES = 4096  # of the stack; what lies higher up seldom says more


def is_own_file(file: str) -> bool:
    """Whether a file of the line table is the maker's, and none of core, libraries or compiler.

    Paths there are relative to wherever the compiler ran, so the course's files are known by their
    last folders.

    >>> is_own_file("/home/ada/blink/blink.ino"), is_own_file("src/filter.h")
    (True, True)
    >>> is_own_file("virtual/arduino/core/Print.h"), is_own_file("compiler_rt/memset.zig")
    (False, False)
    """
    path = PurePath(file)
    if path.suffix == ".zig" or "ziglang/lib/" in path.as_posix():
        return False
    if path.parts[-2:] in {("startup", target.startup) for target in TARGETS.values()}:
        return False
    return not any(
        part == ARDUINO_FOLDER.name and ARDUINO_FOLDER.joinpath(*path.parts[at + 1 :]).is_file()
        for at, part in enumerate(path.parts)
    )


def called_in(
    program: Program,
    pc: int,
    link: int,
    sp: int,
    read_memory: Callable[[int, int], bytes],
) -> str:
    """`, called in loop at probe.ino:7`; nothing if pc is in the maker's code, or nobody is found.

    pc, link, sp: registers of the stopped processor. read_memory: (address, bytes) -> its memory.
    """
    if _is_own(program, pc):
        return ""
    if place := _own_place(program, pc):
        return f", called in {place}"
    memory = program.memory
    begin = max(sp & ~3, memory.ram_start)
    size = min(SCAN_BYTES, memory.stack_top - begin)
    stack = struct.unpack(f"<{size // 4}I", read_memory(begin, size // 4 * 4)) if size > 0 else ()
    outermost = program.address_of("__return_here")
    words = (link, *stack)
    if program.image.machine == EM_ARM:
        words = _without_stale_words(program, pc, link, stack)
    for word in dict.fromkeys(words):
        if word & ~1 == outermost:  # of an interrupt: whom it interrupted called nothing
            return ""
        call = (word & ~1) - 2
        if _is_return_address(program, word) and (place := _own_place(program, call)):
            return f", called in {place}"
    return ""


def _without_stale_words(
    program: Program, pc: int, link: int, stack: tuple[int, ...]
) -> tuple[int, ...]:
    """The return addresses from the innermost, then the words above the last frame that is known.

    link, stack: the link register, and the words from the stack pointer upwards.
    """
    returns: list[int] = []
    while (function := program.image.function_at(pc)) is not None:
        frame = read_frame(_flash(program, function.address, pc))
        if not frame.saves_link and not returns:  # it has called nobody
            return (link, *stack)
        if frame.size is None or frame.link_offset is None:
            break
        place = frame.link_offset // 4
        if place >= len(stack) or not _is_return_address(program, stack[place]):
            break
        returns.append(stack[place])
        pc = (stack[place] & ~1) - 2
        stack = stack[frame.size // 4 :]
    return (*returns, *stack)


def _is_own(program: Program, address: int) -> bool:
    line = program.lines.find(address) if program.image.function_at(address) else None
    return line is not None and is_own_file(line.file)


def _own_place(program: Program, address: int) -> str:
    """`loop at probe.ino:7` if the maker wrote what is at an address, else an empty text.

    Where a function of the core was inlined, the line that called it.
    """
    function, line = program.image.function_at(address), program.lines.find(address)
    if function is None or line is None:
        return ""
    is_own_function = _is_own(program, function.address)
    if not is_own_function and not is_own_file(line.file):
        return ""
    for call in program.inlined.find(address):
        if is_own_file(line.file):
            return f"{call.function} at {line}"
        line = call.line
    return f"{plain_name(function.name)} at {line}" if is_own_file(line.file) else ""


def _is_return_address(program: Program, word: int) -> bool:
    """Whether the instruction before is a call; on ARM, with the Thumb bit set.

    Source: Armv7-M Architecture Reference Manual, A7.7.18 (BL) and A7.7.19 (BLX); RISC-V
    Unprivileged ISA, 2.5 (JAL, JALR, to ra) and 16.4 (C.JAL, C.JALR).
    """
    is_arm = program.image.machine == EM_ARM
    if word & 1 != is_arm:
        return False
    code = _flash_before(program, word & ~1)
    if len(code) < 4:
        return False
    first, second = struct.unpack("<HH", code)
    if is_arm:
        is_bl = first & 0xF800 == 0xF000 and second & 0xD000 == 0xD000
        return is_bl or second & 0xFF87 == 0x4780
    whole = first | second << 16
    is_jal = whole & 0xFFF == 0x0EF or whole & 0x7FFF == 0x00E7
    return is_jal or second & 0xE003 == 0x2001 or (second & 0xF07F == 0x9002 and second != 0x9002)


def _flash_before(program: Program, address: int) -> bytes:
    """The four bytes before an address of flash; none elsewhere."""
    return _flash(program, address - 4, address)


def _flash(program: Program, start: int, end: int) -> bytes:
    """The bytes of flash from an address to another; none where there is no flash."""
    for segment in program.image.segments:
        offset = start - segment.load_address
        if offset >= 0 and end - segment.load_address <= len(segment.data):
            return segment.data[offset : offset + end - start]
    return b""
