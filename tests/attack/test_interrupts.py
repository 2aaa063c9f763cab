"""Ctrl-C at random moments of what takes long: all end within 2 s, nothing half-written or left."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tinyml_course.board.compiler import shared_object_cache
from tinyml_course.bundle import Bundle

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts in /proc")
SEED = "tinyml-interrupts-1"
LONGEST_S = 2.0
# A shell shows 130 for both: the second is Python's own, while the command itself is loaded.
ENDS = (130, -signal.SIGINT)
# What Python does before it comes to us is not ours: the clock starts behind it.
START = (
    "import os, sys; os.write(1, b'begun\\n')\nfrom tinyml_course.cli import main; sys.exit(main())"
)
MODEL = "data/bundles/motion/model_int8.tflite"


@dataclass(frozen=True)
class Command:
    """A command that takes longer than `seconds`, a moment of which is drawn."""

    words: tuple[str, ...]
    seconds: float


LIVE = "virtual://nano33ble?sketch=recorder&pace=real"
COMMANDS = {
    "run": Command(("run", "motion", "--out", "@/bundle"), 40),
    "verify": Command(("verify", MODEL, "--samples", "100000"), 6),
    "sketch run": Command(("sketch", "run", "@/motion", "--seconds", "100000"), 6),
    "record": Command(("record", LIVE, "--label", "a", "--seconds", "100", "--out", "@/a.csv"), 6),
    "monitor": Command(("monitor", LIVE), 6),
}
CASES = [(name, turn) for name in COMMANDS for turn in range(10)]


def moment(name, turn):
    """When the Ctrl-C comes, in seconds after the start: random, and the same in every run."""
    part = COMMANDS[name].seconds / 10
    return (turn + random.Random(f"{SEED} {name} {turn}").random()) * part


def of_this_case(marker):
    """Processes that the case has started, and theirs: by environment, or by their folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                known = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(marker) in known:
                found.append(entry.name)
    return found


def wait_until_none(look, seconds=3.0):
    until = time.monotonic() + seconds
    while found := look():
        if time.monotonic() > until:
            return found
        time.sleep(0.05)
    return []


def interrupt(words, environment, log, after_s):
    """Exit code, and seconds from the Ctrl-C to the end; None if it had ended before."""
    with open(log, "wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", START, *words],
            stdout=said,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    try:
        while not log.stat().st_size:
            assert process.poll() is None
            time.sleep(0.001)
        time.sleep(after_s)
        if process.poll() is not None:
            assert process.returncode == 0, log.read_text()
            return None
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        return process.wait(20), time.monotonic() - begun
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        pytest.param(
            name,
            turn,
            marks=() if turn == 3 and name != "run" else pytest.mark.whole_attack,
            id=f"{name}, {moment(name, turn):.2f} s",
        )
        for name, turn in CASES
    ],
)
def test_an_interrupt(name, turn, tmp_path, attack):
    attack(f"interrupts: {name}")
    sketch = tmp_path / "motion"
    sketch.mkdir()
    for path in Path("arduino_sketches/motion").iterdir():
        (sketch / path.name).write_bytes(path.read_bytes())
    words = [word.replace("@", str(tmp_path)) for word in COMMANDS[name].words]
    environment = {
        **os.environ,
        "TINYML_CACHE_DIR": str(tmp_path / "cache"),
        "ZIG_GLOBAL_CACHE_DIR": str(shared_object_cache()),
    }
    log = tmp_path / "log"
    after_s = moment(name, turn)
    while not (ended := interrupt(words, environment, log, after_s)):
        after_s /= 2  # this computer is faster: it was over before
    code, took_s = ended
    said = log.read_text(errors="replace")
    assert code in ENDS, said[-2000:]
    assert took_s < LONGEST_S, said[-2000:]
    if code == 130:
        assert "Traceback" not in said
        assert "stopped" in said.splitlines()[-1] or name == "record"
    assert wait_until_none(lambda: of_this_case(str(tmp_path))) == []
    assert wait_until_none(lambda: [p.name for p in tmp_path.glob(".*")]) == []
    assert wait_until_none(lambda: list((tmp_path / "cache" / "sketches").glob("*/tinyml-*"))) == []
    if (tmp_path / "bundle").exists():
        Bundle.load(tmp_path / "bundle")
    if (tmp_path / "a.csv").exists():
        text = (tmp_path / "a.csv").read_text()
        assert text.endswith("\n")
        assert {line.count(",") for line in text.splitlines()} == {5}


def test_there_are_fifty():
    assert len(CASES) == len(set(CASES)) == 50
