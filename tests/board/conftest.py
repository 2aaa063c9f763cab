"""Small sketches, written where a test wants them."""

import pytest


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
