"""The generated C against TFLM with CMSIS-NN on three cores: the tables of the README.

    python -m tests.benchmark                      # gcc -O2 where it is installed, as for the peer
    python -m tests.benchmark --compiler clang     # the compiler of the wheel: nothing to install
    python -m tests.benchmark --target cortex-m0plus --optimize=-Os --network conv1d
    python -m tests.benchmark --models DIR         # MLPerf Tiny's own files, where DIR has them

The peer's figures are in `golden/peer_tflm_cmsis_nn.json` (Cortex-M4) and
`golden/peer_small_cores.json` (Cortex-M0+, RV32IMC), with their sources. `conv1d`, `dense3` and the
course's bundles are the very models on which the peer was counted; the other four have the
published shapes of MLPerf Tiny and random weights (`networks.py`), which TensorFlow makes on the
first run. A ratio below 1 is in favour of the generated C. Cycles are estimates on both sides. A
dash: the peer was not measured so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tinyml_course.board.build.toolchain import COMPILERS, find_gcc
from tinyml_course.board.compiler import clang_title
from tinyml_course.board.measure import ModelMeasurement, measure_model
from tinyml_course.board.targets import TARGETS
from tinyml_course.errors import TinyMLCourseError

GOLDEN = Path(__file__).parent / "golden"
BUNDLES = Path(__file__).parents[1] / "data" / "bundles"


def _golden(name: str) -> dict:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


SMALL_PEER = _golden("peer_small_cores.json")["targets"]
PEER = {"cortex-m4": _golden("peer_tflm_cmsis_nn.json")["networks"], **SMALL_PEER}
COLUMNS = (
    "network", "MACs", "instructions", "a MAC", "of peer", "est. cycles", "of peer",
    "flash", "of .tflite", "RAM+stack", "of peer",
)  # fmt: skip


def load_network(name: str, models: Path | None = None) -> bytes:
    """The .tflite bytes of a network: MLPerf's file where `models` has it, else ours."""
    if models is not None:
        file = SMALL_PEER["cortex-m0plus"][name]["file"].lower()
        found = sorted(p for p in models.rglob("*.tflite") if file in p.stem.lower())
        if found:
            return found[0].read_bytes()
    for path in (GOLDEN / "models" / f"{name}.tflite", BUNDLES / name / "model_int8.tflite"):
        if path.is_file():
            return path.read_bytes()
    from tests.networks import tflite_model

    return tflite_model(name)


def compare(name: str, model_bytes: bytes, measured: ModelMeasurement) -> dict[str, object]:
    """One row: what the generated C takes, and the ratios to the peer's figures.

    Of instructions at -Os to the peer's at -Os, if there are such; all else to the peer at -O2.
    """
    peer = PEER[measured.target].get(name, {})
    memory = measured.ram_bytes + measured.stack_bytes
    instructions = peer.get("instructions_Os" if measured.optimize == "-Os" else "instructions")

    def ratio(ours: int, theirs: int | None) -> float | None:
        return round(ours / theirs, 3) if theirs else None

    peer_memory = peer["ram_bytes"] + peer["stack_bytes"] if "ram_bytes" in peer else None
    return {
        "network": name,
        "macs": measured.macs,
        "instructions": measured.instructions,
        "instructions_a_mac": round(measured.instructions / measured.macs, 2),
        "instructions_ratio": ratio(measured.instructions, instructions),
        "estimated_cycles": measured.estimated_cycles,
        "cycles_ratio": ratio(measured.estimated_cycles, peer.get("estimated_cycles")),
        "flash_bytes": measured.flash_bytes,
        "flash_to_tflite_ratio": round(measured.flash_bytes / len(model_bytes), 3),
        "ram_and_stack_bytes": memory,
        "ram_ratio": ratio(memory, peer_memory),
    }


def compiler_title(target: str, compiler: str) -> str:
    """A compiler by name and version."""
    gcc = find_gcc(target)
    if compiler == "clang" or gcc is None:
        return clang_title()
    said = subprocess.run([gcc, "-dumpfullversion"], capture_output=True, text=True, check=True)
    return f"{Path(gcc).name} {said.stdout.strip()}"


def measure_target(target: str, compiler: str, options: argparse.Namespace) -> list[dict]:
    """The rows of one core."""
    rows = []
    for name in options.network or PEER[target]:
        model_bytes = load_network(name, options.models)
        measured = measure_model(
            model_bytes, target=target, compiler=compiler, optimize=options.optimize
        )
        rows.append(compare(name, model_bytes, measured))
        if options.profile:
            for entry in measured.profile[:8]:
                print(f"{name:14}{entry.instructions:>12,}  {entry.name}", file=sys.stderr)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--compiler", choices=COMPILERS, help="default: gcc if it is installed")
    parser.add_argument("--optimize", default="-O2", help="-O2, -Os, ... (write --optimize=-Os)")
    parser.add_argument("--target", choices=list(TARGETS), action="append", help="one of the three")
    names = list(SMALL_PEER["cortex-m0plus"])
    parser.add_argument("--network", choices=names, action="append", help="one of them")
    parser.add_argument("--models", type=Path, help="a folder with MLPerf Tiny's .tflite files")
    parser.add_argument("--profile", action="store_true", help="instructions by function as well")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    results = {}
    for target in options.target or TARGETS:
        compiler = options.compiler or ("gcc" if find_gcc(target) else "clang")
        try:
            rows = measure_target(target, compiler, options)
        except TinyMLCourseError as error:
            print(f"{target}: {error}", file=sys.stderr)
            return 1
        results[target] = rows
        if options.json:
            continue
        built_by = f"{compiler_title(target, compiler)} {options.optimize}"
        print(f"{target}, {built_by}; peer: TFLM + CMSIS-NN\n")
        print("| " + " | ".join(COLUMNS) + " |")
        print("|---" + "|---:" * (len(COLUMNS) - 1) + "|")
        for row in rows:
            cells = [
                "-" if v is None else f"{v:,}" if isinstance(v, int) else str(v)
                for v in row.values()
            ]
            print("| " + " | ".join(cells) + " |")
        print()
    if options.json:
        print(json.dumps(results, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
