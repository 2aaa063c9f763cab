"""The generated C against TFLM with CMSIS-NN on a Cortex-M4: the table of the README.

    python -m tests.benchmark                      # arm-none-eabi-gcc -O2, as the peer was built
    python -m tests.benchmark --compiler clang     # the compiler of the wheel: nothing to install
    python -m tests.benchmark --optimize=-Os --network conv1d --network dense3

The peer's figures are in `golden/peer_tflm_cmsis_nn.json`, with their source. `conv1d` and `dense3`
are the very models on which the peer was counted; the other four have the published shapes of
MLPerf Tiny and random weights (`networks.py`), which TensorFlow makes on the first run.
A ratio below 1 is in favour of the generated C. Cycles are estimates on both sides.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tinyml_course.board.build.toolchain import COMPILERS, find_gcc
from tinyml_course.board.measure import ModelMeasurement, measure_model
from tinyml_course.board.targets import TARGETS
from tinyml_course.errors import TinyMLCourseError

GOLDEN = Path(__file__).parent / "golden"
PEER = json.loads((GOLDEN / "peer_tflm_cmsis_nn.json").read_text(encoding="utf-8"))["networks"]
COLUMNS = (
    "network", "MACs", "instructions", "a MAC", "of peer", "est. cycles", "of peer",
    "flash", "of .tflite", "RAM+stack", "of peer",
)  # fmt: skip


def load_network(name: str) -> bytes:
    """The .tflite bytes of a reference network."""
    path = GOLDEN / "models" / f"{name}.tflite"
    if path.is_file():
        return path.read_bytes()
    from tests.networks import tflite_model

    return tflite_model(name)


def compare(name: str, model_bytes: bytes, measured: ModelMeasurement) -> dict[str, object]:
    """One row: what the generated C takes, and the ratios to the peer's figures at -O2."""
    peer = PEER[name]
    memory = measured.ram_bytes + measured.stack_bytes
    return {
        "network": name,
        "macs": measured.macs,
        "instructions": measured.instructions,
        "instructions_a_mac": round(measured.instructions / measured.macs, 2),
        "instructions_ratio": round(measured.instructions / peer["instructions"], 3),
        "estimated_cycles": measured.estimated_cycles,
        "cycles_ratio": round(measured.estimated_cycles / peer["estimated_cycles"], 3),
        "flash_bytes": measured.flash_bytes,
        "flash_to_tflite_ratio": round(measured.flash_bytes / len(model_bytes), 3),
        "ram_and_stack_bytes": memory,
        "ram_ratio": round(memory / (peer["ram_bytes"] + peer["stack_bytes"]), 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    default = "gcc" if find_gcc() else "clang"
    parser.add_argument("--compiler", choices=COMPILERS, default=default)
    parser.add_argument("--optimize", default="-O2", help="-O2, -Os, ... (write --optimize=-Os)")
    parser.add_argument("--target", choices=list(TARGETS), default="cortex-m4")
    parser.add_argument("--network", choices=list(PEER), action="append", help="one of the six")
    parser.add_argument("--profile", action="store_true", help="instructions by function as well")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    rows = []
    for name in options.network or PEER:
        model_bytes = load_network(name)
        try:
            measured = measure_model(
                model_bytes,
                target=options.target,
                compiler=options.compiler,
                optimize=options.optimize,
            )
        except TinyMLCourseError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        rows.append(compare(name, model_bytes, measured))
        if options.profile:
            for entry in measured.profile[:8]:
                print(f"{name:14}{entry.instructions:>12,}  {entry.name}", file=sys.stderr)
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    build = f"{options.target}, {options.compiler} {options.optimize}"
    print(f"{build}; peer: TFLM + CMSIS-NN at -O2\n")
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" + "|---:" * (len(COLUMNS) - 1) + "|")
    for row in rows:
        cells = [f"{v:,}" if isinstance(v, int) else str(v) for v in row.values()]
        print("| " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
