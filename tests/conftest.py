"""What holds for every test."""

import gc
import os
import signal
import threading

import pytest

# One hides packages, the other puts remembered results in place of functions, when it is imported;
# the search for doctests would import both.
collect_ignore = ["without_training", "kernels/imported.py"]


def pytest_configure() -> None:
    """Without the net of `tinyml`, and with Ctrl-C: a shell starts what runs behind it without."""
    os.environ["TINYML_DEBUG"] = "1"
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the search for garbage need not go through it again."""
    gc.freeze()


@pytest.fixture
def write_sketch(tmp_path):
    """A folder with a sketch of the given code; further files by name."""

    def write(code, name="probe", **files):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.ino").write_text(code)
        for file, text in files.items():
            (folder / file.replace("__", ".")).write_text(text)
        return folder

    return write
