"""What CI installs, and that a tool that is missing there is no reason to be green."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests import tools

ROOT = Path(__file__).parents[1]
CI_RUN = ROOT / ".ci" / "run"


@pytest.mark.parametrize("name", tools.PACKAGES)
def test_a_tool_is_here_or_said_to_be_missing(name):
    assert os.access(tools.need_tool(name), os.X_OK)


def test_sanitizers_and_tflm_are_here_or_said_to_be_missing():
    """Some tests are weaker without them and do not skip: here it is seen."""
    tools.need_sanitizers()
    tools.need_tflm()


def test_ci_installs_every_tool():
    installed = re.search(r"^PACKAGES=\((.*?)\)$", CI_RUN.read_text(), re.MULTILINE | re.DOTALL)
    assert {p for names in tools.PACKAGES.values() for p in names} <= set(installed[1].split())


def test_a_missing_tool_skips_at_home_and_fails_on_ci(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt install gcc-arm-none-eabi"):
        tools.need_tool("arm-none-eabi-gcc")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="leaves no test out"):
        tools.need_tool("arm-none-eabi-gcc")
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(pytest.skip.Exception):
        tools.need_tool("arm-none-eabi-gcc")


def test_no_test_skips_for_a_tool_by_itself():
    """Whoever writes `skip` must not forget CI: for tools there is tests/tools.py."""
    words = re.compile(r"(?:skip|skipif)\([^)]*(?:is_available|has_sanitizers|not installed|which)")
    for path in (ROOT / "tests").rglob("*.py"):
        if path.name not in {"tools.py", "test_tools.py"}:
            text = path.read_text(encoding="utf-8")
            assert not words.search(text), f"{path.name}: take tests/tools.py"
            assert "if find_gcc()" not in text or path.name == "benchmark.py", path.name


def test_ci_run_is_a_script_that_bash_understands():
    subprocess.run(["bash", "-n", str(CI_RUN)], check=True)
    assert os.access(CI_RUN, os.X_OK)
    assert CI_RUN.read_text().rstrip().splitlines()[-1].strip() == "make test"
