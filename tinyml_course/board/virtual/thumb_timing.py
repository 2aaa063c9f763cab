"""Cycles of Thumb instructions on a Cortex-M4 and a Cortex-M0+, from Arm's published tables.

Sources
- Cortex-M4: Arm Cortex-M4 Processor Technical Reference Manual (100166), table 3-1 "Processor
  instruction set summary" and 3.3.3 "Load/store timings"; table 7-1 "FPU instruction set".
- Cortex-M0+: Cortex-M0+ Technical Reference Manual (DDI 0484C), table 3-1, with the single-cycle
  multiplier that the SAMD21 and the RP2040 have.

What the tables leave open, and what is assumed here (each assumption is one constant or one line):
- Flash without wait states, as in the tables. Real boards have caches and wait states.
- `P`, the refill of the pipeline after a taken branch on the M4, "ranges from 1 to 3": 2.
- Division on the M4 takes "2 to 12" cycles, depending on the operands: 12, never flattering.
- A single load takes 2 cycles, or 1 if a load or store directly follows it whose address does not
  need the loaded value: the tables' pipelining of neighbours. A store to [register + number] takes
  1; to [register + register] 2. At the end of a basic block the next instruction counts as unknown.
- An instruction in an IT block counts as executed whether its condition holds or not: the processor
  fetches it and spends its cycle either way. IT itself counts 1 (Arm: sometimes folded to 0).
- A conditional branch costs 1, and `P` more when taken; whether it is taken is counted exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.virtual.block_cost import BlockCost

M4_REFILL = 2
M4_DIVISION = 12
M4_FLOAT_DIVISION = 14  # VDIV and VSQRT
M4_BARRIER = 3

NO_REGISTER = -1


@dataclass(frozen=True, slots=True)
class Instruction:
    """One decoded instruction, as far as timing needs it.

    cycles: without a branch's refill. refill: added when control really goes elsewhere.
    conditional: whether that depends on flags or a register. loads, base, index: for the pipelining
    of neighbours: the register a single load fills, the registers of a single access's address.
    """

    size: int
    cycles: int
    refill: int = 0
    conditional: bool = False
    it_count: int = 0
    is_single_load: bool = False
    is_single_access: bool = False
    loads: int = NO_REGISTER
    base: int = NO_REGISTER
    index: int = NO_REGISTER


def measure_block(code: bytes, core: str) -> BlockCost:
    """The cost of one pass through a basic block of Thumb code.

    code: the block's bytes. core: `cortex-m4` or `cortex-m0plus`.
    """
    decoded: list[Instruction] = []
    at = 0
    while at + 2 <= len(code):
        first = code[at] | code[at + 1] << 8
        second = 0
        if first >= 0xE800 and at + 4 <= len(code):
            second = code[at + 2] | code[at + 3] << 8
        instruction = decode_m4(first, second) if core == "cortex-m4" else decode_m0(first)
        decoded.append(instruction)
        at += instruction.size

    cycles = 0
    for instruction, following in zip(decoded, [*decoded[1:], None], strict=True):
        cycles += instruction.cycles
        if (
            core == "cortex-m4"
            and instruction.is_single_load
            and _pipelines(instruction, following)
        ):
            cycles -= 1

    # Control leaves a block only at its end, so only the last instruction can refill the pipeline.
    last = decoded[-1] if decoded else Instruction(0, 0)
    in_it_block = any(
        0 < len(decoded) - 1 - number <= instruction.it_count
        for number, instruction in enumerate(decoded)
    )
    return BlockCost(
        instructions=len(decoded),
        cycles=cycles + (0 if last.conditional or in_it_block else last.refill),
        taken_cycles=last.refill if last.conditional or in_it_block else 0,
        addresses=tuple(_starts(decoded)),
    )


def _starts(decoded: list[Instruction]) -> list[int]:
    starts, at = [], 0
    for instruction in decoded:
        starts.append(at)
        at += instruction.size
    return starts


def _pipelines(load: Instruction, following: Instruction | None) -> bool:
    """Whether the next instruction's address phase overlaps this load's data phase."""
    if following is None or not following.is_single_access:
        return False
    return load.loads not in (following.base, following.index)


def decode_m4(first: int, second: int) -> Instruction:
    """One Thumb or Thumb-2 instruction (its halfwords) with the Cortex-M4's cycles."""
    if first < 0xE800:
        return _decode_16(first, M4_REFILL, single_store=1)
    group = first >> 11 & 3
    if group == 1:
        return _decode_32_group_1(first, second)
    if group == 2:
        return _decode_32_control(second, first) if second & 0x8000 else Instruction(4, 1)
    return _decode_32_group_3(first, second)


