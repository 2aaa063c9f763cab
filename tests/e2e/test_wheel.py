"""The wheel, installed into a fresh environment and used from an empty folder, as a stranger does.

The environment sees the packages that the tests run with, but not the checkout: what is imported is
what the wheel brought.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hidden import hide_training
from tests.test_registry import NO_ANSWER
from tinyml_course.cli.lessons import relink
from tinyml_course.export.check.host_build import find_compiler

ROOT = Path(__file__).parents[2]
SHIPPED = "tinyml_course/shipped_files"
Run = Callable[..., subprocess.CompletedProcess]


def build_wheel(source: Path, out: Path) -> Path:
    """Build without the network, as `make setup` does."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return wheel


def made_by_tools(folder: str, names: list[str]) -> list[str]:
    """What is no part of the project, for `copytree`."""
    at_the_top = {"out", "build", "dist"} if Path(folder) == ROOT else set()
    kept = (".ci", ".devcontainer", ".dockerignore", ".git", ".pre-commit-config.yaml")
    return [
        name
        for name in names
        if (name.startswith(".") and (name == ".git" or not name.startswith(kept)))
        or name.endswith((".egg-info", ".pyc"))
        or name in at_the_top | {"__pycache__"}
    ]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy, in which an earlier build left something behind."""
    copy = tmp_path_factory.mktemp("source") / "course"
    shutil.copytree(ROOT, copy, ignore=made_by_tools)
    for left_over in ("build/lib", f"build/bdist.{sysconfig.get_platform()}/wheel"):
        stale = copy / left_over / "tinyml_course" / "no_longer_there.py"
        stale.parent.mkdir(parents=True)
        stale.write_text("raise SystemExit('an old file')\n")
    return copy


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory) -> Path:
    return build_wheel(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """The Python of a fresh environment with the wheel in it; in the end it is as it was."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*command, "--no-deps", "--no-index", str(wheel)], check=True)
    (package,) = folder.rglob("site-packages/tinyml_course")
    # A path, and no `site` directory: the editable install beside those packages stays unseen.
    (package.parent / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    before = fingerprint(package)
    yield python
    assert fingerprint(package) == before, "something wrote into the installed package"


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def tinyml(python, tmp_path, monkeypatch) -> Run:
    """Run a command in an empty folder; the working folder of the test is that one too."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    command = python.with_name("tinyml.exe" if os.name == "nt" else "tinyml")

    def run(*arguments: str, status: int = 0, **options) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [str(command), *arguments], capture_output=True, text=True, check=False, **options
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def model(tinyml, python) -> Path:
    """A model in the empty folder, as an engineer brings one."""
    return Path(shutil.copy(ROOT / "data/bundles/motion/model_int8.tflite", "brought.tflite"))


def test_it_carries_the_package_and_what_the_course_ships_and_nothing_else(wheel):
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tinyml_course").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    sketches = {p for p in (ROOT / "arduino_sketches").rglob("*") if p.parent.name != "__pycache__"}
    files = [
        *(ROOT / "data").rglob("*"),
        *(path for path in sketches if path.name != "build.py"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        *(ROOT / "notebooks/solutions").glob("*.ipynb"),
        *(ROOT / "notebooks/pictures").glob("*.svg"),
        *(ROOT / "docs").iterdir(),
        ROOT / "docs" / "teaching" / "ethics.md",
    ]
    shipped = {f"{SHIPPED}/{p.relative_to(ROOT).as_posix()}" for p in files if p.is_file()}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == package | shipped
    assert "tinyml_course/py.typed" in names
    assert len([name for name in shipped if name.endswith(".ipynb")]) == 2 * len(
        list((ROOT / "notebooks/src").glob("[0-9]*.py"))
    )


@pytest.fixture(scope="module")
def sdist(checkout, tmp_path_factory) -> Path:
    """The source distribution, built without the network."""
    out = tmp_path_factory.mktemp("sdist")
    build = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
    command = [sys.executable, "-c", build, str(out)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    (archive,) = out.glob("*.tar.gz")
    return archive


@pytest.mark.slow
def test_the_source_distribution_has_all_that_git_has_and_nothing_else(sdist):
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no git here: what belongs to the project is not known")
    with tarfile.open(sdist) as file:
        names = {
            name.partition("/")[2] for name in file.getnames() if not file.getmember(name).isdir()
        }
    made = {name for name in names if name.startswith("tinyml_course.egg-info/")}
    made |= {"PKG-INFO", "setup.cfg"}
    there = {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    assert there - names == set(), "graft or include it in MANIFEST.in"
    untracked = subprocess.run(
        ["git", "ls-files", "--others"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert names - made - there <= set(untracked.stdout.splitlines()), "of no checkout"


@pytest.mark.slow
def test_both_pass_the_registrys_own_check(wheel, sdist):
    run = [sys.executable, "-m", "uv", "tool", "run", "twine==7.0.0", "check", "--strict"]
    done = subprocess.run([*run, str(wheel), str(sdist)], capture_output=True, text=True)
    if done.returncode and any(words in done.stderr for words in NO_ANSWER):
        pytest.skip(f"the registry does not answer: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


@pytest.mark.slow
def test_a_wheel_from_the_source_distribution_is_the_same(sdist, wheel, tmp_path):
    archive = Path(shutil.copy(sdist, tmp_path))
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    again = build_wheel(archive.with_name(archive.name.removesuffix(".tar.gz")), tmp_path)
    one, other = zipfile.ZipFile(wheel), zipfile.ZipFile(again)
    assert sorted(one.namelist()) == sorted(other.namelist())
    for name in one.namelist():
        assert one.read(name) == other.read(name), name


def test_what_is_imported_is_what_the_wheel_brought(python, tinyml):
    say = "import tinyml_course, tinyml_course.shipped as s; print(tinyml_course.__file__, s.ROOT)"
    done = subprocess.run([python, "-c", say], capture_output=True, text=True, check=True)
    for path in done.stdout.split():
        assert python.parents[1] in Path(path).parents
        assert ROOT not in Path(path).parents


def test_the_commands_that_need_no_model(tinyml):
    assert "nano33ble" in tinyml("boards").stdout
    assert "virtual://nano33ble" in tinyml("ports").stdout
    findings = {f["topic"]: f for f in json.loads(tinyml("doctor", "--json").stdout)}
    assert findings["ziglang"]["status"] == "ok"
    assert "make" not in tinyml("doctor").stdout
    assert list(Path().iterdir()) == []


def test_a_model_is_verified_measured_and_fitted(tinyml, model):
    verified = json.loads(tinyml("verify", str(model), "--json").stdout)
    assert verified["bytes_differing"] == 0 < verified["bytes_compared"]
    assert json.loads(tinyml("bench", str(model), "--json").stdout)["macs"] == 816
    rows = json.loads(tinyml("fit", str(model), "--json").stdout)
    assert all(row["fits"] for row in rows)


def test_a_model_becomes_c_that_compiles_links_and_is_right(tinyml, model):
    done = tinyml("export", str(model), "--out", "c", "--self-test")
    (line,) = [line for line in done.stdout.splitlines() if " && " in line]
    build, run = line.split(": ", 1)[1].split(" && ")
    subprocess.run([*find_compiler(), *build.split()[1:]], cwd="c", check=True)
    result = subprocess.run([run], cwd="c", capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_a_sketch_of_the_course_runs_by_its_name(tinyml):
    done = tinyml("sketch", "run", "motion", "--seconds", "3")
    assert done.stdout.startswith("# motion 1 nano33ble\nwindow:0,")
    assert list(Path().iterdir()) == []


def test_the_lessons_come_out_ready_to_open(tinyml):
    tinyml("lessons", "--out", "course")
    for name in ("00_start_here.ipynb", "13_vision.ipynb"):
        for copy, source in ((Path("course"), ""), (Path("course/solutions"), "solutions")):
            original = (ROOT / "notebooks" / source / name).read_bytes()
            assert (copy / name).read_bytes() == relink(original)
    refused = tinyml("lessons", "--out", "course", status=1)
    assert "yours are not overwritten" in refused.stderr


@pytest.mark.parametrize("command", [["run", "motion"], ["run", "keywords"]])
def test_without_tensorflow_training_says_so_in_one_line_and_does_nothing(tinyml, command):
    done = tinyml(*command, status=1, env=hide_training())
    # a name that no registry has would be no help: it came from this file
    line = r'tinyml run needs TensorFlow: pip install "/.*/tinyml_course-[\w.-]+\.whl\[train\]"\n'
    assert done.stdout == ""
    assert re.fullmatch(line, done.stderr), done.stderr
    assert list(Path().iterdir()) == []


def test_who_makes_the_words_anew_must_say_where(python, tinyml):
    command = [python, "-m", "tinyml_course.datasets.keywords_shipped"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "give a folder: the files of an installed package are not written to\n"


@pytest.mark.slow
def test_a_lab_runs_to_its_end(tinyml):
    report = json.loads(tinyml("run", "motion", "--json").stdout)
    assert report["accuracy"]["int8"] > 0.95
    assert report["board"]["bytes_differing"] == 0
    assert report["board"]["lines"][0] == "# motion 1 nano33ble"
    assert Path("out/motion/sketches/motion/motion.ino").is_file()
    verified = tinyml("verify", "out/motion/model_int8.tflite", "--json").stdout
    assert json.loads(verified)["bytes_differing"] == 0
