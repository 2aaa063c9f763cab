"""Two commands into one place, and commands that are killed: what is there is whole, or was."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attack.test_interrupts import of_this_case, wait_until_none
from tinyml_course.board.compiler import shared_object_cache
from tinyml_course.bundle import Bundle

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts in /proc")
MODELS = ("data/bundles/motion/model_int8.tflite", "data/bundles/keywords_people/model_int8.tflite")
# A Bundle whose further files take their time, as a lab's sketches and plots do.
SAVE = """
import sys, time
from tinyml_course.bundle import Bundle
from tinyml_course.cli.ending import stoppable
def slowly(folder):
    (folder / "plots").mkdir()
    print("begun", flush=True)
    time.sleep({seconds})
with stoppable("save", is_program=True):
    Bundle.load_shipped("motion").save(sys.argv[1], extra=slowly)
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts commands; they end with the test."""
    monkeypatch.setenv("TINYML_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(shared_object_cache()))
    started = []

    def start(*words, program=("-m", "tinyml_course")):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen([sys.executable, *program, *words], **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    assert wait_until_none(lambda: of_this_case(str(tmp_path))) == []


@pytest.mark.whole_attack
def test_one_sketch_is_built_four_times_at_once(start, tmp_path, attack):
    attack("two at once: sketches")
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "probe.ino").write_text(
        "void setup() { Serial.begin(9600); Serial.println(42); }\nvoid loop() { delay(10); }\n"
    )
    runs = [start("sketch", "run", str(folder), "--seconds", "0.1") for _ in range(4)]
    assert [run.communicate(timeout=120) for run in runs] == [("42\n", "")] * 4
    assert list((tmp_path / "cache" / "sketches").glob("*/tinyml-*")) == []


def test_two_models_are_exported_to_one_name(start, tmp_path, attack):
    """Whichever was last: header and source are those of one model."""
    attack("two at once: exports")
    for _ in range(3):
        runs = [start("export", model, "--out", str(tmp_path), "--name", "m") for model in MODELS]
        assert [run.wait(60) for run in runs] == [0, 0]
        sums = {
            re.search(r"\b[0-9a-f]{64}\b", (tmp_path / f).read_text())[0] for f in ("m.h", "m.c")
        }
        assert len(sums) == 1
        known = {hashlib.sha256(Path(model).read_bytes()).hexdigest() for model in MODELS}
        assert sums <= known
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_bundle_is_saved_twice_at_once(start, tmp_path, attack):
    attack("two at once: Bundles")
    program = ("-c", SAVE.format(seconds=0.2))
    runs = [start(str(tmp_path / "bundle"), program=program) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0], [run.stderr.read() for run in runs]
    assert Bundle.load(tmp_path / "bundle").name == "motion"
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize("there", [False, True], ids=["nothing there", "another there"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_who_is_ended_while_it_writes_a_bundle(start, tmp_path, attack, number, there):
    attack("killed: while a Bundle is written")
    folder = tmp_path / "bundle"
    if there:
        Bundle.load_shipped("keywords_people").save(folder)
    process = start(str(folder), program=("-c", SAVE.format(seconds=60)))
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    begun = time.monotonic()
    process.wait(20)
    assert time.monotonic() - begun < 2
    assert wait_until_none(lambda: [path.name for path in tmp_path.glob(".*")]) == []
    assert folder.exists() == there
    if there:
        assert Bundle.load(folder).name == Bundle.load_shipped("keywords_people").name


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_who_is_ended_while_it_verifies(start, tmp_path, monkeypatch, attack, number):
    """The compiler's folder and the compiler go too."""
    attack("killed: while it verifies")
    temporary = tmp_path / "compiled"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = start("verify", MODELS[0], "--samples", "2")
    until = time.monotonic() + 60
    while not list(temporary.glob("tinyml-*/*")):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(20) == -number
    assert wait_until_none(lambda: os.listdir(temporary)) == []


def answers(address):
    try:
        socket.create_connection((address.hostname, address.port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.whole_attack),
        pytest.param(signal.SIGTERM, marks=pytest.mark.whole_attack),
        signal.SIGKILL,
    ],
)
def test_a_page_that_is_played_ends_with_its_server(start, tmp_path, monkeypatch, attack, number):
    pytest.importorskip("voila")
    attack("killed: while it plays")
    temporary = tmp_path / "page"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = start("play", "selftest", "--board", "pico", "--no-browser")
    address = urlsplit(process.stdout.readline())
    process.stdout.readline()
    socket.create_connection((address.hostname, address.port), 5).close()
    process.send_signal(number)
    begun = time.monotonic()
    assert process.wait(20) == (130 if number == signal.SIGINT else -number)
    assert time.monotonic() - begun < 2
    assert wait_until_none(lambda: os.listdir(temporary)) == []
    assert wait_until_none(lambda: answers(address)) == []


def test_json_of_two_at_once_is_whole(start, tmp_path, attack):
    attack("two at once: exports")
    runs = [start("verify", MODELS[0], "--samples", "20", "--json") for _ in range(3)]
    for run in runs:
        assert json.loads(run.communicate(timeout=60)[0])["bytes_differing"] == 0
