"""The generated C compiles for cores that nothing here emulates, as C and as C++."""

import subprocess

import pytest

from tests.export.layers.layer_maker import LayerMaker
from tests.tools import need_tool
from tinyml_course.export.model_c.source import generate_model_c

STRICT = ("-O2", "-Wall", "-Wextra", "-Wdouble-promotion", "-Werror")
LANGUAGES = {"c": ("-std=c99", "-Wconversion"), "c++": ("-std=gnu++11",)}
CORES = {
    "Cortex-M3": ("-mcpu=cortex-m3", "-mthumb"),
    "Cortex-M7": ("-mcpu=cortex-m7", "-mthumb"),
    "Cortex-M23": ("-mcpu=cortex-m23", "-mthumb"),
    "Cortex-M33": ("-mcpu=cortex-m33", "-mthumb"),
    # a Raspberry Pi: DSP instructions, but not those of Thumb-2
    "ARMv7-A": ("-march=armv7-a+simd", "-marm", "-mfloat-abi=hard"),
    "ARMv6": ("-march=armv6", "-marm"),
}
KINDS = ("chain", "depthwise_of_any_size", "deep_fully_connected", "wide_fully_connected", "add")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("core", CORES)
def test_the_c_compiles_for_other_arms(core, language, tmp_path):
    gcc = need_tool("arm-none-eabi-gcc")
    everything = ""
    for kind in KINDS:
        code = generate_model_c(getattr(LayerMaker(1), kind)(), kind)
        (tmp_path / f"{kind}.h").write_text(code.header)
        everything += code.source
    (tmp_path / "all.c").write_text(everything)
    command = [gcc, *CORES[core], *STRICT, *LANGUAGES[language]]
    command += ["-x", language, "-c", "all.c", "-o", "all.o"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:2000]
