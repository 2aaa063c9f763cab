"""Programs that some tests want beside the locked environment.

At home a missing one skips the test and says so. On CI nothing may be left out: there it fails.
"""

import os
import platform
import shutil
import sys
from typing import NoReturn

import pytest

from tinyml_course.export.check.host_build import has_sanitizers
from tinyml_course.interpreters import tflm

# Where each comes from: Debian's packages, as `.ci/run` installs them.
PACKAGES = {
    "arm-none-eabi-gcc": ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi"),
    "arm-none-eabi-g++": ("gcc-arm-none-eabi", "libstdc++-arm-none-eabi-newlib"),
    "riscv64-unknown-elf-gcc": ("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf"),
    "gcc": ("gcc", "libc6-dev"),
    "g++": ("g++",),
    "cmake": ("cmake",),
    "bwrap": ("bubblewrap",),
    "chromium": ("chromium",),
}


def leave_out(reason: str) -> NoReturn:
    """Skip the running test; on CI's Linux, which installs everything, fail it."""
    if os.environ.get("CI") == "true" and sys.platform == "linux":
        pytest.fail(f"{reason}; CI leaves no test out", pytrace=False)
    pytest.skip(reason)


def need_tool(name: str) -> str:
    """The path of a program of PACKAGES."""
    packages = " ".join(PACKAGES[name])
    return shutil.which(name) or leave_out(f"{name} is not here: apt install {packages}")


def need_tflm() -> None:
    """TensorFlow Lite Micro has a wheel for Linux on x86-64 only."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("TensorFlow Lite Micro has a wheel for Linux on x86-64 only")
    if not tflm.is_available():
        leave_out("the tflite_micro wheel is not installed: run make setup")


def need_sanitizers() -> None:
    """The system's C compiler with AddressSanitizer; a wheel's clang brings none."""
    if not has_sanitizers():
        leave_out("the system's C compiler has no sanitizers: apt install gcc libc6-dev")
