"""The comment above NAME_invoke says what a model's C calls; here a linker's eye checks it."""

import re
import subprocess

import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.tools import need_tool
from tinyml_course.export.model_c.source import generate_model_c

CORES = [["-mcpu=cortex-m0plus"], ["-mcpu=cortex-m4"]]


@pytest.mark.parametrize("core", CORES, ids=["m0plus", "m4"])
def test_the_header_names_every_function_of_the_c_library_that_is_called(core, tmp_path):
    gcc, nm = need_tool("arm-none-eabi-gcc"), need_tool("arm-none-eabi-gcc").replace("gcc", "nm")
    seen = set()
    for name, model in SMALL_GRAPHS.items():
        code = generate_model_c(model, "net")
        (tmp_path / "net.h").write_text(code.header)
        (tmp_path / "net.c").write_text(code.source)
        subprocess.run(
            [gcc, *core, "-mthumb", "-O2", "-c", "net.c", "-o", "net.o"], cwd=tmp_path, check=True
        )
        listed = subprocess.run(
            [nm, "-u", "net.o"], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout
        called = {word for word in re.findall(r"U (\w+)", listed) if not word.startswith("__")}
        said = re.search(
            r"nothing outside but (.*?), and what", re.sub(r"\s+\*?\s*", " ", code.header)
        )
        assert said, "the comment above NAME_invoke"
        assert called <= set(re.findall(r"\w+", said.group(1))), name
        seen |= called
    assert seen, "none of these networks calls anything: the test sees nothing"
