"""Small sketches, written where a test wants them; long emulations run untraced."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """The emulator asks Python at each register: traced, a long run takes seven times as long.

    The files beside this one emulate for long; those in the folders reach the same lines quickly.
    """
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.no_cover)


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
