"""The rules of the house, held by reading the code: imports, file sizes, start-up time."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tinyml_course"
# synthesize / record -> train -> compress -> export -> board -> observe
FLOW = ["errors", "files", "datasets", "features", "training", "compress", "export", "board"]
FLOW += ["observe"]
ABOVE = {"labs", "pipeline", "stages", "report", "cli", "cli_board", "doctor", "exercises"}
ABOVE |= {"model_card", "__init__", "__main__"}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> set[str]:
    rooms = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "tinyml_course":
                # `from tinyml_course import __version__` names no room
                found = [alias.name for alias in node.names if not alias.name.startswith("__")]
                names = [f"tinyml_course.{name}" for name in found]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "tinyml_course" and len(parts) > 1:
                rooms.add(parts[1])
    return rooms


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_along_the_flow(path):
    room = room_of(path)
    if room in ABOVE:
        return
    assert room in FLOW, f"{room} is no room of the flow: name it in DESIGN or move it"
    earlier = set(FLOW[: FLOW.index(room) + 1])
    back = imported_rooms(ast.parse(path.read_text())) - earlier
    assert not back, f"{path.name} in {room} imports {back}, which come later or stand above"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_hold_one_idea(path):
    assert len(path.read_text().splitlines()) <= 400, "over 400 lines is two rooms"
    assert path.stem not in {"utils", "helpers", "common", "util", "helper"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_tensorflow_is_imported_late(path):
    for node in ast.parse(path.read_text()).body:
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        heavy = {"tensorflow", "tf_keras", "tensorflow_model_optimization", "keras"}
        assert not heavy & {name.split(".")[0] for name in modules}


def test_nobody_imports_keras_3():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert "keras" not in {a.name.split(".")[0] for a in node.names}, path
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.split(".")[0] != "keras", path
                assert not node.module.startswith("tensorflow.keras"), path


@pytest.mark.parametrize("command", [["-c", "import tinyml_course"], ["-m", "tinyml_course", "-h"]])
def test_starting_is_light(command):
    """Under a second on a quiet machine; the exact promise is what is not imported."""
    probe = (
        "import runpy, sys\n"
        f"sys.argv = ['tinyml', *{command[2:]!r}]\n"
        + (
            command[1]
            if command[0] == "-c"
            else "try:\n    runpy.run_module('tinyml_course', run_name='__main__')\n"
            "except SystemExit:\n    pass"
        )
        + "\nheavy = {'tensorflow', 'tf_keras', 'keras', 'matplotlib.pyplot', 'sklearn'}"
        "\nprint('heavy:', sorted(heavy & set(sys.modules)))"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    assert "heavy: []" in done.stdout
    # Not a benchmark: ten times the promise, so that only a real mistake trips it.
    assert seconds < 10
