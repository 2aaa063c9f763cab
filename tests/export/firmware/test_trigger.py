"""The trigger in C says what the one in Python says, sample for sample."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.datasets.wrist_gestures import GESTURES, make_wrist, synthesize_wrist_gesture
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.trigger import generate_trigger_c
from tinyml_course.features.onset import BEGUN, COMPLETE, OnsetSpec, OnsetTrigger

NAMES = ("ax", "ay", "az", "gx", "gy", "gz")
SPEC = OnsetSpec.of(NAMES, 100, 50.0)
SPECS = [
    SPEC,
    replace(SPEC, threshold_g=0.05, confirm=1, quiet=1, follow=0.3),
    replace(OnsetSpec.of(NAMES[:3], 119, 119.0), before=1, confirm=1),
]


@pytest.fixture(scope="module")
def stream():
    """A minute of a wrist: every gesture, with rests between them."""
    rng = np.random.default_rng(5)
    wrist = make_wrist(5, 0)
    order = [name for gesture in GESTURES for name in (gesture, "rest")] * 3
    return np.concatenate([synthesize_wrist_gesture(wrist, name, rng) for name in order])


@pytest.mark.parametrize("spec", SPECS, ids=["shipped", "hasty", "three channels"])
def test_every_sample_is_the_same(spec, stream, tmp_path):
    channels = len(spec.weights)
    code = generate_trigger_c(spec, "trigger", NAMES[:channels])
    files = {"trigger.h": code.header, "trigger.c": code.source}
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "trigger.so", STRICT_FLAGS)))
    trigger, said = OnsetTrigger(spec), []
    samples = np.ascontiguousarray(stream[:, :channels], np.float32)
    for at, sample in enumerate(samples):
        if at == 1500:
            trigger.reset()
            library.trigger_reset()
        news = trigger.push(sample)
        assert library.trigger_push(ctypes.c_void_p(sample.ctypes.data)) == news, at
        said.append(news)
    assert said.count(BEGUN) >= 10
    assert abs(said.count(BEGUN) - said.count(COMPLETE)) <= 2


def test_the_header_says_how_far_back_a_window_reaches():
    code = generate_trigger_c(SPEC, "gestures_trigger", NAMES)
    assert "#define GESTURES_TRIGGER_BEFORE 12 " in code.header
    assert "int32_t gestures_trigger_push(const float *sample);" in code.header
