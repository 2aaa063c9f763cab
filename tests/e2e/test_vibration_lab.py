"""The vibration lab from windows to Bundle, and what the shipped one promises."""

from dataclasses import replace

import numpy as np
import pytest

from tests.e2e.formats import make_two_formats
from tinyml_course.board.cores import find_runner
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.datasets.vibration import make_vibration_dataset
from tinyml_course.datasets.vibration_recordings import write_example_trace
from tinyml_course.errors import ExportError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.firmware.detector import generate_detector_c
from tinyml_course.features.commissioning import LIMIT
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.labs import get_lab
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.model_card import render_model_card
from tinyml_course.pipeline.report import render_report
from tinyml_course.training.detection import commission_features, compare_methods

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vibration")
    write_example_trace(folder)
    lab = get_lab("vibration")
    lab = replace(
        lab,
        models={"autoencoder": replace(lab.models["autoencoder"], epochs=6)},
        make_dataset=lambda seed: make_vibration_dataset(seed, 6, healthy=40, faulty=6),
        elsewhere={"another rate": lambda seed: make_vibration_dataset(
            seed, 1, healthy=40, faulty=4, first_machine=50, rate_hz=99.84
        )},
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:  # the other formats take half of the time
        patch.setattr(pipeline, "make_formats", make_two_formats)
        out = folder / "out"
        return pipeline.run_lab(lab, out, data_path=folder, log=lambda line: None), out


def test_the_report_has_the_controls_and_your_machine(run):
    report, out = run
    assert report.measure == "AUC"
    assert report.board.board == "nano33ble"
    assert report.board.bytes_differing == report.verify.bytes_differing == 0
    assert report.board.accuracy == pytest.approx(report.accuracy["int8"], abs=0.01)
    assert list(report.detector.methods) == ["autoencoder", "z-score", "Mahalanobis", "RMS"]
    assert set(report.elsewhere["another rate"]) == {"autoencoder_int8"}
    yours = report.your_data.before["autoencoder"]
    assert yours.windows == 73 - 32  # all but half of the 65 healthy ones
    assert yours.recall["imbalance"] > 0.8
    controls = report.your_data.detector.methods
    assert list(controls) == ["autoencoder", "z-score", "Mahalanobis", "RMS"]
    assert yours.accuracy == controls["autoencoder"].auc["imbalance"]
    assert "on your recordings, beside the controls:" in render_report(report)
    assert render_model_card(report).count("- RMS: AUC") == 2
    assert "median of 5" in render_report(report)
    assert "not as it was when it was commissioned" in render_model_card(report)
    assert (out / "plots" / "deviations.png").stat().st_size > 5_000


def test_the_bundle_carries_a_commissioned_machine_and_its_sketch(run):
    _, out = run
    bundle = Bundle.load(out)
    golden = bundle.golden
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(golden.windows))
    assert np.array_equal(inputs, golden.inputs)
    assert (out / "sketches" / "vibration" / "vibration_detect.c").exists()
    with pytest.raises(ExportError, match="holds no detector"):
        generate_detector_c(Bundle.load_shipped("motion"), "fan")


@pytest.fixture(scope="module")
def shipped():
    """The shipped Bundle, its test part with inputs and outputs."""
    bundle, lab = Bundle.load_shipped("vibration"), get_lab("vibration")
    seed = bundle.report.seed
    test = split_by_group(lab.make_dataset(seed), lab.split, seed).test
    inputs = commission_features(bundle.preprocessing, test)
    return bundle, test, inputs, run_litert(bundle.model, inputs)


def test_the_shipped_detector_holds_its_bounds(shipped):
    """Bearing faults of machines never met: AUC at least 0.95; false alarms at most 5 %."""
    bundle, test, inputs, outputs = shipped
    found = compare_methods(inputs, test, outputs)
    for name, reported in bundle.report.detector.methods.items():
        assert found.methods[name].auc == pytest.approx(reported.auc, abs=0.005)
    ours = found.methods["autoencoder"]
    assert min(ours.auc[name] for name in ("outer race", "inner race", "ball")) >= 0.95
    assert ours.false_alarms <= 0.05
    assert ours.false_alarms_of_five <= 0.01
    assert LIMIT == 2.5


@pytest.mark.parametrize("place", ["host", "cortex-m4"])
def test_the_shipped_c_is_tflm_on_the_whole_test_part(shipped, place):
    bundle, _, inputs, _ = shipped
    quantized = bundle.model.input.quantize(inputs)
    found = verify_model(
        bundle.model, runner=find_runner(place), inputs=[[q[None]] for q in quantized]
    )
    assert found.bytes_differing == 0
