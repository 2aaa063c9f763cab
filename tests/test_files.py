import errno

import pytest

from tinyml_course.errors import OutputError
from tinyml_course.files import write_bytes


def test_a_file_is_whole_and_nothing_stands_beside_it(tmp_path):
    path = write_bytes(tmp_path / "deep" / "model.h", b"abc")
    assert path.read_bytes() == b"abc"
    assert [p.name for p in path.parent.iterdir()] == ["model.h"]


def test_a_full_disk_leaves_the_old_file_and_no_half(tmp_path, monkeypatch):
    path = write_bytes(tmp_path / "model.h", b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OutputError, match=r"model\.h: No space left on device.*another folder"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["model.h"]


def test_a_file_in_the_place_of_a_folder_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_text("I am a file")
    with pytest.raises(OutputError, match="cannot write"):
        write_bytes(tmp_path / "out" / "model.h", b"abc")
