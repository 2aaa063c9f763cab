"""A model as a library: the zip as users get it, unpacked, compiled and run where they would."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.tools import need_tool
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.cli.main import main
from tinyml_course.errors import BoardError
from tinyml_course.export.check.arduino_specification import find_departures
from tinyml_course.export.check.host_build import STRICT_FLAGS
from tinyml_course.export.firmware.arduino_library import (
    export_arduino_library,
    generate_library_files,
)
from tinyml_course.export.firmware.example_sketch import example_inputs
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import BUNDLES, MODELS

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
MOTION = BUNDLES / "motion" / "model_int8.tflite"


def unpacked(path: Path, tmp_path: Path, name: str = "motion") -> Path:
    library = export_arduino_library(path.read_bytes(), tmp_path, name)
    with zipfile.ZipFile(library.path) as archive:
        archive.extractall(tmp_path)
    return tmp_path / library.folder


@pytest.mark.parametrize(
    "path",
    sorted([*BUNDLES.glob("*/*.tflite"), *GOLDEN.glob("*.tflite"), *MODELS.glob("*.tflite")]),
)
def test_every_model_of_the_course_keeps_to_the_specification(path):
    files = generate_library_files(path.read_bytes(), "net")
    assert find_departures(files) == []
    assert all(text.isascii() for text in files.values())
    json.loads(files["tinyml_net/library.json"])


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        (MOTION, "motion"),
        (MODELS / "motion_float32.tflite", "arduino_float"),
        (BUNDLES / "keywords_people" / "model_int8.tflite", "words"),
    ],
)
def test_the_example_of_the_unpacked_zip_runs_on_virtual_boards(board, path, name, tmp_path):
    library = unpacked(path, tmp_path, name)
    run = run_sketch(library / "examples" / f"{name}_inference", board, [], seconds=2.5)
    took = [line for line in run.lines if line.startswith(f"{name}: one inference took ")]
    assert len(took) >= 2
    assert all(line.endswith(" us; as on the computer: yes") for line in took)
    assert any(line.startswith("output: ") for line in run.lines)


def test_the_example_says_no_where_an_answer_is_wrong(tmp_path):
    library = unpacked(MOTION, tmp_path)
    source = library / "src" / "motion.c"
    text = source.read_text()
    begin = text.index("{", text.index("motion_2_bias[3]")) + 1
    behind = text[text.index(";", begin) + 1 :]
    source.write_text(text[:begin] + "999999, 999999, -999999};" + behind)
    (library / "src" / "motion.h").write_text(
        "#define MOTION_FAST_KERNELS 0\n" + (library / "src" / "motion.h").read_text()
    )
    run = run_sketch(library / "examples" / "motion_inference", "nano33ble", [], seconds=1)
    assert any(line.endswith("as on the computer: NO") for line in run.lines)


@pytest.mark.parametrize("name", sorted(SMALL_GRAPHS))
def test_the_sketch_knows_the_answer_of_every_operator(name, tmp_path):
    """Compiled for this computer, with a Serial of a few lines: types, several inputs, state."""
    model = TfliteModel.of(SMALL_GRAPHS[name])
    files = generate_library_files(model, "net")
    for path, text in files.items():
        (tmp_path / Path(path).name).write_text(text)
    (tmp_path / "main.cpp").write_text(
        _ARDUINO + '#include "net_inference.ino"\nint main() { setup(); loop(); loop(); }\n'
    )
    flags = ["-Wall", "-Wextra", "-Werror"]
    commands = [
        [need_tool("gcc"), "-std=c99", *flags, "-I.", "-c", "net.c"],
        [need_tool("g++"), "-std=gnu++11", *flags, "-I.", "-c", "main.cpp"],
        [need_tool("g++"), "net.o", "main.o", "-o", "sketch"],
    ]
    for command in commands:
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    done = subprocess.run([tmp_path / "sketch"], capture_output=True, text=True, check=True)
    assert done.stdout.count("as on the computer: yes") == 2, done.stdout


_ARDUINO = """#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
static unsigned long millis() { return 0; }
static unsigned long micros() { return 0; }
static void delay(unsigned long) {}
static struct {
  void begin(long) {}
  operator bool() { return true; }
  void print(const char *text) { printf("%s", text); }
  void print(long value) { printf("%ld", value); }
  void print(unsigned value) { printf("%u", value); }
  void print(float value, int digits) { printf("%.*f", digits, (double)value); }
  void println() { printf("\\n"); }
  void println(const char *text) { printf("%s\\n", text); }
} Serial;
"""


def test_c_and_sketch_compile_as_arduinos_tool_chains_do(tmp_path):
    """GCC with C++11 for the sketch; the model's C also where somebody includes it in C++."""
    gcc = need_tool("arm-none-eabi-g++")
    library = unpacked(MOTION, tmp_path)
    for cpu in ("cortex-m4", "cortex-m0plus"):
        flags = ["-std=gnu++11", f"-mcpu={cpu}", "-mthumb", "-Os", *STRICT_FLAGS]
        command = [gcc, "-x", "c++", *flags, "-c", "src/motion.c", "-o", "motion.o"]
        subprocess.run(command, cwd=library, check=True, capture_output=True)


