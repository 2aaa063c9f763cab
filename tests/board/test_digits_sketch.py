"""The digits sketch, unmodified, on the virtual boards: it answers and draws what Python says."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.bench import bench_model
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.catalog import LIBRARY_COSTS
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.bundle import Bundle
from tinyml_course.export.firmware.pictures import to_grey
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.observe.link import open_link
from tinyml_course.pipeline.on_the_board import measure_on_board
from tinyml_course.shipped import SKETCHES

BOARDS = ["nano33ble", "wio_terminal"]
WIO_5S_PRESS = 35
RED, GREEN, BLUE = 22, 23, 24  # the Nano's LEDs, active low
RIGHT, WRONG, UNKNOWN = (0x36D1, 0xFC46, 0x5DBD)  # display_wio_terminal.h
FRAME = slice(10, 210)


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("digits")


@pytest.fixture(scope="module", params=BOARDS)
def run(request, bundle):
    count = len(carried(bundle)[1])
    return run_sketch(SKETCHES / "digits", request.param, seconds=2 * count - 1)


def carried(bundle):
    """The greys `(n, rows, columns)` and labels of the pictures that the sketch holds."""
    labels = bundle.golden.labels
    picked = sorted(place for c in range(10) for place in np.flatnonzero(labels == c)[:2])
    return to_grey(bundle.golden.windows[picked]), labels[picked]


def expected_outputs(bundle, greys):
    """`(n, 10)` int8: what TFLM says to pictures of bytes."""
    windows = greys.astype(np.float32) / np.float32(255)
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(windows))
    return run_integer_model(bundle.model, inputs).outputs


def read_record(line):
    return {name: int(value) for name, value in (field.split(":") for field in line.split(","))}


def outputs_of(record):
    return [record[f"q{c}"] for c in range(10)]


def as_command(grey):
    return "p " + grey.tobytes().hex()


def rgb(color565):
    red, green, blue = color565 >> 11, color565 >> 5 & 63, color565 & 31
    return [red * 255 // 31, green * 255 // 63, blue * 255 // 31]


def picture_on(screen, shape):
    """The greys on the screen's paper, one a pixel, and whether each pixel has one colour."""
    dot = 200 // max(shape)
    margin = (200 - dot * shape[0]) // 2
    paper = screen.image[FRAME, FRAME][margin:, margin:][: dot * shape[0], : dot * shape[1]]
    blocks = paper.reshape(shape[0], dot, shape[1], dot, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    return 255 - blocks[:, 0, :, 0].astype(int)


def assert_shows(screen, grey, answer, label, color, scores):
    drawn = picture_on(screen, grey.shape)
    assert np.abs(drawn - grey[..., None]).max() <= 8  # five bits a colour
    assert np.ptp(drawn, axis=2).max() <= 4  # grey, not pink
    texts = [text for text in screen.texts if text.strip()]
    assert texts[-3:] == [str(answer), "label:     ", str(label)] or (
        label is None and texts[-2:] == [str(answer), "label: none"]
    )
    numeral = screen.image[10:120, 230:314].reshape(-1, 3)
    assert (numeral == rgb(color)).all(axis=1).sum() > 500
    bars = screen.image[125:235:11, 234:310]  # the middle row of each
    assert (bars[answer] == rgb(color)).all(axis=1).sum() == round(scores[answer] * 76)
    others = np.delete(bars, answer, axis=0)
    assert not (others == rgb(color)).all(axis=2).any()


def test_every_carried_picture_is_answered_as_in_python(run, bundle):
    greys, labels = carried(bundle)
    records = [read_record(line) for line in run.lines[1:]]
    expected = expected_outputs(bundle, greys)
    assert [r["picture"] for r in records] == list(range(len(labels)))
    assert [r["label"] for r in records] == labels.tolist()
    assert [outputs_of(r) for r in records] == expected.tolist()
    assert [r["class"] for r in records] == expected.argmax(axis=1).tolist()
    assert all(1000 < r["latency_us"] < 50_000 for r in records)


def test_golden_lines(run):
    golden = GOLDEN / f"digits_{run.sketch.model.board.name}.txt"
    kept = [re.sub(r"latency_us:\d+", "latency_us:", line) for line in run.lines]
    assert kept == golden.read_text().splitlines(), f"if that is right, write them to {golden}"


def test_the_last_picture_and_its_answer_are_shown(run, bundle):
    greys, labels = carried(bundle)
    outputs = expected_outputs(bundle, greys[-1:])[0]
    answer, label = outputs.argmax(), labels[-1]
    is_right = answer == label
    if run.board.screen is None:
        light = run.board.gpio.outputs
        assert (light[RED], light[GREEN], light[BLUE]) == (is_right, not is_right, 1)
        return
    scores = (outputs.astype(int) + 128) / 256
    color = RIGHT if is_right else WRONG
    assert_shows(run.board.screen, greys[-1], answer, label, color, scores)


def test_the_sketch_leaves_what_tinyml_fit_says(run, bundle):
    promised = bench_model(bundle.model, run.sketch.model.board.name).fit
    assert run.sketch.fit.fits
    board = run.sketch.model.board
    screen = LIBRARY_COSTS[board.name, "TFT_eSPI.h"].flash_bytes if board.name != "nano33ble" else 0
    expected = promised.margin - screen / board.flash_bytes
    assert run.sketch.fit.margin == pytest.approx(expected, abs=0.03)
    assert run.stack_bytes < 2048


def test_a_wrong_answer_is_shown_as_wrong(bundle, tmp_path):
    golden = replace(bundle.golden, labels=(bundle.golden.labels + 1) % 10)
    folder = write_sketch(replace(bundle, golden=golden), "digits", tmp_path)
    light = run_sketch(folder, "nano33ble", seconds=1).board.gpio.outputs
    assert (light[RED], light[GREEN], light[BLUE]) == (0, 1, 1)
    done = run_sketch(folder, "wio_terminal", seconds=1)
    record = read_record(done.lines[1])
    assert record["class"] != record["label"]
    numeral = done.board.screen.image[10:120, 230:314].reshape(-1, 3)
    assert (numeral == rgb(WRONG)).all(axis=1).any()
    assert not (numeral == rgb(RIGHT)).all(axis=1).any()


@pytest.mark.parametrize("board", BOARDS)
def test_a_picture_that_is_sent_is_answered_as_in_python(board, bundle):
    rng = np.random.default_rng(0)
    every_grey = rng.permutation(256).astype(np.uint8).reshape(4, 8, 8)
    greys = np.concatenate([every_grey, to_grey(bundle.golden.windows[-3:])])
    done = run_sketch(
        SKETCHES / "digits", board, seconds=1, send="".join(as_command(g) + "\n" for g in greys)
    )
    records = [read_record(line) for line in done.lines[1:]]
    expected = expected_outputs(bundle, greys)
    assert [r["sum"] for r in records] == greys.sum(axis=(1, 2), dtype=int).tolist()
    assert [outputs_of(r) for r in records] == expected.tolist()
    if done.board.screen is None:
        assert done.board.gpio.outputs[BLUE] == 0
        return
    scores = (expected[-1].astype(int) + 128) / 256
    assert_shows(done.board.screen, greys[-1], scores.argmax(), None, UNKNOWN, scores)


def test_mistakes_are_answered_and_the_next_picture_too(bundle):
    good = to_grey(bundle.golden.windows[1])
    wrong_picture, unknown = b"# error a picture has two", b"# error unknown command"
    with open_link("virtual://wio_terminal?sketch=digits") as link:
        link.write_line(as_command(good))  # the pictures of its own pause from here on
        assert any(link.read_line().startswith(b"sum:") for _ in range(3))
        for sent, answer in [
            ("p 00", wrong_picture),
            ("p", wrong_picture),
            (as_command(good) + "0", wrong_picture),
            (as_command(good) + "00", wrong_picture),
            ("p zz" + "00" * 63, wrong_picture),
            ("p 0g" + "00" * 64, wrong_picture),
            ("p " + "f" * 20_000, wrong_picture),
            ("hello", unknown),
            ("x" * 5000, unknown),
            ("", None),
            ("?", b"rows:8,columns:8"),
            (as_command(good).upper(), unknown),
            ("p" + good.tobytes().hex().upper() + "\r", b"sum:%d," % good.sum(dtype=int)),
        ]:
            link.write_line(sent)
            lines = [line for line in (link.read_line(0.2), link.read_line(0.2)) if line]
            assert len(lines) == (answer is not None), (sent, lines)
            assert all(line.startswith(answer) for line in lines), (sent, lines)


def test_a_picture_that_was_sent_stays_for_ten_seconds(bundle):
    with open_link("virtual://nano33ble?sketch=digits") as link:
        assert link.read_line() == b"# digits 1 nano33ble"
        link.write_line(as_command(to_grey(bundle.golden.windows[0])))
        times = []
        while len(times) < 3:
            if b"latency_us" in link.read_line(20):
                times.append(link.board_time_s)
    assert np.diff(times)[-1] == pytest.approx(10, abs=0.2)


def test_the_switch_shows_the_next_picture_once():
    machine = VirtualBoard(build_sketch(SKETCHES / "digits", "wio_terminal"))
    machine.run(0.5)
    for bouncing in (0, 1, 0):
        machine.gpio.set_input(WIO_5S_PRESS, bouncing)
        machine.run(0.01)
    machine.run(0.5)
    machine.gpio.set_input(WIO_5S_PRESS, None)
    machine.run(0.5)
    records = [read_record(line) for line in machine.uart.sent.decode().splitlines()[1:]]
    assert [r["picture"] for r in records] == [0, 1]


def test_the_same_sketch_carries_the_larger_pictures(tmp_path):
    larger = Bundle.load_shipped("digits_28x28")
    folder = write_sketch(larger, "digits", tmp_path)
    sent = to_grey(larger.golden.windows[-1:])
    done = run_sketch(folder, "wio_terminal", seconds=1, send="?\n" + as_command(sent[0]) + "\n")
    assert done.lines[1] == "rows:28,columns:28"
    expected = expected_outputs(larger, sent)[0]
    assert outputs_of(read_record(done.lines[2])) == expected.tolist()
    scores = (expected.astype(int) + 128) / 256
    assert_shows(done.board.screen, sent[0], expected.argmax(), None, UNKNOWN, scores)


def test_a_lab_without_a_sensor_runs_its_sketch(bundle):
    inputs = bundle.golden.inputs[:2]
    result = measure_on_board(bundle, inputs, board="wio_terminal", sketch="digits", seconds=3)
    assert result.sketch == "digits"
    assert result.lines[0] == "# digits 1 wio_terminal"
    assert [line.split(",")[0] for line in result.lines[1:]] == ["picture:0", "picture:1"]
