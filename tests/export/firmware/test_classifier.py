"""The C around a model against the Python it was generated from, bit by bit."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware import classifier as classify_source
from tinyml_course.export.firmware.classifier import export_classifier_c, generate_classifier_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.features import AddMagnitude, MotionFeatures, Preprocessing, Standardize
from tinyml_course.network.tensor_spec import TensorSpec
from tinyml_course.shipped import BUNDLES


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(BUNDLES / "motion")


def build(bundle, folder, name="motion", flags=STRICT_FLAGS):
    model = generate_model_c(bundle.model, name)
    around = generate_classifier_c(bundle, name)
    files = {
        f"{name}.h": model.header,
        f"{name}.c": model.source,
        f"{name}_classify.h": around.header,
        f"{name}_classify.c": around.source,
    }
    return ctypes.CDLL(str(compile_c(files, folder, "classify.so", flags)))


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def test_inputs_and_scores_equal_the_golden_ones(bundle, tmp_path):
    # With every instruction that this computer has: fused multiply-add must stay out.
    library = build(bundle, tmp_path, flags=(*STRICT_FLAGS, "-march=native"))
    golden = bundle.golden
    for window, expected, output in zip(golden.windows, golden.inputs, golden.outputs, strict=True):
        window = np.ascontiguousarray(window)
        kept = window.copy()
        found = np.zeros_like(expected)
        library.motion_preprocess(pointer(window), pointer(found))
        assert found.tolist() == expected.tolist()
        assert (window == kept).all()
        scores = np.zeros(3, np.float32)
        best = library.motion_classify(pointer(window), pointer(scores))
        assert best == output.argmax()
        assert scores == pytest.approx((output.astype(float) + 128) / 256)


def test_a_sensor_that_fails_gives_integers_all_the_same(bundle, tmp_path):
    library = build(
        bundle, tmp_path, flags=(*STRICT_FLAGS, "-fsanitize=undefined", "-fno-sanitize-recover")
    )
    for value in (np.nan, np.inf, -np.inf, 1e30, 0.0):
        window = np.full((100, 3), value, np.float32)
        found = np.zeros(8, np.int8)
        library.motion_preprocess(pointer(window), pointer(found))


STUB = """
#include <stdint.h>
#define M_WINDOW 100
#define M_CLASSES 1
#define M_INPUT_SIZE %d
#define M_INPUT_SCALE 0.03125f
#define M_INPUT_ZERO_POINT 5
#define M_OUTPUT_SIZE 1
#define M_OUTPUT_SCALE 1.0f
#define M_OUTPUT_ZERO_POINT 0
void m_invoke(const int8_t *input, int8_t *output);
void m_preprocess(const float *window, int8_t *input);
int m_read_output(const int8_t *output, float *scores);
int m_classify(const float *window, float *scores);
extern const char *const m_class_names[M_CLASSES];
"""


@pytest.mark.parametrize("start", [(), (AddMagnitude(),)], ids=["in place", "with magnitude"])
def test_steps_that_give_windows_equal_python(bundle, tmp_path, start):
    """The Conv1D's preprocessing, around a model that does nothing."""
    windows = bundle.golden.windows
    chain = Preprocessing((*start, Standardize())).fit(windows)
    shape, twins = (100, 3), []
    for number, step in enumerate(chain.to_spec()):
        twin = classify_source.STEP_TWINS[step["kind"]](step, shape, f"m_step_{number}")
        shape = twin.output_shape
        twins.append(twin)
    files = {
        "m_classify.h": STUB % np.prod(shape),
        "m_classify.c": classify_source._source(twins, ["one"], "m", "M", (100, 3)),
        "m.c": '#include "m_classify.h"\nvoid m_invoke(const int8_t *i, int8_t *o) { *o = *i; }\n',
    }
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "m.so", STRICT_FLAGS)))
    spec = TensorSpec("input", shape, np.dtype(np.int8), 0.03125, 5)
    for window, expected in zip(windows, spec.quantize(chain.apply(windows)), strict=True):
        found = np.zeros(shape, np.int8)
        window = np.ascontiguousarray(window)
        kept = window.copy()
        library.m_preprocess(pointer(window), pointer(found))
        assert (found == expected).all()
        assert (window == kept).all()


def test_names_are_escaped_and_files_are_written(bundle, tmp_path):
    odd = replace(bundle, class_names=('a "b"', "c*/d", "model_e"))
    source = generate_classifier_c(odd, "motion").source
    assert '"a \\"b\\"", "c* /d", "model_e"' in source
    files = export_classifier_c(bundle, tmp_path / "new", "motion")
    assert [f.name for f in files] == [
        "motion.h",
        "motion.c",
        "motion_classify.h",
        "motion_classify.c",
    ]


def test_a_name_that_begins_with_model_gets_its_prefix_once(bundle, tmp_path):
    name = "model_int8"
    source = generate_classifier_c(bundle, name).source
    assert "model_int8_step_1_mean" in source
    assert "model_int8_int8" not in source
    library = build(bundle, tmp_path, name)
    golden = bundle.golden
    scores = np.zeros(3, np.float32)
    window = np.ascontiguousarray(golden.windows[0])
    assert (
        library.model_int8_classify(pointer(window), pointer(scores)) == golden.outputs[0].argmax()
    )


def test_what_cannot_become_c_is_refused(bundle, tmp_path):
    class Unknown(MotionFeatures):
        def to_spec(self):
            return {"kind": "astrology"}

    with pytest.raises(UnsupportedOperatorError, match=r"step 0 \(astrology\) has no C twin"):
        generate_classifier_c(replace(bundle, preprocessing=Preprocessing((Unknown(),))), "m")
    with pytest.raises(ExportError, match="gives 300 values, the model takes 8"):
        generate_classifier_c(replace(bundle, preprocessing=Preprocessing(())), "m")
    with pytest.raises(ExportError):
        export_classifier_c(bundle, tmp_path, "Bad Name")
    assert not list(tmp_path.iterdir())
