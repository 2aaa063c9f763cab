"""The generated C must not become slower or larger unnoticed.

`golden/instructions.json` holds what the two reference models take. A rise by more than 2 % fails.
After an improvement (or a rise that is worth it, said so in the commit), write the file anew:

    python -m tests.board.test_cost_regression
"""

import json
import subprocess
from pathlib import Path

import pytest

from tests.tools import leave_out, need_tool
from tinyml_course.board.measure import measure_model

GOLDEN = Path(__file__).parents[1] / "golden"
COSTS = GOLDEN / "instructions.json"
FIGURES = ("instructions", "estimated_cycles", "flash_bytes", "ram_bytes", "stack_bytes")
GCC_VERSION = "12.2"
ALLOWED_RISE = 0.02
STACK_SLACK_BYTES = 16  # a stack of 100 bytes grows in steps of 8

CASES = [
    f"{model} {target} {compiler} {optimize}"
    for model in ("conv1d", "dense3")
    for target, compiler, optimize in (
        ("cortex-m4", "clang", "-O2"),
        ("cortex-m4", "clang", "-Os"),
        ("cortex-m4", "gcc", "-O2"),
        ("cortex-m4", "gcc", "-Os"),
        ("cortex-m0plus", "clang", "-O2"),
        ("riscv32", "clang", "-O2"),
    )
]


def gcc_version() -> str:
    """The two numbers that decide about code: another GCC takes other instructions."""
    command = [need_tool("arm-none-eabi-gcc"), "-dumpfullversion"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return ".".join(said.split(".")[:2])


def measure_case(case: str) -> dict[str, int]:
    model, target, compiler, optimize = case.split()
    model_bytes = (GOLDEN / "models" / f"{model}.tflite").read_bytes()
    measured = measure_model(model_bytes, target=target, compiler=compiler, optimize=optimize)
    return {figure: getattr(measured, figure) for figure in FIGURES}


@pytest.mark.parametrize("case", CASES)
def test_costs_do_not_rise(case):
    if " gcc " in case and gcc_version() != GCC_VERSION:
        leave_out(
            f"this arm-none-eabi-gcc is not {GCC_VERSION}; the wheel's clang is always tested"
        )
    allowed = json.loads(COSTS.read_text())[case]
    for figure, now in measure_case(case).items():
        limit = allowed[figure] * (1 + ALLOWED_RISE)
        if figure == "stack_bytes":
            limit += STACK_SLACK_BYTES
        assert now <= limit, f"{figure} rose from {allowed[figure]:,} to {now:,}"


if __name__ == "__main__":
    COSTS.write_text(json.dumps({case: measure_case(case) for case in CASES}, indent=1) + "\n")
