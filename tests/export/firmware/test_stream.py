"""The stream detector in C answers as the one in Python, hop for hop."""

import ctypes

import numpy as np
import pytest

from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.stream import export_stream_c, generate_stream_c
from tinyml_course.features.streaming import StreamDetector, StreamSpec

NAMES = ("yes", "no", "unknown", "silence")


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


@pytest.mark.parametrize(
    "spec",
    [
        StreamSpec((0, 1), 3, 4),
        StreamSpec((0, 1), 3, 4, stride=1, smoothing=1, threshold=90, hold_off=0, gate_level=-128),
        StreamSpec((2, 0, 1), 3, 4, stride=5, smoothing=4, threshold=100, hold_off=7),
    ],
)
def test_every_hop_is_the_same(spec, tmp_path):
    code = generate_stream_c(spec, "stream", 49, 20, NAMES)
    files = {"stream.h": code.header, "stream.c": code.source}
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "stream.so", STRICT_FLAGS)))
    rng = np.random.default_rng(1)
    detector, reports = StreamDetector(spec), []
    level, scores = -80.0, np.zeros(4, np.int8)
    for hop in range(4000):
        if hop == 2500:
            detector.reset()
            library.stream_reset()
        level += rng.normal(0, 4) - (level + 70) * 0.02
        rows = np.clip(rng.normal(level, 15, (49, 20)), -128, 127).astype(np.int8)
        due = detector.is_due(rows)
        assert library.stream_is_due(pointer(rows)) == due, hop
        if due:
            if rng.random() < 0.3:
                scores = np.clip(rng.normal(-60, 90, 4), -128, 127).astype(np.int8)
            report = detector.decide(scores)
            assert library.stream_decide(pointer(scores)) == report, hop
            reports.append(report)
    assert len(set(reports)) >= 3  # both keywords, and none


def test_files(tmp_path):
    header, source = export_stream_c(StreamSpec((0, 1), 3, 4), tmp_path, "stream", 49, 20, NAMES)
    assert "keywords: yes, no" in header.read_text()
    assert "stream_decide" in source.read_text()
