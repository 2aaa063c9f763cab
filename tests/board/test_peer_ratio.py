"""The generated C on cores without DSP instructions stays ahead of TFLM with CMSIS-NN.

The peer's figures and their source are in `golden/peer_small_cores.json`. Here are the networks
that come with the course; `python -m tests.benchmark` has all.
"""

import pytest

from tests.benchmark import SMALL_PEER, load_network
from tests.tools import need_tool
from tinyml_course.board.measure import measure_model

MOST = {
    ("cortex-m0plus", "-O2"): {"keywords_people": 0.42, "digits_28x28": 0.45, "conv1d": 0.45},
    ("cortex-m0plus", "-Os"): {"keywords_people": 0.37, "digits_28x28": 0.40, "conv1d": 0.40},
    ("riscv32", "-O2"): {"keywords_people": 0.60, "digits_28x28": 0.60, "conv1d": 0.60},
}
GCC = {"cortex-m0plus": "arm-none-eabi-gcc", "riscv32": "riscv64-unknown-elf-gcc"}


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(("target", "optimize"), MOST)
def test_instructions_of_the_peers(target, optimize, compiler):
    if compiler == "gcc":
        need_tool(GCC[target])
    figure = "instructions_Os" if optimize == "-Os" else "instructions"
    for name, most in MOST[target, optimize].items():
        measured = measure_model(
            load_network(name), target=target, compiler=compiler, optimize=optimize
        )
        ratio = measured.instructions / SMALL_PEER[target][name][figure]
        assert ratio <= most, f"{name}: {ratio:.3f}"
