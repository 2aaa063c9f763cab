"""The registry is asked: can the lock be installed on the systems that the README names?

Every package must have a wheel for the system, so that nobody needs a compiler to install a course.
About a second a system.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

LOCK = Path(__file__).parents[1] / "requirements.lock"
SYSTEMS = {
    "Linux x86_64": "x86_64-unknown-linux-gnu",
    "Linux aarch64": "aarch64-unknown-linux-gnu",
    "Windows x64": "x86_64-pc-windows-msvc",
    "macOS arm64": "aarch64-apple-darwin",
}
NO_ANSWER = (
    "error sending request",
    "Failed to fetch",
    "Could not connect",
    "dns error",
    "timed out",
)


def resolve(lock: Path, system: str, python: str, folder: Path) -> subprocess.CompletedProcess:
    """What uv would install there from `lock`; nothing is downloaded but the registry's pages."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--no-cache"]
    # an empty target, so that what is installed here does not count
    command += ["--python", sys.executable, "--target", str(folder / "none")]
    command += ["--python-platform", system, "--python-version", python]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    # not from the checkout: its constraints are for resolving, and have no hashes
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@cache
def why_offline(folder: Path) -> str | None:
    """The reason why the registry does not answer; None if it does."""
    small = folder / "small.lock"
    lines = LOCK.read_text(encoding="utf-8").split("\nsix==")[1].split("\n")
    hashes = [line for line in lines[1:] if line.startswith("    --hash")][:2]
    small.write_text("\n".join([f"six=={lines[0]}", *hashes]).rstrip(" \\") + "\n")
    done = resolve(small, SYSTEMS["Linux x86_64"], "3.11", folder)
    if done.returncode == 0:
        return None
    if any(words in done.stderr for words in NO_ANSWER):
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        return f"the registry does not answer: {said[0].strip()}"
    raise AssertionError(done.stderr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    if reason := why_offline(folder):
        pytest.skip(reason)
    return folder


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_lock_can_be_installed(folder, system, python):
    done = resolve(LOCK, SYSTEMS[system], python, folder)
    assert done.returncode == 0, done.stderr
    installed = {line.split("==")[0] for line in done.stderr.splitlines() if "==" in line}
    names = {name.removeprefix(" + ") for name in installed}
    assert {"tensorflow", "ai-edge-litert", "ziglang", "jupyterlab", "pytest"} <= names
    assert ("tflite-micro" in names) == (system == "Linux x86_64")


def test_a_lock_that_cannot_be_installed_is_seen(folder, tmp_path):
    """An Intel Mac: TensorFlow and LiteRT have no wheels for it, and the README says so."""
    done = resolve(LOCK, "x86_64-apple-darwin", "3.11", folder)
    assert done.returncode != 0
    assert "no wheels with a matching platform tag" in " ".join(done.stderr.split())