def decode_m0(first: int) -> Instruction:
    """One instruction with the Cortex-M0+'s cycles; it has few of 32 bits: BL, system ones."""
    if first >= 0xE800:
        return Instruction(4, 3)  # BL; MRS, MSR, DMB, DSB, ISB: 3 as well
    plain = _decode_16(first, 1, single_store=2)
    if first & 0xFE00 == 0xBC00 and first & 0x100:  # POP with PC: 3 + N, where POP takes 1 + N
        return Instruction(2, plain.cycles, refill=2)
    return plain


def _decode_16(op: int, refill: int, *, single_store: int) -> Instruction:
    """The 16-bit instructions. The M0+ has the same as the M4, with other refills and stores."""
    top4 = op >> 12
    if top4 < 4:
        return Instruction(2, 1)
    if op & 0xFC00 == 0x4000:  # data processing, with MUL
        return Instruction(2, 1)
    if op & 0xFC00 == 0x4400:  # ADD, CMP, MOV with high registers; BX, BLX
        writes_pc = (op & 0x87) == 0x87 and op & 0x300 != 0x100
        if op & 0x300 == 0x300 or writes_pc:
            return Instruction(2, 1, refill=refill)
        return Instruction(2, 1)
    if op & 0xF800 == 0x4800:  # LDR from the literal pool
        return _load(2, loads=op >> 8 & 7)
    if top4 == 5:  # [register + register]
        base, index, data = op >> 3 & 7, op >> 6 & 7, op & 7
        if op >> 9 & 7 < 3:
            return Instruction(2, 2, is_single_access=True, base=base, index=index)
        return _load(2, loads=data, base=base, index=index)
    if top4 in (6, 7, 8):  # [register + number]
        if op & 0x800:
            return _load(2, loads=op & 7, base=op >> 3 & 7)
        return Instruction(2, single_store, is_single_access=True, base=op >> 3 & 7)
    if top4 == 9:  # [SP + number]
        if op & 0x800:
            return _load(2, loads=op >> 8 & 7, base=13)
        return Instruction(2, single_store, is_single_access=True, base=13)
    if top4 == 11:
        return _decode_16_miscellaneous(op, refill)
    if top4 == 12:  # STM, LDM
        return Instruction(2, 1 + (op & 0xFF).bit_count())
    if top4 == 13 and op >> 8 & 15 < 14:  # B<condition>
        return Instruction(2, 1, refill=refill, conditional=True)
    if op & 0xF800 == 0xE000:  # B
        return Instruction(2, 1, refill=refill)
    return Instruction(2, 1)  # ADR, ADD SP, UDF, SVC


def _decode_16_miscellaneous(op: int, refill: int) -> Instruction:
    if op & 0xF500 == 0xB100:  # CBZ, CBNZ
        return Instruction(2, 1, refill=refill, conditional=True)
    if op & 0xFE00 == 0xB400:  # PUSH
        return Instruction(2, 1 + (op & 0x1FF).bit_count())
    if op & 0xFE00 == 0xBC00:  # POP
        return Instruction(2, 1 + (op & 0x1FF).bit_count(), refill=refill if op & 0x100 else 0)
    if op & 0xFF00 == 0xBF00 and op & 15:  # IT: the lowest set bit says how many follow
        return Instruction(2, 1, it_count=4 - ((op & -op & 15).bit_length() - 1))
    return Instruction(2, 1)


