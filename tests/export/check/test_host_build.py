"""The compiler of this computer: it has an end, and nothing of it stays."""

import sys
from dataclasses import replace

import pytest

from tests.networks import tflite_model
from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.check import host_build, verify
from tinyml_course.export.check.host_build import HostModel, compile_c
from tinyml_course.export.check.verify import verify_model


def stand_in(text):
    """A program in Python in a compiler's place."""
    return [sys.executable, "-c", text]


def test_a_compiler_without_an_end_is_stopped(tmp_path, monkeypatch):
    limits = replace(host_build.LIMITS, link_seconds=0.5)
    monkeypatch.setattr(host_build, "LIMITS", limits)
    with pytest.raises(ExportError, match=r"was stopped after 0\.5 s"):
        compile_c({"a.c": ""}, tmp_path, "a.so", (), stand_in("import time; time.sleep(60)"))


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of memory there")
def test_a_compiler_has_a_limit_of_memory(tmp_path):
    with pytest.raises(ExportError, match="MemoryError"):
        compile_c({"a.c": ""}, tmp_path, "a.so", (), stand_in("x = bytearray(4 << 30)"))


def test_the_folder_of_a_refused_model_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ExportError, match="refused"):
        HostModel.build(tflite_model("dense3"), compiler=stand_in("raise SystemExit(1)"))
    assert list(tmp_path.iterdir()) == []
    with HostModel.build(tflite_model("dense3")):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_more_samples_than_memory_are_refused(monkeypatch):
    monkeypatch.setattr(verify, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match=r"1,000 samples of \d+ bytes .* give at most \d+"):
        verify_model(tflite_model("dense3"), 1000)
