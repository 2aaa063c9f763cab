"""The pond lab, a regression: from readings to Bundle, and what the shipped one promises."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

from tests.e2e.formats import make_two_formats
from tinyml_course.board.cores import find_runner
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.pond import make_pond_dataset
from tinyml_course.datasets.pond_recordings import write_example_trace
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.firmware.predictor import generate_predictor_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.labs import get_lab
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.model_card import render_model_card
from tinyml_course.pipeline.report import render_report
from tinyml_course.training import rms_errors

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pond")
    write_example_trace(folder)
    lab = get_lab("pond")
    lab = replace(
        lab,
        models={"dense": replace(lab.models["dense"], epochs=6)},
        make_dataset=lambda seed: make_pond_dataset(seed, 20, days=3),
        elsewhere={"others": lambda seed: make_pond_dataset(seed, 3, days=2, first_pond=900)},
        sketch=None,  # its own test runs it
    )
    with pytest.MonkeyPatch.context() as patch:  # the other formats take half of the time
        patch.setattr(pipeline, "make_formats", make_two_formats)
        out = folder / "out"
        return pipeline.run_lab(lab, out, data_path=folder, log=lambda line: None), out


def test_the_report_tells_of_values_and_controls(run):
    report, out = run
    assert report.measure == "skill"
    assert report.board.bytes_differing == report.verify.bytes_differing == 0
    assert report.board.accuracy == pytest.approx(report.accuracy["int8"], abs=0.01)
    assert set(report.errors) >= {"fp32", "int8", "persistence", "yesterday", "ridge"}
    for row in report.errors.values():
        assert list(row) == list(report.units) == ["ph", "temperature", "oxygen", "ammonia"]
    assert report.elsewhere["others"]["dense_int8"] > 0.3
    assert report.your_data.before["dense"].errors["oxygen"] > 0
    text = render_report(report)
    assert "rms error" in text
    assert "skill" in text
    card = render_model_card(report)
    assert "Values: ph in pH" in card
    assert "Classes" not in card
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "persistence" in page
    assert (out / "plots" / "values.png").is_file()


def test_the_bundle_answers_in_units(run):
    _, out = run
    bundle = Bundle.load(out)
    values = bundle.predict_values(bundle.golden.windows)
    assert values.shape == bundle.golden.labels.shape
    assert np.abs(values - bundle.golden.labels)[:, 0].mean() < 1
    with pytest.raises(DataError, match="answers with values"):
        bundle.classify(bundle.golden.windows)
    with pytest.raises(DataError, match="answers with classes"):
        Bundle.load_shipped("motion").predict_values(np.zeros((1, 100, 3)))
    with pytest.raises(ExportError, match="answers with classes"):
        generate_predictor_c(Bundle.load_shipped("motion"), "motion")


def test_a_bundle_whose_targets_do_not_fit_is_refused(run):
    bundle = Bundle.load(run[1])
    for changed, what in (
        ({"names": ("a", "b", "c", "d")}, "do not name the same"),
        ({"change_of": (0, 1, 2, 4)}, "no channel of a window"),
        ({"scale": (1e9, 1, 1, 1)}, "not within"),
    ):
        with pytest.raises(DataError, match=what):
            replace(bundle, targets=replace(bundle.targets, **changed)).check()
    with pytest.raises(DataError, match="no labelled window"):
        replace(bundle, targets=None).check()


@pytest.fixture(scope="module")
def shipped():
    bundle, lab = Bundle.load_shipped("pond"), get_lab("pond")
    seed = bundle.report.seed
    return bundle, lab, split_by_group(lab.make_dataset(seed), lab.split, seed)


def test_the_shipped_model_holds_its_bounds(shipped):
    """Better than persistence and ridge on three of four signals; and as reported."""
    bundle, lab, split = shipped
    errors = np.array(rms_errors(bundle.predict_values(split.test.x), split.test.y))
    said = list(bundle.report.errors["int8"].values())
    assert errors == pytest.approx(said, rel=0.03)
    for name in ("persistence", "yesterday", "ridge"):
        control = np.array(rms_errors(lab.controls[name](split.train, split.test), split.test.y))
        assert (errors < control).sum() >= 3, name
    assert bundle.report.accuracy["int8"] >= lab.models["dense"].accuracy_floor
    assert bundle.report.elsewhere["other ponds"]["dense_int8"] >= 0.85


@pytest.mark.parametrize("place", ["host", "cortex-m4"])
def test_the_shipped_c_is_tflm_on_the_whole_test_part(shipped, place):
    bundle, _, split = shipped
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(split.test.x))
    found = verify_model(
        bundle.model, runner=find_runner(place), inputs=[[q[None]] for q in inputs]
    )
    assert found.samples == len(split.test)
    assert found.bytes_differing == 0


def test_the_c_around_the_model_gives_the_same_inputs_and_values_to_the_bit(shipped, tmp_path):
    bundle, _, split = shipped
    model = generate_model_c(bundle.model, "pond")
    header, source = generate_predictor_c(bundle, "pond")
    files = {
        "pond.h": model.header,
        "pond.c": model.source,
        "pond_predict.h": header,
        "pond_predict.c": source,
    }
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "pond.so", STRICT_FLAGS)))
    windows = split.test.x[::7]
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(windows))
    real = bundle.model.output.dequantize(bundle.golden.outputs)
    expected = bundle.targets.decode(bundle.golden.windows, real)
    as_float = ctypes.POINTER(ctypes.c_float)
    for window, quantized in zip(windows, inputs, strict=True):
        found = np.zeros(36, np.int8)
        library.pond_preprocess(
            np.ascontiguousarray(window).ctypes.data_as(as_float),
            found.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)),
        )
        assert np.array_equal(found, quantized)
    for window, values in zip(bundle.golden.windows, expected, strict=True):
        answer = np.zeros(4, np.float32)
        library.pond_predict(
            np.ascontiguousarray(window).ctypes.data_as(as_float), answer.ctypes.data_as(as_float)
        )
        assert np.array_equal(answer, values)