def test_cmake_builds_it_inside_a_program_and_alone(tmp_path):
    cmake = need_tool("cmake")
    library = unpacked(MOTION, tmp_path)
    model = TfliteModel(MOTION.read_bytes())
    (given,) = example_inputs(model.network)
    values = ", ".join(map(str, given.reshape(-1)))
    (tmp_path / "app.c").write_text(
        "#include <motion.h>\n#include <stdio.h>\n"
        "int main(void) {\n"
        f"  const int8_t input[MOTION_INPUT_SIZE] = {{{values}}};\n"
        "  static int32_t arena[MOTION_ARENA_BYTES / 4];\n"
        "  int8_t output[MOTION_OUTPUT_SIZE];\n"
        "  motion_invoke_with(arena, input, output);\n"
        '  for (int i = 0; i < MOTION_OUTPUT_SIZE; i++) printf("%d ", output[i]);\n'
        "  return 0;\n}\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(app C)\nadd_executable(app app.c)\n"
        "add_subdirectory(tinyml_motion)\ntarget_link_libraries(app PRIVATE tinyml_motion)\n"
    )
    for folder, build in ((tmp_path, "inside"), (library, "alone")):
        for command in ([cmake, "-S", folder, "-B", build], [cmake, "--build", build]):
            done = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run([tmp_path / "inside" / "app"], capture_output=True, text=True, check=True)
    sketch = (library / "examples" / "motion_inference" / "motion_inference.ino").read_text()
    assert f"expected_output[] = {{{', '.join(done.stdout.split())}}};" in sketch
    assert list((tmp_path / "alone").glob("*tinyml_motion*"))


def test_the_same_model_gives_the_same_zip(tmp_path):
    zips = [
        export_arduino_library(MOTION.read_bytes(), tmp_path / folder, "motion").path.read_bytes()
        for folder in ("a", "b")
    ]
    assert zips[0] == zips[1]
    with zipfile.ZipFile(tmp_path / "a" / "tinyml_motion.zip") as archive:
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {e.compress_type for e in archive.infolist()} == {zipfile.ZIP_STORED}
        assert not any(e.is_dir() for e in archive.infolist())


def call(tmp_path, *more):
    path = str(more[0] if more else MOTION)
    return main(
        [
            "export",
            path,
            "--format",
            "arduino-library",
            "--name",
            "motion",
            "--out",
            str(tmp_path),
            "--json",
        ]
    )


def test_the_command_writes_the_zip_and_may_write_it_again(tmp_path, capsys):
    assert call(tmp_path) == 0
    assert call(tmp_path) == 0
    printed = capsys.readouterr()
    value = json.loads(printed.out[: len(printed.out) // 2])
    assert value == {"files": [str(tmp_path / "tinyml_motion.zip")], "library": "tinyml_motion"}
    assert printed.err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["tinyml_motion.zip"]
    assert call(tmp_path, GOLDEN / "dense3.tflite") == 0
    assert "replaced the C of another model" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["text", "zip"])
def test_a_zip_of_somebody_elses_is_not_overwritten(kind, tmp_path, capsys):
    path = tmp_path / "tinyml_motion.zip"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mine.txt", "tinyml_course")
    else:
        path.write_text("tinyml_course")
    before = path.read_bytes()
    assert call(tmp_path) == 1
    assert "is not overwritten" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_an_example_sees_its_librarys_sources_and_nothing_else(tmp_path):
    library = unpacked(MOTION, tmp_path)
    sketch = library / "examples" / "motion_inference" / "motion_inference.ino"
    text = sketch.read_text()
    (library / "secret.h").write_text("")
    for line in ('#include "../../secret.h"', "#include <secret.h>"):
        sketch.write_text(f"{line}\n{text}")
        with pytest.raises(BoardError, match="secret"):
            build_sketch(sketch.parent, "nano33ble")
    sketch.write_text(text)
    build_sketch(sketch.parent, "nano33ble")
    (library / "library.properties").unlink()
    with pytest.raises(BoardError, match=r"motion\.h"):
        build_sketch(sketch.parent, "nano33ble")


def test_a_librarys_sources_that_are_a_link_are_not_followed(tmp_path):
    library = unpacked(MOTION, tmp_path)
    (library / "src").rename(tmp_path / "elsewhere")
    (library / "src").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BoardError, match=r"motion\.h"):
        build_sketch(library / "examples" / "motion_inference", "nano33ble")


def test_a_self_test_is_not_left_out_in_silence(tmp_path, capsys):
    more = ["--format", "arduino-library", "--self-test", "--out", str(tmp_path)]
    assert main(["export", str(MOTION), *more]) == 1
    assert "--self-test is for --format c-source" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
