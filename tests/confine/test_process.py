"""One run of a compiler: its walls, its limits, its end. Plain programs stand in for compilers."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tinyml_course.board.compiler import zig_command
from tinyml_course.confine import process, sandbox
from tinyml_course.confine.guard import guarded
from tinyml_course.confine.landlock import landlock_version
from tinyml_course.confine.limits import LIMITS
from tinyml_course.confine.process import run_confined
from tinyml_course.confine.sandbox import Sandbox, find_walls

SYSTEM = tuple(Path(name) for name in ("/usr", "/lib", "/lib64", "/bin") if Path(name).exists())
only_posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")


def walls_here() -> list[str]:
    """Every kind that can be put up on this computer."""
    found = ["bubblewrap"] if find_walls(zig_command()[0]) == "bubblewrap" else []
    return found + (["landlock"] if landlock_version() else [])


@pytest.fixture
def run(tmp_path):
    def run(*command, sandbox=None, seconds=20.0):
        with guarded() as guard:
            return run_confined(command, {}, guard=guard, sandbox=sandbox, seconds=seconds)

    return run


@pytest.fixture(params=walls_here())
def walls(request, monkeypatch):
    monkeypatch.setattr(process, "find_walls", lambda _: request.param)
    return request.param


@pytest.fixture
def shell(run, walls, tmp_path):
    """A shell behind walls: it reads `seen` and the system's programs, and writes `out`."""
    for name in ("seen", "unseen", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text").write_text(f"the text of {name}")
    sandbox = Sandbox(SYSTEM[0], (*SYSTEM[1:], tmp_path / "seen"), (tmp_path / "out",))
    return lambda script: run(shutil.which("sh"), "-c", script, sandbox=sandbox)


def test_what_is_given_can_be_read_and_written(shell, tmp_path):
    done = shell(f"cat {tmp_path}/seen/text && echo new > {tmp_path}/out/new")
    assert (done.exit_code, done.text) == (0, "the text of seen")
    assert (tmp_path / "out" / "new").read_text() == "new\n"


@pytest.mark.parametrize(
    "script",
    [
        "cat {}/unseen/text",
        "ls {}/unseen",
        "ls /root /home /etc",
        "cat /etc/passwd",
        "cat /proc/self/environ",
        "echo x > {}/seen/new",
        "echo x > {}/new",
        "rm {}/seen/text",
        "ln {}/unseen/text {}/out/link && cat {}/out/link",
    ],
)
def test_the_rest_cannot(shell, tmp_path, script):
    done = shell(script.replace("{}", str(tmp_path)))
    assert done.exit_code != 0
    assert "the text of unseen" not in done.text
    assert "root:" not in done.text
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "seen" / "new").exists()
    assert (tmp_path / "seen" / "text").exists()


def test_a_confined_program_does_not_know_the_environment(shell, monkeypatch):
    monkeypatch.setenv("TOKEN_OF_THE_TEACHER", "s3cret")
    done = shell("env")
    assert done.exit_code == 0
    assert "s3cret" not in done.text


def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(run, tmp_path):
    begun = time.monotonic()
    late = run("/bin/sh", "-c", f"(sleep 1.5; touch {tmp_path}/late) & sleep 60", seconds=0.5)
    assert late.is_late
    assert time.monotonic() - begun < 5
    time.sleep(1.5)
    assert not (tmp_path / "late").exists()


@only_posix
@pytest.mark.skipif(sys.platform == "darwin", reason="no limit of memory there")
def test_memory_and_files_have_limits(run, monkeypatch, tmp_path):
    small = replace(LIMITS, memory_bytes=1 << 29, file_bytes=1 << 20)
    monkeypatch.setattr(process, "LIMITS", small)
    assert "MemoryError" in run(sys.executable, "-c", "x = bytearray(1 << 30)").text
    code = f"open({str(tmp_path / 'big')!r}, 'wb').write(bytes(8 << 20))"
    assert run(sys.executable, "-c", code).exit_code != 0
    assert (tmp_path / "big").stat().st_size <= 1 << 20


def test_what_a_program_says_is_read_up_to_a_limit(run, monkeypatch):
    monkeypatch.setattr(process, "LIMITS", replace(LIMITS, message_bytes=1000))
    done = run(sys.executable, "-c", "print('x' * 1_000_000)")
    assert (done.exit_code, len(done.text)) == (0, 1000)


def test_a_program_that_is_not_there(run):
    with pytest.raises(FileNotFoundError, match="/no/such/program"):
        run("/no/such/program")


@pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")
def test_a_bubblewrap_that_is_forbidden_makes_way(monkeypatch, tmp_path):
    """As in most containers: the program is there, and may not do what it does."""
    forbidden = tmp_path / "bwrap"
    forbidden.write_text("#!/bin/sh\necho 'No permissions to create a new namespace' >&2\nexit 1\n")
    forbidden.chmod(0o755)
    monkeypatch.setattr(sandbox, "_bubblewrap", lambda: str(forbidden))
    find_walls.cache_clear()
    try:
        assert find_walls(zig_command()[0]) == ("landlock" if landlock_version() else "none")
        monkeypatch.setattr(sandbox, "landlock_version", lambda: 0)
        find_walls.cache_clear()
        assert find_walls(zig_command()[0]) == "none"
    finally:
        find_walls.cache_clear()
