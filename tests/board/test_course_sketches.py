"""The course's own sketches, unmodified, on the virtual boards: the promises of lesson 09."""

import importlib.util
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.tools import need_tool
from tinyml_course.board.build.prototypes import join_inos
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.models import ARDUINO_FOLDER, MODELS
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import acceleration_trace, read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab
from tinyml_course.observe.link import open_link
from tinyml_course.observe.selftest import run_selftest
from tinyml_course.shipped import BUNDLES, SKETCHES

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
TRACE = ROOT / "data" / "motion_p003.csv"
SENSOR_BOARDS = [("nano33ble", {}), ("nano33ble", {"NANO_REVISION": 2}), ("wio_terminal", {})]


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(BUNDLES / "motion")


def run_on(board, sketch, defines, trace):
    machine = VirtualBoard(build_sketch(SKETCHES / sketch, board, defines=defines), [trace])
    machine.run(trace.seconds + 0.5)  # the Wio's sensor takes 0.3 s to begin
    return machine, machine.uart.sent.decode().splitlines()


@pytest.mark.parametrize(("board", "defines"), SENSOR_BOARDS, ids=["nano", "nano rev2", "wio"])
def test_motion_says_what_python_says_for_every_window(board, defines, bundle):
    trace = read_trace(TRACE)
    _, lines = run_on(board, "motion", defines, trace)
    hop = bundle.window // 2
    starts = range(0, len(trace.values) - bundle.window + 1, hop)
    scores = bundle.predict_scores(np.stack([trace.values[s : s + bundle.window] for s in starts]))
    records = [dict(f.split(":") for f in line.split(",")) for line in lines[1:]]
    records = records[: len(starts)]
    assert len(records) == len(starts)
    assert [int(r["class"]) for r in records] == scores.argmax(axis=1).tolist()
    said = np.array([[float(r[name]) for name in bundle.class_names] for r in records])
    assert np.abs(said - scores).max() < 0.02  # LiteRT's fast kernels may differ by a few steps
    assert {int(r["class"]) for r in records} == {0, 1, 2}


def test_motion_shows_the_class():
    walk = read_trace(TRACE)
    nano, lines = run_on("nano33ble", "motion", {}, walk)
    assert lines[0] == "# motion 1 nano33ble"
    led = [change for change in nano.gpio.changes if change.pin == 13]
    assert led[0].value == 0  # still: off
    steps_us = {b.time_us - a.time_us for a, b in zip(led[-9:], led[-8:], strict=False)}
    assert all(abs(step - 125_000) < 1500 for step in steps_us)  # run: blinking, without delay
    wio, _ = run_on("wio_terminal", "motion", {}, walk)
    assert wio.screen.texts[:2] == ["motion", "still"]
    assert wio.screen.texts[-1] == "run"
    assert (wio.screen.image[90:150, 20:300] == [255, 0, 0]).all(axis=2).any()  # in red


@pytest.mark.parametrize("sketch", ["motion", "recorder"])
def test_golden_serial_lines(sketch):
    """The exact lines, latency included: emulated time is counted, not measured."""
    run = run_sketch(SKETCHES / sketch, "nano33ble", [TRACE], seconds=6.0)
    golden = GOLDEN / f"{sketch}_nano33ble.txt"
    again = run_sketch(SKETCHES / sketch, "nano33ble", [TRACE], seconds=6.0)
    assert again.output == run.output
    kept = [line.split(",latency_us")[0] for line in run.lines]
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


def test_a_second_of_motion_takes_well_under_a_second():
    import time

    machine = VirtualBoard(build_sketch(SKETCHES / "motion", "nano33ble"), [read_trace(TRACE)])
    begun = time.process_time()
    machine.run(20.0)
    assert time.process_time() - begun < 20.0 / 2  # measured: about 1 s


def test_recorder_streams_every_row():
    trace = acceleration_trace(np.arange(300).reshape(100, 3) / 100)
    for board, defines in SENSOR_BOARDS:
        _, lines = run_on(board, "recorder", defines, trace)
        records = [line.split(",") for line in lines[1:101]]
        values = [[float(field.split(":")[1]) for field in record[1:]] for record in records]
        assert np.allclose(values, trace.values, atol=0.00005001)
        t_ms = np.array([int(record[0].split(":")[1]) for record in records])
        assert (np.diff(t_ms) == 20).all()


@pytest.mark.parametrize("board", ["nano33ble", "pico", "esp32c3"])
def test_selftest_equals_tflm_in_every_byte_of_the_whole_test_set(board, bundle, test_set):
    inputs, outputs, labels = test_set
    with open_link(f"virtual://{board}?sketch=selftest") as link:
        result = run_selftest(link, inputs)
    assert len(result.outputs) > 1000
    assert np.count_nonzero(result.outputs != outputs) == 0
    assert (result.outputs.argmax(axis=1) == labels).mean() > 0.95
    assert result.repeated == 0
    assert 20 < result.median_latency_us < 1000


