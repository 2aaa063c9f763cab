"""The sketch that learns, unmodified, on the virtual boards: what it knows is what Python knows."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tests.board.test_security_sketch import copy_without_flash
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.motion import cut_windows
from tinyml_course.export.learning.source import generate_head_c
from tinyml_course.export.learning.verify import state_of
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab
from tinyml_course.network.rewrite import cut_head
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner
from tinyml_course.shipped import DATA, SKETCHES

SKETCH = SKETCHES / "personalize"
TRACE = DATA / "personalize/turned.csv"
LAB = get_lab("personalize")
BOARDS = ["wio_terminal", "nano33ble"]


@pytest.fixture(scope="module")
def run_of():
    """Each board taught by its keys over the whole trace; it takes seconds, so once."""
    return cache(lambda board: run_sketch(SKETCH, board, [TRACE], 60.5, presses=LAB.presses[board]))


def records(lines, first):
    found = [line for line in lines if line.startswith(f"{first}:")]
    return [dict(field.split(":") for field in line.split(",")) for line in found]


def fnv(state: np.ndarray) -> int:
    found = 2166136261
    for byte in state.tolist():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def new_learner():
    bundle = Bundle.load_shipped("personalize")
    return Learner(Head.from_model(bundle.model), bundle.learning)


def sum_of(learner):
    size = generate_head_c(learner.head, learner.spec, "h").state_bytes
    return fnv(state_of(learner, size))


def test_every_answer_and_every_bit_of_every_weight_is_what_python_says(run_of):
    """On the Wio no sample is lost, so Python can cut the same windows from the trace."""
    lines = run_of("wio_terminal").lines
    bundle = Bundle.load_shipped("personalize")
    body = cut_head(bundle.model)
    windows = cut_windows(read_trace(TRACE).values)
    inputs = body.input.quantize(bundle.preprocessing.apply(windows))
    features = run_integer_model(body, inputs).outputs
    shipped, learner = new_learner(), new_learner()
    answers = 0
    for line in lines:
        if not line.startswith(("window:", "label:")):
            continue
        said = dict(field.split(":") for field in line.split(","))
        x = features[int(said["window"])]
        if "label" in said:
            learner.learn(x, int(said["label"]))
            assert int(said["sum"]) == sum_of(learner)
        else:
            answers += 1
            assert int(said["class"]) == learner.predict(x)
            assert int(said["shipped"]) == shipped.predict(x)
            of_one = [float(said[name]) for name in bundle.class_names]
            assert np.allclose(of_one, learner.probabilities(x) / 32768, atol=1e-4)
    assert answers == 59
    assert learner.seen.tolist() == [3, 3, 3]


@pytest.mark.parametrize("board", BOARDS)
def test_what_is_taught_in_the_first_round_is_known_in_the_second(board, run_of):
    labels = records(run_of(board).lines, "label")
    assert [int(one["label"]) for one in labels] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    last = records(run_of(board).lines, "window")[-28:]
    truth = np.repeat([0, 1, 2], 10)[-28:]
    right = [np.mean([int(one[key]) == t for one, t in zip(last, truth, strict=True)])
             for key in ("shipped", "class")]  # fmt: skip
    assert right[0] < 0.5
    assert right[1] > 0.85


@pytest.mark.parametrize("board", BOARDS)
def test_the_power_goes_and_what_was_learnt_stays(board, run_of):
    kept = run_of(board).board.storage.content
    taught = records(run_of(board).lines, "label")[-1]["sum"]
    again = run_sketch(SKETCH, board, [TRACE], 2.6, stored=kept)
    assert again.lines[1] == f"# known from before; labels: 9, sum {taught}"


def places_of(kept):
    """Where the records lie, the older first; FlashStorage keeps its bytes turned over here."""
    header = (SKETCH / "personalize_head.h").read_text()
    number = int(re.search(r"HEAD_ID (0x\w+)u", header)[1], 16).to_bytes(4, "little")
    turned = bytes(255 - byte for byte in number)
    found = [m.start() for m in re.finditer(re.escape(number) + b"|" + re.escape(turned), kept)]
    turns = [min(kept[at + 4], 255 - kept[at + 4]) for at in found]
    return [at for _, at in sorted(zip(turns, found, strict=True))]


@pytest.mark.parametrize("board", BOARDS)
def test_a_record_that_was_not_written_whole_leaves_the_one_before_it(board, run_of):
    """The power may go while flash is written: what was stored last is lost then, and no more."""
    run = run_of(board)
    stored = [line.split(", sum ")[1] for line in run.lines if "# stored" in line]
    kept = bytearray(run.board.storage.content)
    older, newer = places_of(kept)
    kept[newer + 100] ^= 1
    lines = run_sketch(SKETCH, board, [TRACE], 0.5, stored=bytes(kept)).lines
    assert lines[1] == f"# known from before; labels: 6, sum {stored[-2]}"
    kept[older + 100] ^= 1
    lines = run_sketch(SKETCH, board, [TRACE], 0.5, stored=bytes(kept)).lines
    assert lines[1] == "# nothing stored: as shipped"


def test_the_power_goes_while_a_page_is_erased(run_of):
    """On the Nano that takes 85 ms, three seconds after the last key."""
    sketch = build_sketch(SKETCH, "nano33ble")
    trace = read_trace(TRACE)
    board = VirtualBoard(sketch, [trace])
    board.run(3)
    for label in "01":
        board.uart.give(label.encode())
        board.run(3.2)
    kept = known = board.storage.content
    board.uart.give(b"2")
    while kept == known:  # until the erase has begun
        board.run(0.01)
        kept = board.storage.content
    said = board.uart.take().decode().splitlines()
    assert sum("# stored" in line for line in said) == 2
    again = VirtualBoard(sketch, [trace], kept)
    again.run(0.5)
    assert again.uart.take().decode().splitlines()[1].startswith("# known from before; labels: 2,")


def test_a_flash_that_keeps_nothing_is_said(tmp_path):
    copy = copy_without_flash("personalize", tmp_path)
    lines = run_sketch(copy, "nano33ble", [TRACE], 7.5, presses=["D2@3"]).lines
    assert "# error the flash does not keep it: what was learnt goes with the power" in lines
    assert not [line for line in lines if "# stored" in line]


@pytest.mark.parametrize("board", BOARDS)
def test_a_key_that_bounces_is_one_press(board):
    """Contacts of a button open and close for some milliseconds, going down and coming up."""
    key = {"wio_terminal": "KEY_B", "nano33ble": "D3"}[board]
    times = ("3+0.004", "3.010+0.004", "3.020+0.2", "3.226+0.004")
    presses = [f"{key}@{time}" for time in (*times, "4+0.1")]
    lines = run_sketch(SKETCH, board, [TRACE], 4.5, presses=presses).lines
    assert [one["labels"] for one in records(lines, "label")] == ["1", "2"]


def test_what_was_seen_before_a_fault_is_not_labelled():
    """The sensor repeats itself: the last window is long past, and a key must not label it."""
    stuck = read_trace(TRACE)
    values = stuck.values.copy()
    values[200:] = values[200]
    lines = run_sketch(
        SKETCH, "wio_terminal", [replace(stuck, values=values)], 9, presses=["KEY_A@8+0.5"]
    ).lines
    assert "# error the accelerometer is stuck: it repeats itself" in lines
    assert not records(lines, "label")
    assert "# no window yet: move for two seconds, then press" in lines


@pytest.mark.parametrize("board", BOARDS)
def test_serial_labels_and_the_key_that_forgets(board, run_of):
    kept = run_of(board).board.storage.content
    key = {"wio_terminal": "5S_PRESS", "nano33ble": "D5"}[board]
    run = run_sketch(SKETCH, board, [TRACE], 9, stored=kept, send="1", presses=[f"{key}@3+1.5"])
    assert "# no window yet: move for two seconds, then press" in run.lines
    fresh = sum_of(new_learner())
    assert f"# forgotten; labels: 0, sum {fresh}" in run.lines
    assert f"# stored; labels: 0, sum {fresh}" in run.lines
    short = run_sketch(SKETCH, board, [TRACE], 6, stored=kept, presses=[f"{key}@3+0.5"])
    assert not [line for line in short.lines if "forgotten" in line]


@pytest.mark.parametrize("board", BOARDS)
def test_golden_serial_lines(board, run_of):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / f"personalize_{board}.txt"
    kept = [line.split(",latency_us")[0].split(",learn_us")[0] for line in run_of(board).lines]
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


def test_the_screen_counts_labels_and_says_what_was_shipped(run_of):
    texts = run_of("wio_terminal").board.screen.texts
    assert texts[:6] == ["still", "walk", "run", "0", "0", "0"]
    assert texts[-3:] == ["run", "as shipped:", "still"]
    assert "3" in texts


def test_without_a_sensor_it_says_so_once_a_second():
    lines = run_sketch(SKETCH, "wio_terminal", [], 3, settings=()).lines
    assert lines[:2] == ["# personalize 1 wio_terminal", "# nothing stored: as shipped"]
