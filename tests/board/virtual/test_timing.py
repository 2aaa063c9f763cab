"""Cycles of single instructions, against Arm's tables: assembled, run, counted on the core.

Each case is a piece of assembly and its cycles. It runs inside a function whose own instructions
are counted apart, with an empty piece.
"""

from pathlib import Path

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.virtual.cpu import Cpu

# Arm Cortex-M4 Technical Reference Manual (100166). What the tables leave open is counted as the
# course decided; a change there must be seen here.
DIVISION = 12  # table 3-1: SDIV, UDIV 2 to 12; the longest
REFILL = 2  # table 3-1: P, 1 to 3, after a taken branch; the middle
FLOAT_DIVISION = 14  # table 7-1: VDIV.F32 14, VSQRT.F32 14

# A label before and after keeps neighbours apart: nothing here is a load or store by accident.
FRAME = """
__attribute__((naked)) int piece_{number}(unsigned *p) {{
  __asm__ volatile(
      ".syntax unified\\n push {{r4-r7, lr}}\\n movs r1, #1\\n movs r2, #3\\n movs r4, #0\\n"
      "{assembly}\\n"
      "nop\\n pop {{r4-r7, pc}}");
}}
"""

CORTEX_M4 = {
    "adds r3, r1, r2": 1,
    "mul r3, r1, r2": 1,
    "mla r3, r1, r2, r1": 1,
    "smlad r3, r1, r2, r1": 1,
    "smull r3, r4, r1, r2": 1,
    "smlal r3, r4, r1, r2": 1,
    "sdiv r3, r1, r2": DIVISION,
    "udiv r3, r1, r2": DIVISION,
    "ssat r3, #8, r1": 1,
    "sxtb16 r3, r1": 1,
    "pkhbt r3, r1, r2, lsl #16": 1,
    "clz r3, r1": 1,
    "movw r3, #1234": 1,
    "ubfx r3, r1, #1, #4": 1,
    # loads: 2, and 1 for each that another one follows
    "ldr r3, [r0]": 2,
    "ldr.w r3, [r0, #40]": 2,
    "ldr r3, [r0]\\n ldr r4, [r0, #4]": 3,
    "ldrb r3, [r0]\\n ldrsh.w r4, [r0, #4]\\n ldr r5, [r0, #8]": 4,
    "ldr r3, [r0], #4\\n ldr r4, [r0]": 3,
    "ldr r3, [r0]\\n nop\\n ldr r4, [r0, #4]": 5,
    # the second address needs the first one's value: no overlap
    "str r0, [r0]\\n ldr r3, [r0]\\n ldr r4, [r3]": 5,
    "ldr r3, [r0, r4]": 2,
    "str r1, [r0]": 1,
    "str r1, [r0, r4]": 2,
    "ldr r3, [r0]\\n str r1, [r0, #4]": 2,
    "ldrd r3, r4, [r0]": 3,
    "strd r1, r2, [r0]": 3,
    "ldm r0, {r3, r4, r5}": 4,
    "stm r0!, {r1, r2}": 3,
    "push {r1, r2, r3}\\n pop {r4, r5, r6}": 8,
    "push.w {r1, r9}\\n pop.w {r1, r9}": 6,
    # branches: 1, and the refill if taken
    "b 1f\\n 1:": 1 + REFILL,
    "cmp r1, r2\\n beq 1f\\n nop\\n 1:": 3,
    "cmp r1, r2\\n bne 1f\\n nop\\n 1:": 2 + REFILL,
    "cbz r1, 1f\\n nop\\n 1:": 2,
    "cbnz r1, 1f\\n nop\\n 1:": 1 + REFILL,
    "cmp r1, r2\\n bne.w 1f\\n nop\\n 1:": 2 + REFILL,
    # what an IT block holds counts as executed
    "cmp r1, r2\\n ite eq\\n moveq r3, #1\\n movne r3, #2": 4,
    "tbb [pc, r4]\\n .byte 1, 1\\n 1:": 2 + REFILL,
    # the floating-point unit
    "vadd.f32 s1, s2, s3": 1,
    "vmul.f32 s1, s2, s3": 1,
    "vmla.f32 s1, s2, s3": 3,
    "vfma.f32 s1, s2, s3": 3,
    "vdiv.f32 s1, s2, s3": FLOAT_DIVISION,
    "vsqrt.f32 s1, s2": FLOAT_DIVISION,
    "vcvt.s32.f32 s1, s2": 1,
    "vldr s1, [r0]": 2,
    "vstr s1, [r0]": 2,
    "vldr d1, [r0]": 3,
    "vldmia r0, {s1-s4}": 5,
    "vpush {s16-s17}\\n vpop {s16-s17}": 6,
    "vmov r3, s1": 1,
    "vmov r3, r4, d1": 2,
    "vcmp.f32 s1, s2\\n vmrs APSR_nzcv, FPSCR": 2,
}

CORTEX_M0PLUS = {
    "adds r3, r1, r2": 1,
    "muls r1, r2": 1,
    "ldr r3, [r0]": 2,
    "ldr r3, [r0]\\n ldr r4, [r0, #4]": 4,
    "str r1, [r0]": 2,
    "ldrb r3, [r0, r4]": 2,
    "ldm r0!, {r3, r4, r5}": 4,
    "push {r1, r2}\\n pop {r3, r4}": 6,
    "b 1f\\n 1:": 2,
    "cmp r1, r2\\n beq 1f\\n nop\\n 1:": 3,
    "cmp r1, r2\\n bne 1f\\n nop\\n 1:": 3,
    "bl 1f\\n 1:": 3,
    "sxtb r3, r1": 1,
    "mrs r3, PRIMASK": 3,
}


def count_cycles(pieces: list[str], target: str, folder: Path) -> list[int]:
    """The cycles of each piece within the frame; each is a function of one program."""
    functions = [FRAME.format(number=i, assembly=piece) for i, piece in enumerate(pieces)]
    source = folder / "pieces.c"
    source.write_text("".join(functions))
    names = [f"piece_{i}" for i in range(len(pieces))]
    cpu = Cpu(build_program([source], target=target, out_dir=folder, keep=names))
    cpu.start_call()
    cycles = []
    for name in names:
        cpu.clear_counts()
        cpu.call(name, bytes(64))
        cycles.append(cpu.cycles)
    return cycles


@pytest.mark.parametrize(
    ("target", "table"), [("cortex-m4", CORTEX_M4), ("cortex-m0plus", CORTEX_M0PLUS)]
)
def test_every_instruction_takes_the_table_s_cycles(target, table, tmp_path):
    frame, *counted = count_cycles(["", *table], target, tmp_path)
    cycles = [count - frame for count in counted]
    assert dict(zip(table, cycles, strict=True)) == table
