"""What the virtual board must know of each processor: its emulator model, registers and timing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import unicorn
from unicorn import arm_const, riscv_const

from tinyml_course.board.virtual import riscv_timing, thumb_timing
from tinyml_course.board.virtual.block_cost import BlockCost


@dataclass(frozen=True)
class Processor:
    """What the emulator calls things.

    Attributes:
        name: the target, as in targets.py.
        arguments: registers of a call's first arguments, in order.
        exception_step: how far beyond the instruction the emulator's program counter stands when it
            reports an exception.
        status: the register that holds the IT state, if there is one.
    """

    name: str
    architecture: int
    mode: int
    model: int
    pc: int
    sp: int
    link: int
    arguments: tuple[int, ...]
    thumb_bit: int
    exception_step: int
    exceptions: dict[int, str]
    measure_block: Callable[[bytes, str], BlockCost]
    status: int | None = None
    faults_on_misaligned: bool = False


_ARM = arm_const
_ARM_EXCEPTIONS = {
    1: "an undefined instruction",
    2: "SVC (a call of an operating system, which this board has not)",
    7: "BKPT (a breakpoint, as `__builtin_trap` and failed checks leave)",
    17: "a floating-point instruction on a core without FPU",
    18: "a jump to an address without the Thumb bit",
}
_RISCV_EXCEPTIONS = {
    2: "an undefined instruction",
    3: "EBREAK (a breakpoint, as `__builtin_trap` and failed checks leave)",
    4: "a load from an address that is not aligned",
    6: "a store to an address that is not aligned",
    11: "ECALL (a call of an operating system, which this board has not)",
}


def _arm(name: str, model: int, faults_on_misaligned: bool) -> Processor:
    return Processor(
        name=name,
        architecture=unicorn.UC_ARCH_ARM,
        mode=unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS,
        model=model,
        pc=_ARM.UC_ARM_REG_PC,
        sp=_ARM.UC_ARM_REG_SP,
        link=_ARM.UC_ARM_REG_LR,
        arguments=tuple(getattr(_ARM, f"UC_ARM_REG_R{i}") for i in range(4)),
        thumb_bit=1,
        exception_step=0,
        exceptions=_ARM_EXCEPTIONS,
        measure_block=thumb_timing.measure_block,
        status=_ARM.UC_ARM_REG_XPSR,
        faults_on_misaligned=faults_on_misaligned,
    )


PROCESSORS = {
    "cortex-m4": _arm("cortex-m4", _ARM.UC_CPU_ARM_CORTEX_M4, False),
    # The emulator has no M0+; the M0 has the same instructions (ARMv6-M), and the timing is ours.
    "cortex-m0plus": _arm("cortex-m0plus", _ARM.UC_CPU_ARM_CORTEX_M0, True),
    "riscv32": Processor(
        name="riscv32",
        architecture=unicorn.UC_ARCH_RISCV,
        mode=unicorn.UC_MODE_RISCV32,
        model=riscv_const.UC_CPU_RISCV32_BASE32,
        pc=riscv_const.UC_RISCV_REG_PC,
        sp=riscv_const.UC_RISCV_REG_X2,
        link=riscv_const.UC_RISCV_REG_X1,
        arguments=tuple(getattr(riscv_const, f"UC_RISCV_REG_X{10 + i}") for i in range(8)),
        thumb_bit=0,
        exception_step=4,
        exceptions=_RISCV_EXCEPTIONS,
        measure_block=riscv_timing.measure_block,
    ),
}
