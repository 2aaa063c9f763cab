"""The generated C stays ahead of TFLM with CMSIS-NN, whichever compiler builds it.

The peer's figures and their sources are in `golden/peer_*.json`. Here are the networks that come
with the course; `python -m tests.benchmark` has all.
"""

from functools import cache

import pytest

from tests.benchmark import PEER, load_network
from tests.tools import need_tool
from tinyml_course.board.measure import measure_model
from tinyml_course.board.targets import TARGETS

MOST = {
    ("cortex-m4", "-O2"): {"conv1d": 0.43, "dense3": 0.40},
    ("cortex-m4", "-Os"): {"conv1d": 0.40},
    ("cortex-m0plus", "-O2"): {"keywords_people": 0.42, "digits_28x28": 0.45, "conv1d": 0.45},
    ("cortex-m0plus", "-Os"): {"keywords_people": 0.37, "digits_28x28": 0.40, "conv1d": 0.40},
    ("riscv32", "-O2"): {"keywords_people": 0.60, "digits_28x28": 0.60, "conv1d": 0.60},
}
MOST_OF_GCC = 1.15  # instructions of the wheel's clang, which builds what a learner sees


@cache  # both tests ask for the same networks with -O2
def count_instructions(name, target, compiler, optimize):
    model = load_network(name)
    measured = measure_model(model, target=target, compiler=compiler, optimize=optimize)
    return measured.instructions


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(("target", "optimize"), MOST)
def test_instructions_of_the_peers(target, optimize, compiler):
    if compiler == "gcc":
        need_tool(TARGETS[target].gcc)
    figure = "instructions_Os" if optimize == "-Os" else "instructions"
    for name, most in MOST[target, optimize].items():
        instructions = count_instructions(name, target, compiler, optimize)
        ratio = instructions / PEER[target][name][figure]
        assert ratio <= most, f"{name}: {ratio:.3f}"


@pytest.mark.parametrize("name", ["keywords_people", "digits_28x28", "conv1d"])
@pytest.mark.parametrize("target", TARGETS)
def test_the_wheels_clang_takes_hardly_more_than_gcc(target, name):
    need_tool(TARGETS[target].gcc)
    clang, gcc = (
        count_instructions(name, target, compiler, "-O2") for compiler in ("clang", "gcc")
    )
    assert clang <= MOST_OF_GCC * gcc, f"{clang / gcc:.3f}"