@pytest.fixture(scope="module")
def test_set(bundle):
    """Every test window of the lab as int8, with TFLM's outputs."""
    lab = get_lab("motion")
    test = split_by_group(lab.make_dataset(lab.seed), seed=lab.seed).test
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(test.x))
    return inputs, run_integer_model(bundle.model, inputs).outputs, test.y


def test_selftest_answers_mistakes_and_goes_on():
    with open_link("virtual://xiao_samd21?sketch=selftest") as link:
        for sent, answer in [
            ("v 00", b"# error a vector has two"),
            ("v " + "00" * 9, b"# error a vector has two"),
            ("v zz" + "00" * 7, b"# error a vector has two"),
            ("hello", b"# error unknown command"),
            ("v " + "0A" * 8, b"sum:80,latency_us:"),
            ("?", b"inputs:8,outputs:3"),
        ]:
            link.write_line(sent)
            lines = [line for line in [link.read_line(), link.read_line(0.1)] if line]
            assert lines[-1].startswith(answer), (sent, lines)


def test_generated_files_are_what_the_package_writes(tmp_path):
    spec = importlib.util.spec_from_file_location("build_sketches", SKETCHES / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for sketch in ("motion", "selftest"):
        (tmp_path / sketch).mkdir()
    for path in module.build_sketches(tmp_path):
        stored = SKETCHES / path.relative_to(tmp_path)
        assert stored.read_text() == path.read_text(), (
            f"{stored} is not up to date: run  python arduino_sketches/build.py"
        )


SKETCH_NAMES = sorted(p.name for p in SKETCHES.iterdir() if p.is_dir())


@pytest.mark.parametrize("sketch", SKETCH_NAMES)
def test_a_sketch_folder_is_complete(sketch):
    folder = SKETCHES / sketch
    assert (folder / f"{sketch}.ino").is_file()
    readme = (folder / "README.md").read_text()
    for word in ("Boards", "Librar", "Wiring", "Serial Monitor"):
        assert word in readme
    code = (folder / f"{sketch}.ino").read_text()
    assert "millis() - start_ms < 2000" in code  # waits for the port, but not for ever
    assert not any(p.is_symlink() for p in folder.rglob("*"))


def compile_with_gcc(source, sketch, board, standard, *more):
    """What Arduino's own compiler, GCC, says of a source of a sketch; "" if it takes it."""
    gcc = need_tool("arm-none-eabi-g++")
    model = MODELS[board]
    include = [SKETCHES / sketch, ARDUINO_FOLDER / "core", ARDUINO_FOLDER / "variants" / board]
    include += [ARDUINO_FOLDER / "libraries" / name for name in model.libraries.values()]
    defines = {**model.defines, **({"BOARD_CORE_API": 1} if model.has_core_api else {})}
    done = subprocess.run(
        [
            gcc.replace("g++", "gcc") if source.suffix == ".c" else gcc,
            "-mcpu=cortex-m4",
            "-mthumb",
            "-Os",
            "-Wall",
            "-Wextra",
            "-Werror",
            f"-std={standard}",
            *(f"-I{path}" for path in include),
            *(f"-D{key}={value}" for key, value in defines.items()),
            *more,
            "-c",
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr if done.returncode else ""


def write_joined(sketch, folder):
    joined = folder / f"{sketch}.cpp"
    joined.write_text(join_inos([SKETCHES / sketch / f"{sketch}.ino"]))
    return joined


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
@pytest.mark.parametrize("sketch", [n for n in SKETCH_NAMES if not n.endswith("_tflm")])
def test_gcc_takes_the_sketches_too(sketch, board, tmp_path):
    """In the C++14 of the Nano's core."""
    for source in [write_joined(sketch, tmp_path), *(SKETCHES / sketch).glob("*.c")]:
        standard = "gnu11" if source.suffix == ".c" else "gnu++14"
        out = str(tmp_path / "out.o")
        assert compile_with_gcc(source, sketch, board, standard, "-o", out) == ""


@pytest.mark.parametrize(
    ("board", "more"),
    [("nano33ble", []), ("nano33ble", ["-DNANO_REVISION=2"]), ("wio_terminal", [])],
    ids=["nano", "nano rev2", "wio"],
)
@pytest.mark.parametrize("sketch", [n for n in SKETCH_NAMES if not n.endswith("_tflm")])
def test_every_sketch_is_cpp11(sketch, board, more, tmp_path):
    """Nothing newer than Arduino's SAMD cores take: gnu++11."""
    joined = write_joined(sketch, tmp_path)
    assert compile_with_gcc(joined, sketch, board, "gnu++11", "-fsyntax-only", *more) == ""
