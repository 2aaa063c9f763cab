"""pyproject.toml says what is needed, the lock what is installed; environment.yml uses the lock."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK_TEXT = (ROOT / "requirements.lock").read_text()
LOCK = [
    Requirement(line.rstrip("\\").strip())
    for line in LOCK_TEXT.splitlines()
    if re.match(r"^[A-Za-z0-9]", line)
]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
}


def direct_dependencies() -> list[Requirement]:
    texts = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    return [Requirement(text) for text in texts]


def locked_for(system: dict[str, str]) -> dict[str, str]:
    """Name to version of what the lock installs on `system` with Python 3.11."""
    setting = system | {"python_version": "3.11", "python_full_version": "3.11.9"}
    versions: dict[str, str] = {}
    for entry in LOCK:
        marker = entry.marker or Marker("python_version > '0'")
        if marker.evaluate(setting):
            name = canonicalize_name(entry.name)
            assert name not in versions, f"{name} is pinned twice"
            versions[name] = str(entry.specifier).removeprefix("==")
    return versions


def test_every_direct_dependency_is_locked_within_its_bounds_on_every_system():
    for system in SYSTEMS.values():
        locked = locked_for(system)
        for needed in direct_dependencies():
            if needed.marker and not needed.marker.evaluate(system):
                assert canonicalize_name(needed.name) not in locked
                continue
            version = locked[canonicalize_name(needed.name)]
            assert needed.specifier.contains(version, prereleases=True), needed


def test_every_locked_package_is_pinned_and_hashed():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK_TEXT.strip())
    assert len(blocks) == len(LOCK) > 100
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_the_lock_holds_no_address():
    for text in (LOCK_TEXT, (ROOT / "environment.yml").read_text()):
        assert "://" not in text
        assert "index-url" not in text


def test_there_is_one_tensorflow():
    family = re.compile(r"^(tensorflow|tf-nightly)(-(cpu|gpu|intel|macos|rocm).*)?$")
    names = {canonicalize_name(entry.name) for entry in LOCK}
    assert [name for name in names if family.match(name)] == ["tensorflow"]


def test_conda_takes_python_from_the_supported_range_and_all_else_from_the_lock():
    pip_lines = [d["pip"] for d in ENVIRONMENT["dependencies"] if isinstance(d, dict)]
    assert pip_lines == [["-r requirements.lock"]]
    (python,) = [d for d in ENVIRONMENT["dependencies"] if str(d).startswith("python=")]
    supported = Requirement(f"python{PROJECT['requires-python']}").specifier
    assert supported.contains(python.removeprefix("python="))
    others = {d for d in ENVIRONMENT["dependencies"] if isinstance(d, str)} - {python, "pip"}
    assert others == set(), "a package from conda would escape the lock"


def test_every_direct_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    for line in text[: text.index("[project.scripts]")].splitlines():
        if re.match(r'  "[a-z]', line):
            assert re.search(r"#\s+\w+", line), f"no reason given: {line}"


def test_what_is_installed_is_what_is_locked():
    from importlib.metadata import version

    locked = locked_for(SYSTEMS["Linux"])
    for name in ("tensorflow", "tf-keras", "numpy", "ai-edge-litert", "unicorn", "ziglang"):
        assert version(name) == locked[name]
