"""Where a Thumb function keeps its return address, read from the function's first instructions.

A function that calls others pushes the link register, and returns by popping that word into pc. So
after a call the link register holds whatever the callee left there, a callback's own return address
for instance: the word that was pushed is the one to believe. Compilers here make frames of fixed
size. Source: Armv7-M Architecture Reference Manual, A7.7.99 (PUSH), A7.7.175 (SUB, SP minus
immediate), A7.7.249 (VPUSH). Lesson 09_on_the_board.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MOST_HALFWORDS = 24  # of a prologue; what comes later is the function's work


@dataclass(frozen=True)
class Frame:
    """What a function has put on the stack by the time it stops.

    Attributes:
        saves_link: whether it has pushed the link register, so that this one says nothing more.
        size: bytes of the whole frame; None where its instructions do not say.
        link_offset: bytes from the stack pointer up to the link register that it pushed.
    """

    saves_link: bool
    size: int | None = None
    link_offset: int | None = None


def read_frame(code: bytes) -> Frame:
    """The frame of a function of which these instructions have run, its first to its last.

    >>> read_frame(bytes.fromhex("10b582b0"))  # push {r4, lr}; sub sp, #8
    Frame(saves_link=True, size=16, link_offset=12)
    >>> read_frame(bytes.fromhex("0078"))  # ldrb r0, [r0]
    Frame(saves_link=False, size=None, link_offset=None)
    """
    size, above_link, at = 0, None, 0
    halfwords = struct.unpack(f"<{len(code) // 2}H", code[: len(code) // 2 * 2])
    while at < min(len(halfwords), MOST_HALFWORDS):
        first = halfwords[at]
        is_wide = first >= 0xE800
        second = halfwords[at + 1] if is_wide and at + 1 < len(halfwords) else 0
        if _leaves(first, second, is_wide):
            break
        pushed, has_link = _pushed(first, second, is_wide)
        if has_link:
            above_link = size + 4
        size += pushed
        at += 2 if is_wide else 1
    if above_link is not None:
        return Frame(True, size, size - above_link)
    # a path that ends early may stand before the push: then nobody knows which one was taken
    return Frame(any(map(_is_push_of_link, halfwords, (*halfwords[1:], 0))))


def _is_push_of_link(first: int, second: int) -> bool:
    return (
        first & 0xFF00 == 0xB500
        or (first == 0xE92D and bool(second & 0x4000))
        or (first == 0xF84D and second == 0xED04)
    )


def _pushed(first: int, second: int, is_wide: bool) -> tuple[int, bool]:
    """Bytes that an instruction takes from the stack pointer, and whether the link goes there."""
    if not is_wide:
        if first & 0xFE00 == 0xB400:
            return 4 * (first & 0x1FF).bit_count(), bool(first & 0x100)
        return (4 * (first & 0x7F), False) if first & 0xFF80 == 0xB080 else (0, False)
    if first == 0xE92D:
        return 4 * second.bit_count(), bool(second & 0x4000)
    if first == 0xF84D and second & 0x0FFF == 0x0D04:
        return 4, second == 0xED04
    if first == 0xED2D and second & 0x0E00 == 0x0A00:
        return 4 * (second & 0xFF), False
    if first & 0xFBEF == 0xF1AD and second & 0x8F00 == 0x0D00:
        return _expanded(first >> 10 & 1, second), False
    if first & 0xFBFF == 0xF2AD and second & 0x8F00 == 0x0D00:
        return (first >> 10 & 1) << 11 | (second >> 12 & 7) << 8 | second & 0xFF, False
    return 0, False


def _expanded(top: int, second: int) -> int:
    """The modified immediate of Thumb-2, A5.3.2: a byte, or eight bits that were turned."""
    turn = top << 4 | (second >> 12 & 7) << 1 | second >> 7 & 1
    if turn < 8:
        return second & 0xFF
    bits = 0x80 | second & 0x7F
    return (bits >> turn | bits << (32 - turn)) & 0xFFFFFFFF


def _leaves(first: int, second: int, is_wide: bool) -> bool:
    """Whether an instruction may go on elsewhere: a branch, a call, a return."""
    if is_wide:
        return first & 0xF800 == 0xF000 and bool(second & 0x8000)
    return (
        first & 0xF000 == 0xD000
        or first & 0xF800 == 0xE000
        or first & 0xFF00 in (0x4700, 0xBD00)
        or first & 0xF500 == 0xB100
    )
