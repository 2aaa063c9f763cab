"""A command ends when it is told to, also where Ctrl-C gets lost on its way."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

COMMAND = """
import os, sys, threading, time
from tinyml_course.cli import boards, main
def show(*_):
    print("begun", flush=True)
{body}
boards.show = show
sys.argv[1:] = ["boards"]
sys.exit(main())
"""
WAYS = {
    "it travels up": "    time.sleep(60)",
    "a library catches everything": """
    for _ in range(600):
        try:
            time.sleep(0.1)
        except BaseException:
            pass""",
    "it meets a __del__": """
    class Slow:
        def __del__(self):
            time.sleep(1)
    while True:
        Slow()""",
    "a callback of C": """
    import ctypes
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    def compare(a, b):
        time.sleep(0.01)
        return 0
    numbers = (ctypes.c_int * 5000)()
    ctypes.CDLL(None).qsort(numbers, 5000, 4, kind(compare))""",
    "C that does not come back": """
    import ctypes
    ctypes.CDLL(None).sleep(30) or ctypes.CDLL(None).sleep(30)""",
    "a thread that is waited for at the end": """
    threading.Thread(target=time.sleep, args=(30,)).start()
    time.sleep(60)""",
}


def start(body):
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND.format(body=body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.1)
    return process


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_is_never_lost(way):
    with start(WAYS[way]) as process:
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert time.monotonic() - begun < 2
    assert process.returncode == 130
    assert "tinyml boards: stopped\n" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_terminated_puts_things_away_and_dies_of_it(number, tmp_path):
    body = f"""
    try:
        time.sleep(60)
    finally:
        os.rmdir({str(tmp_path / "work")!r})"""
    (tmp_path / "work").mkdir()
    with start(body) as process:
        process.send_signal(number)
        process.communicate(timeout=20)
    assert process.returncode == -number
    assert not (tmp_path / "work").exists()


def test_what_travels_up_is_not_disturbed():
    """`with` blocks on the way may take a second: they hear no second interrupt."""
    body = """
    try:
        time.sleep(60)
    finally:
        time.sleep(1)
        print("put away", flush=True)"""
    with start(body) as process:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "put away\n")


def test_an_ignored_signal_stays_ignored():
    """As behind `&` in a script, or under nohup."""
    program = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)" + COMMAND.format(
        body="    time.sleep(1)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
