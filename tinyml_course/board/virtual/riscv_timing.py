"""Cycles of RV32IMC instructions on a small in-order core such as the ESP32-C3's.

Espressif publishes no table of instruction timings for the ESP32-C3. Its core is a single-issue,
four-stage, in-order pipeline, and the estimate below is that of such a pipeline: one cycle an
instruction, one more for a load, two more for a taken branch or jump, `RV32_DIVISION` for a
division. Nobody measured it against silicon: compare, do not quote.
"""

from __future__ import annotations

from tinyml_course.board.virtual.block_cost import BlockCost

RV32_LOAD = 2
RV32_REFILL = 2
RV32_DIVISION = 33  # one bit a cycle

LOAD, BRANCH, JALR, JAL, OP = 0x03, 0x63, 0x67, 0x6F, 0x33


def measure_block(code: bytes, core: str = "riscv32") -> BlockCost:
    """The cost of one pass through a basic block of RV32IMC code (`core` is riscv32 only)."""
    at = cycles = taken = 0
    starts = []
    while at + 2 <= len(code):
        starts.append(at)
        word = int.from_bytes(code[at : at + 4], "little")
        if word & 3 == 3:
            base, taken, fixed = _cost_32(word)
            at += 4
        else:
            base, taken, fixed = _cost_16(word & 0xFFFF)
            at += 2
        cycles += base + fixed
    return BlockCost(len(starts), cycles, taken, tuple(starts))


def _cost_32(word: int) -> tuple[int, int, int]:
    """(cycles, more if taken, refill that is always paid)."""
    opcode = word & 0x7F
    if opcode == LOAD:
        return RV32_LOAD, 0, 0
    if opcode == BRANCH:
        return 1, RV32_REFILL, 0
    if opcode in (JAL, JALR):
        return 1, 0, RV32_REFILL
    if opcode == OP and word >> 25 == 1 and word >> 12 & 4:  # DIV, DIVU, REM, REMU
        return RV32_DIVISION, 0, 0
    return 1, 0, 0


def _cost_16(half: int) -> tuple[int, int, int]:
    quadrant, function = half & 3, half >> 13
    if function == 2 and quadrant in (0, 2):  # C.LW, C.LWSP
        return RV32_LOAD, 0, 0
    if quadrant == 1 and function in (6, 7):  # C.BEQZ, C.BNEZ
        return 1, RV32_REFILL, 0
    if quadrant == 1 and function in (1, 5):  # C.JAL, C.J
        return 1, 0, RV32_REFILL
    if quadrant == 2 and function == 4 and half & 0x7C == 0 and half & 0xF80:  # C.JR, C.JALR
        return 1, 0, RV32_REFILL
    return 1, 0, 0
