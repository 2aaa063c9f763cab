"""The rules of the house, held by reading the code: imports, file sizes, start-up time."""

import ast
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tinyml_course"
FILES = sorted(PACKAGE.rglob("*.py"))

# Where something may import from: itself and what stands to its left. In the package, the root's
# modules and rooms; in a room, its folders and the files beside them.
ORDER = {
    "": (
        "errors interrupts confine files native_output shipped extras table pages plain_json "
        "report answers exercises network trees on_device datasets features training interpreters "
        "compress bundle_checks bundle export board attacks observe live labs pipeline classroom "
        "doctor cli __init__ __main__"
    ),
    "export": (
        "text names c_array kernels layers model_c check trees learning sealed firmware __init__"
    ),
    "board": (
        "catalog power memory_map targets models ports published cache compiler linked build "
        "virtual measure listening bench run cores tree_cores learning_cores urlhandler "
        "__init__"
    ),
    "cli": (
        "output ending helping labs model_pages models quantize boards sketches links play lessons "
        "grade main __init__"
    ),
}
# Nothing of the flow imports these.
ABOVE = {"labs", "pipeline", "classroom", "cli", "doctor"}
MOST_FILES_IN_A_FOLDER_OF_EXPORT = 15


def module_of(path: Path) -> str:
    """`tinyml_course.export.text` for its file; a folder's `__init__.py` is the folder."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


@cache
def imported_modules(path: Path, only_at_start: bool = False) -> frozenset[str]:
    """The modules of the package that a file imports, also inside its functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if only_at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that one can search for them"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module or "")
    return frozenset(name for name in found if name in MODULES)


def place_in(room: str, module: str) -> str | None:
    """Which entry of ORDER[room] a module belongs to; None outside the room."""
    prefix = f"tinyml_course.{room}." if room else "tinyml_course."
    if module == prefix.rstrip("."):
        return "__init__"
    return module.removeprefix(prefix).split(".")[0] if module.startswith(prefix) else None


@pytest.mark.parametrize("room", ORDER, ids=lambda room: room or "package")
def test_imports_point_along_the_flow(room):
    order = ORDER[room].split()
    for module, path in MODULES.items():
        here = place_in(room, module)
        if here is None:
            continue
        assert here in order, f"{module} has no place in the order of {room or 'the package'}"
        if module == "tinyml_course":
            continue  # its public names
        for imported in imported_modules(path):
            there = place_in(room, imported)
            if there is None or imported == "tinyml_course":  # __version__
                continue
            assert order.index(there) <= order.index(here), f"{module} imports {imported}"


def test_no_room_of_the_flow_imports_what_stands_above():
    for module, path in MODULES.items():
        here = place_in("", module)
        if here in ABOVE | {"__init__", "__main__"}:
            continue
        above = {name for name in imported_modules(path) if place_in("", name) in ABOVE}
        assert not above, f"{module} imports {above}"


def test_no_file_imports_itself_by_a_detour():
    graph = {module: imported_modules(path) - {"tinyml_course"} for module, path in MODULES.items()}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module in done:
            return
        for imported in sorted(graph[module] - {module}):
            visit(imported, (*way, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize(("here", "there"), [("build", "virtual"), ("virtual", "build")])
def test_building_and_emulating_do_not_know_each_other(here, there):
    """Both work on a program as a value (`linked/`); no detour leads from one to the other."""
    graph = {module: imported_modules(path) for module, path in MODULES.items()}
    begun = [module for module in MODULES if place_in("board", module) == here]
    reached = set(begun)
    while begun:
        fresh = graph[begun.pop()] - reached
        reached |= fresh
        begun += fresh
    assert "tinyml_course.board.linked.program" in reached
    assert not [module for module in reached if place_in("board", module) == there]


def test_no_folder_of_export_is_a_warehouse():
    for folder in (PACKAGE / "export", *(p for p in (PACKAGE / "export").iterdir() if p.is_dir())):
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= MOST_FILES_IN_A_FOLDER_OF_EXPORT, folder


def test_only_the_network_room_reads_flatbuffers():
    for module, path in MODULES.items():
        if not module.startswith("tinyml_course.network"):
            text = path.read_text(encoding="utf-8")
            assert "schema_py_generated" not in text, f"{module}: take a TfliteModel"
            assert "import flatbuffers" not in text, f"{module}: take a TfliteModel"


def test_only_one_module_knows_where_shipped_files_are():
    for module, path in MODULES.items():
        if module != "tinyml_course.shipped":
            assert "parents[" not in path.read_text(encoding="utf-8"), f"{module}: use shipped.py"


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
