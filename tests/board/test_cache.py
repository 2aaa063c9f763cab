"""The cache folder: one user's alone, since what lies in it is run."""

import os
import stat
import time

import pytest

from tinyml_course.board.cache import FORGET_AFTER_S, cache_dir, forget_old
from tinyml_course.board.virtual.block_counter import SOURCE
from tinyml_course.board.virtual.native import native_library
from tinyml_course.errors import OutputError

only_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.delenv("TINYML_CACHE_DIR", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path


@only_posix
def test_a_new_folder_is_its_owners_alone(home, monkeypatch):
    old = os.umask(0)
    try:
        assert mode(cache_dir()) == 0o700
        monkeypatch.setenv("TINYML_CACHE_DIR", str(home / "chosen"))
        assert mode(cache_dir()) == 0o700
    finally:
        os.umask(old)


@only_posix
def test_a_folder_of_older_versions_is_closed(home):
    folder = home / "caches" / "tinyml_course"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert mode(cache_dir()) == 0o700


@only_posix
def test_a_home_without_room_for_it_leads_to_an_own_temporary_folder(home, monkeypatch):
    (home / "caches").write_text("in the way")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(home))
    folder = cache_dir()
    assert folder == home / f"tinyml_course-{os.geteuid()}"
    assert mode(folder) == 0o700


@only_posix
def test_a_link_that_somebody_laid_in_the_temporary_folder_is_refused(home, monkeypatch):
    (home / "caches").write_text("in the way")
    (home / "theirs").mkdir()
    (home / f"tinyml_course-{os.geteuid()}").symlink_to(home / "theirs")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(home))
    with pytest.raises(OutputError, match="is no folder; set TINYML_CACHE_DIR"):
        cache_dir()


@only_posix
def test_another_users_folder_is_refused(home, monkeypatch):
    cache_dir()
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    with pytest.raises(OutputError, match=r"belongs to another user.*TINYML_CACHE_DIR"):
        cache_dir()


@only_posix
def test_a_chosen_folder_that_others_write_to_is_refused_and_left_as_it_is(home, monkeypatch):
    shared = home / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("TINYML_CACHE_DIR", str(shared))
    with pytest.raises(OutputError, match=r"others can write into.*chmod 700"):
        cache_dir()
    assert mode(shared) == 0o1777


def test_a_file_in_the_way_is_one_line(home, monkeypatch):
    (home / "file").write_text("")
    monkeypatch.setenv("TINYML_CACHE_DIR", str(home / "file" / "cache"))
    with pytest.raises(OutputError, match=r"cannot use the cache folder .*: Not a directory"):
        cache_dir()


@only_posix
@pytest.mark.parametrize("what", ["file", "folder", "owner"])
def test_a_counter_that_others_could_have_written_is_not_loaded(home, monkeypatch, what):
    native_library.cache_clear()
    native_library(SOURCE)  # builds it, in this test's cache
    (built,) = (cache_dir() / "native").glob("block_counter_*")
    native_library.cache_clear()
    if what == "file":
        built.chmod(0o666)
    elif what == "folder":
        built.parent.chmod(0o777)
    else:
        real = os.geteuid()
        calls = iter([real])  # cache_dir asks first
        monkeypatch.setattr("os.geteuid", lambda: next(calls, real + 1))
    with pytest.raises(OutputError, match="loaded as a program"):
        native_library(SOURCE)


def test_what_nobody_builds_any_more_is_forgotten(tmp_path):
    long_ago = time.time() - FORGET_AFTER_S - 60
    for name in ("old", "new"):
        (tmp_path / name / "zig").mkdir(parents=True)
    os.utime(tmp_path / "old", (long_ago, long_ago))
    forget_old(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@only_posix
@pytest.mark.parametrize("nothing", ["", "caches", "../caches"])
def test_a_variable_that_names_no_place_is_none(home, monkeypatch, nothing):
    """A folder in the current one would be another each time, and no compiler's wall knows it."""
    monkeypatch.setenv("XDG_CACHE_HOME", nothing)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    assert cache_dir() == home / ".cache" / "tinyml_course"
    monkeypatch.setenv("TINYML_CACHE_DIR", "chosen")
    assert cache_dir() == home / "chosen"