def _load(
    size: int, *, loads: int, base: int = NO_REGISTER, index: int = NO_REGISTER, refill: int = 0
):
    return Instruction(
        size,
        2,
        refill,
        is_single_load=True,
        is_single_access=True,
        loads=loads,
        base=base,
        index=index,
    )


def _decode_32_group_1(first: int, second: int) -> Instruction:
    """Load/store multiple and double, table branches, shifted registers, the FPU."""
    if first & 0x0400:
        return _decode_float(first, second)
    if first & 0x0200:  # data processing with a shifted register
        return Instruction(4, 1)
    is_load = bool(first & 0x10)
    if not first & 0x40:  # LDM, STM, PUSH.W, POP.W
        refill = M4_REFILL if is_load and second & 0x8000 else 0
        return Instruction(4, 1 + second.bit_count(), refill)
    exclusive_or_table = not first & 0x120
    if exclusive_or_table and first & 0x80 and is_load and second & 0xE0 == 0:  # TBB, TBH
        return Instruction(4, 2, M4_REFILL)
    if exclusive_or_table:  # LDREX, STREX
        return Instruction(4, 2)
    return Instruction(4, 3)  # LDRD, STRD: 1 + N


def _decode_32_control(second: int, first: int) -> Instruction:
    """Branches and system instructions."""
    if second & 0x5000:  # BL; B.W
        return Instruction(4, 1, M4_REFILL)
    if first & 0x0380 != 0x0380:  # B<condition>.W
        return Instruction(4, 1, M4_REFILL, conditional=True)
    if first & 0xFFF0 == 0xF3B0:  # DSB, DMB, ISB
        return Instruction(4, 1 + M4_BARRIER)
    if first & 0xFFE0 in (0xF380, 0xF3E0):  # MSR, MRS
        return Instruction(4, 2)
    return Instruction(4, 1)


def _decode_32_group_3(first: int, second: int) -> Instruction:
    """Single loads and stores, register operations, multiplication, division, the FPU."""
    if first & 0x0400:
        return _decode_float(first, second)
    if not first & 0x0200:
        return _decode_32_single(first, second)
    operation = first >> 4 & 0x7F
    if operation & 0x78 == 0x38 and operation in (0x39, 0x3B):  # SDIV, UDIV
        return Instruction(4, M4_DIVISION)
    return Instruction(4, 1)  # every multiplication, long or not, with or without accumulation


def _decode_32_single(first: int, second: int) -> Instruction:
    base, data = first & 15, second >> 12
    by_register = not first & 0x80 and second & 0xFC0 == 0 and base != 15
    index = second & 15 if by_register else NO_REGISTER
    if not first & 0x10:
        return Instruction(
            4, 2 if by_register else 1, is_single_access=True, base=base, index=index
        )
    if data == 15:
        if first >> 5 & 3 == 2:  # LDR PC
            return Instruction(4, 2, M4_REFILL)
        return Instruction(4, 1)  # PLD, PLI: hints
    return _load(4, loads=data, base=base, index=index)


def _decode_float(first: int, second: int) -> Instruction:
    """FPv4-SP. Double precision exists only as loads, stores and moves."""
    if first & 0x0E00 == 0x0C00:  # loads, stores and moves of two core registers
        if first & 0x0FE0 == 0x0C40:
            return Instruction(4, 2)
        words = second & 0xFF
        single_register = first & 0x0120 == 0x0100  # VLDR, VSTR: P set, W clear
        if single_register:
            return Instruction(4, 3 if second & 0x100 else 2)
        return Instruction(4, 1 + words)
    if first & 0x0F00 != 0x0E00 or second & 0x10:  # moves between core and FPU
        return Instruction(4, 1)
    operation = (first >> 5 & 4) | (first >> 4 & 3)
    if operation in (0, 1, 5, 6):  # VMLA, VNMLA, VFNMA, VFMA
        return Instruction(4, 3)
    is_square_root = operation == 7 and first & 15 == 1 and second & 0xC0 == 0xC0
    if operation == 4 or is_square_root:
        return Instruction(4, M4_FLOAT_DIVISION)
    return Instruction(4, 1)
