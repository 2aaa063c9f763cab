"""A cache folder for each case, with the compilers' run-time libraries of the real one."""

import pytest

from tinyml_course.board.compiler import shared_object_cache


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(shared_object_cache()))
    monkeypatch.setenv("TINYML_CACHE_DIR", str(folder))
    yield folder
    assert not list(folder.glob("sketches/*/tinyml-*"))
