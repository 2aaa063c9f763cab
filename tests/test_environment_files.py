"""pyproject.toml says what is needed, the lock what is installed; environment.yml uses the lock."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tinyml_course import doctor, extras

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ("3.11", "3.12", "3.13")
LOCK_TEXT = (ROOT / "requirements.lock").read_text()
LOCK = [
    Requirement(line.rstrip("\\").strip())
    for line in LOCK_TEXT.splitlines()
    if re.match(r"^[A-Za-z0-9]", line)
]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux on Arm": {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
}


def names(texts: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in texts}


def direct_dependencies() -> list[Requirement]:
    texts = PROJECT["dependencies"] + [
        text for name, extra in EXTRAS.items() if name != "all" for text in extra
    ]
    return [Requirement(text) for text in texts]


def locked_for(system: dict[str, str], python: str = "3.11") -> dict[str, str]:
    """Name to version of what the lock installs on `system`."""
    setting = system | {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_python_implementation": "CPython",
    }
    versions: dict[str, str] = {}
    for entry in LOCK:
        marker = entry.marker or Marker("python_version > '0'")
        if marker.evaluate(setting):
            name = canonicalize_name(entry.name)
            assert name not in versions, f"{name} is pinned twice"
            versions[name] = str(entry.specifier).removeprefix("==")
    return versions


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_direct_dependency_is_locked_within_its_bounds(system, python):
    locked = locked_for(SYSTEMS[system], python)
    setting = SYSTEMS[system] | {"python_version": python}
    for needed in direct_dependencies():
        if needed.marker and not needed.marker.evaluate(setting):
            assert canonicalize_name(needed.name) not in locked
            continue
        version = locked[canonicalize_name(needed.name)]
        assert needed.specifier.contains(version, prereleases=True), needed


def test_tflm_is_asked_for_only_where_it_has_a_wheel():
    has_it = [name for name, system in SYSTEMS.items() if "tflite-micro" in locked_for(system)]
    assert has_it == ["Linux"]


def test_the_base_installation_neither_trains_nor_opens_lessons():
    base = names(PROJECT["dependencies"])
    assert base == {
        "numpy",
        "ai-edge-litert",
        "flatbuffers",
        "tflite-micro",
        "ziglang",
        "unicorn",
        "pyserial",
        "matplotlib",
        "pillow",
    }
    assert not base & names([text for extra in EXTRAS.values() for text in extra])


def test_all_is_every_extra_and_the_lock_is_made_from_it():
    (everything,) = (Requirement(text) for text in EXTRAS["all"])
    assert canonicalize_name(everything.name) == PROJECT["name"]
    assert everything.extras == EXTRAS.keys() - {"all"}
    assert "--universal --extra all " in (ROOT / "Makefile").read_text()


def test_what_is_said_of_the_extras_is_what_they_hold():
    for needed in extras.NEEDED.values():
        for extra in needed.extras:
            assert canonicalize_name(needed.package) in names(EXTRAS[extra]), needed
    said = {canonicalize_name(needed.package) for needed in extras.NEEDED.values()}
    assert said == names(EXTRAS["train"] + EXTRAS["lab"] + EXTRAS["speech"])
    assert doctor.BASE.keys() | {"flatbuffers", "tflite-micro"} == names(PROJECT["dependencies"])


def imported_packages(path: Path, only_at_start: bool) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if only_at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found - sys.stdlib_module_names - {"tinyml_course"}


# A class of widgets needs its parent when it is made. Who imports these files has asked for the
# extra before: `live/__init__.py` and `live/explorers/__init__.py` are their doors.
WIDGETS = {
    "live/panel.py",
    *(
        f"live/explorers/{name}.py"
        for name in ("arrays", "confusion", "explorer", "memory", "nudges", "ponds")
    ),
}


@pytest.mark.parametrize("only_at_start", [True, False], ids=["at the start", "late"])
def test_what_the_package_imports_is_a_direct_dependency(only_at_start):
    """At a module's start nothing but the base, so that the base alone imports every module."""
    base = names(PROJECT["dependencies"])
    if not only_at_start:
        base |= names(EXTRAS["train"] + EXTRAS["lab"] + EXTRAS["speech"])
    distributions = packages_distributions()
    for path in (ROOT / "tinyml_course").rglob("*.py"):
        is_widget = path.relative_to(ROOT / "tinyml_course").as_posix() in WIDGETS
        allowed = base | names(EXTRAS["lab"]) if is_widget else base
        for package in imported_packages(path, only_at_start):
            homes = {canonicalize_name(name) for name in distributions[package]}
            assert homes & allowed, f"{path.relative_to(ROOT)} imports {package}"


def test_the_pythons_are_the_same_everywhere():
    supported = Requirement(f"python{PROJECT['requires-python']}").specifier
    minors = [f"3.{minor}" for minor in range(30) if supported.contains(f"3.{minor}.0")]
    assert minors == list(PYTHONS)
    prefix = "Programming Language :: Python :: "
    assert minors == [c.removeprefix(prefix) for c in PROJECT["classifiers"] if prefix in c]
    assert [f"{a}.{b}" for a, b in doctor.PYTHONS] == [minors[0], minors[-1]]
    first, last = (f"({minor.replace('.', ', ')})" for minor in (minors[0], minors[-1]))
    assert f"{first} <= v <= {last}" in (ROOT / "Makefile").read_text()


def test_every_locked_package_is_pinned_and_hashed():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK_TEXT.strip())
    assert len(blocks) == len(LOCK) > 100
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z-]+\])?==[^\s;]+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_the_lock_holds_no_address():
    for text in (LOCK_TEXT, (ROOT / "environment.yml").read_text()):
        assert "://" not in text
        assert "index-url" not in text


def test_there_is_one_tensorflow():
    family = re.compile(r"^(tensorflow|tf-nightly)(-(cpu|gpu|intel|macos|rocm).*)?$")
    locked = {canonicalize_name(entry.name) for entry in LOCK}
    assert [name for name in locked if family.match(name)] == ["tensorflow"]


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

    locked = locked_for(SYSTEMS["Linux"], ".".join(map(str, sys.version_info[:2])))
    for name in ("tensorflow", "tf-keras", "numpy", "ai-edge-litert", "unicorn", "ziglang"):
        assert version(name) == locked[name]


def test_what_is_asked_for_with_extras_is_pinned_with_them():
    """Older pips take `coverage[toml]` for another package than `coverage`, and find no pin."""
    from importlib.metadata import distributions

    pinned = {canonicalize_name(entry.name): entry.extras for entry in LOCK}
    for package in distributions():
        if canonicalize_name(package.metadata["Name"]) not in pinned:
            continue
        for text in package.requires or []:
            asked = Requirement(text)
            applies = asked.marker is None or asked.marker.evaluate({"extra": ""})
            if applies and asked.extras:
                missing = asked.extras - pinned[canonicalize_name(asked.name)]
                assert not missing, f"{package.metadata['Name']} asks for {text}"
