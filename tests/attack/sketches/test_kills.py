"""Whoever ends `tinyml`, and however: no compiler goes on, no temporary folder stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.attack.sketches.hostile_builds import BUILDS
from tinyml_course.board.compiler import compiler_walls
from tinyml_course.confine.guard import SWEEP_AFTER_S, guarded

BOMB = next(case for case in BUILDS if case.name == "template bomb")
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts in /proc")


def compilers_of(folder: Path) -> list[int]:
    """Processes whose command names the folder, but for the one that we started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"tinyml_course" not in words and any(os.fsencode(folder) in w for w in words):
                found.append(int(entry.name))
    return found


def wait_until(condition, seconds=10.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("walls", ["as they are", "none"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_command(attack, own_cache, tmp_path, number, walls):
    attack("sketches: tinyml ended while it compiles")
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "probe.ino").write_text(BOMB.ino)
    program = "from tinyml_course.cli.main import main; import sys\n"
    if walls == "none":
        program += (
            "import tinyml_course.confine.process as process\n"
            "import tinyml_course.board.build.stranger as stranger\n"
            "process.find_walls = stranger.compiler_walls = lambda *_: 'none'\n"
        )
    program += "sys.exit(main())"
    command = [sys.executable, "-c", program, "sketch", "build", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert wait_until(lambda: compilers_of(own_cache / "sketches"))
        time.sleep(0.3)  # it is at it
        process.send_signal(number)
        begun = time.monotonic()
        _, errors = process.communicate(timeout=10)
    assert time.monotonic() - begun < 2
    assert wait_until(lambda: not compilers_of(own_cache / "sketches"), 3)
    assert wait_until(lambda: not list((own_cache / "sketches").glob("*/tinyml-*")), 3)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert errors == "tinyml sketch: stopped\n"


def test_a_folder_of_a_dead_process_is_swept_at_the_next_start(attack, tmp_path):
    attack("sketches: tinyml ended while it compiles")
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    long_ago = time.time() - 2 * SWEEP_AFTER_S
    kept = [f"tinyml-{os.getpid()}-abc", "tinyml-course", f"tinyml-{dead.pid}-new"]
    for name in [f"tinyml-{dead.pid}-old", *kept]:
        (tmp_path / name).mkdir()
        if not name.endswith("new"):
            os.utime(tmp_path / name, (long_ago, long_ago))
    with guarded() as guard, guard.work_folder(tmp_path) as work:
        assert {path.name for path in tmp_path.glob("tinyml-*")} == {*kept, work.name}
    assert not work.exists()


def test_these_walls_were_tried(attack):
    """On Linux 5.13 and later something stands around the compiler: nobody may lose it unseen."""
    attack("sketches: tinyml ended while it compiles")
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    if release >= (5, 13) and Path("/sys/kernel/security/landlock").exists():
        assert compiler_walls() != "none"
