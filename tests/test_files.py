import errno
import os

import pytest

from tinyml_course.errors import OutputError
from tinyml_course.files import meant_file, write_bytes, write_texts


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
    for path in (tmp_path / "out" / "model.h", tmp_path / "out" / "deep" / "model.h"):
        with pytest.raises(OutputError, match=r"model\.h: .*/out is no folder\. Choose another"):
            write_bytes(path, b"abc")


def write_pair(folder, text):
    write_texts({folder / "model.h": text, folder / "model.c": text})


def test_files_that_belong_together_are_written_together(tmp_path):
    write_pair(tmp_path, "one")
    write_pair(tmp_path, "two")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "model.h": "two",
        "model.c": "two",
    }


def test_if_the_second_cannot_be_written_the_first_stays_as_it_was(tmp_path, monkeypatch):
    """A header of the new model with the source of the old one would still compile."""
    write_pair(tmp_path, "old")
    opened = []
    honest = os.fdopen

    def second_time_full(*arguments):
        opened.append(arguments)
        if len(opened) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return honest(*arguments)

    monkeypatch.setattr("os.fdopen", second_time_full)
    with pytest.raises(OutputError, match=r"cannot write .*/model\.c: No space left on device"):
        write_pair(tmp_path, "new")
    assert {p.read_text() for p in tmp_path.iterdir()} == {"old"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.c", "model.h"]


def test_if_a_folder_is_in_the_place_of_the_second_the_first_stays_as_it_was(tmp_path):
    (tmp_path / "model.h").write_text("old")
    (tmp_path / "model.c").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*/model\.c: Is a directory"):
        write_pair(tmp_path, "new")
    assert (tmp_path / "model.h").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.c", "model.h"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("motion_p03.csv", "; did you mean motion_p003.csv?"),
        ("Motion_P03.csv", "; did you mean motion_p003.csv?"),
        ("motion_p003.cvs", "; did you mean motion_p003.csv?"),
        ("nowhere.csv", ""),
        ("o.csv", ""),
        ("deep/er/motion_p003.csv", ""),
    ],
)
def test_a_file_that_is_not_there_has_a_near_one_or_none(tmp_path, asked, said):
    for name in ("o.csv", "motion_p003.csv", ".motion_p03.csv"):
        (tmp_path / name).touch()
    assert meant_file(tmp_path / asked) == said
