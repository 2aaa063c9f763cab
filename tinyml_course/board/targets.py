"""The processors that the course builds for and emulates: the one list of them.

A further processor is one entry here, its start-up code in `build/startup/`, and its timings in
`virtual/`. Light to import, so that the command line can offer the names. Lesson 10 compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.errors import BoardError


@dataclass(frozen=True)
class Target:
    """A processor, what each compiler calls it, and the memory that stands for it.

    Attributes:
        core: what the catalogue of boards calls it.
        family: of fast kernels, as `export.layers.fast.FAMILIES` calls it.
        gcc: the program that GCC is for this processor, and what Debian calls its packages.
        startup: a file in `build/startup/`.
        memory: flash and RAM of the board that stands for it; the catalogue has all boards.
        roomy_memory: to count on, not to fit into: enough for every network of the course.
    """

    name: str
    core: str
    family: str
    zig_flags: tuple[str, ...]
    gcc: str
    gcc_packages: str
    gcc_flags: tuple[str, ...]
    startup: str
    musl_headers: str
    memory: MemoryMap
    roomy_memory: MemoryMap


ARM_GCC = ("arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi")

_ALL = (
    Target(
        "cortex-m4",
        "cortex-m4f",
        "dsp",
        ("-target", "thumb-freestanding-eabihf", "-mcpu=cortex_m4+vfp4d16sp"),
        *ARM_GCC,
        ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"),
        "cortex_m.c",
        "arm-linux-musl",
        MemoryMap(0x10000, 983_040, 0x2000_0000, 256 * 1024, 32 * 1024),  # Nano 33 BLE
        MemoryMap(0, 16 << 20, 0x2000_0000, 2 << 20, 32 * 1024),
    ),
    Target(
        "cortex-m0plus",
        "cortex-m0plus",
        "thumb1",
        ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m0plus"),
        *ARM_GCC,
        ("-mcpu=cortex-m0plus", "-mthumb", "-mfloat-abi=soft"),
        "cortex_m.c",
        "arm-linux-musl",
        MemoryMap(0x1000_0000, 2 * 1024 * 1024, 0x2000_0000, 264 * 1024),  # Pico
        MemoryMap(0x1000_0000, 16 << 20, 0x2000_0000, 2 << 20, 32 * 1024),
    ),
    Target(
        "riscv32",
        "rv32imc",
        "rv32",
        ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+c"),
        "riscv64-unknown-elf-gcc",
        "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
        ("--specs=picolibc.specs", "-march=rv32imc", "-mabi=ilp32"),
        "riscv.c",
        "riscv32-linux-musl",
        MemoryMap(0x4200_0000, 4 * 1024 * 1024, 0x3FC8_0000, 400 * 1024),  # ESP32-C3
        MemoryMap(0x4200_0000, 16 << 20, 0x3FC8_0000, 2 << 20, 32 * 1024),
    ),
)
TARGETS = {target.name: target for target in _ALL}


def get_target(name: str) -> Target:
    """The processor of that name.

    Raises:
        BoardError: there is none.

    >>> get_target("cortex-m4").core
    'cortex-m4f'
    """
    if name not in TARGETS:
        raise BoardError(f"unknown target {name!r}: choose one of {', '.join(TARGETS)}")
    return TARGETS[name]
