"""The gestures lab from wrists to Bundle, with classes of one's own, and the shipped Bundle."""

from dataclasses import replace

import numpy as np
import pytest

from tests.e2e.formats import make_two_formats
from tinyml_course.board.cores import find_runner
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.datasets.wand_physics import make_spell_dataset
from tinyml_course.datasets.wrist_gestures import make_wrist_dataset
from tinyml_course.export.check.verify import verify_model
from tinyml_course.labs import gestures as lab_module
from tinyml_course.labs import get_lab
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.report import render_report

pytestmark = pytest.mark.slow


def write_spells(folder, names, samples=12):
    """Files in the public set's form, drawn by physics."""
    spells = make_spell_dataset(samples=samples)
    for name in names:
        chosen = spells.x[spells.y == spells.class_names.index(name)]
        texts = ["".join(f"{','.join(f'{v:.4f}' for v in row)}\n" for row in x) for x in chosen]
        (folder / f"{name}.csv").write_text("aX,aY,aZ,gX,gY,gZ\n" + "\n".join(texts))


@pytest.fixture(scope="module")
def quick():
    lab = get_lab("gestures")
    return replace(
        lab,
        models={"flatten": replace(lab.models["flatten"], epochs=2)},
        make_dataset=lambda seed: make_wrist_dataset(seed, 8, 2),
        elsewhere={
            "no gyroscope": lambda seed: make_wrist_dataset(seed, 3, 2, has_gyroscope=False)
        },
    )


def run_quickly(lab, out, **options):
    with pytest.MonkeyPatch.context() as patch:  # the other formats take half of the time
        patch.setattr(pipeline, "make_formats", make_two_formats)
        patch.setattr(lab_module, "SAMPLES_AN_EPOCH", 256)
        return pipeline.run_lab(lab, out, log=lambda line: None, **options)


def test_the_whole_chain_ends_on_a_wio_without_gyroscope(quick, tmp_path):
    report = run_quickly(quick, tmp_path / "out", board="wio_terminal")
    assert report.board.board == "wio_terminal"
    assert report.board.bytes_differing == report.verify.bytes_differing == 0
    assert any("no gyroscope on this board" in line for line in report.board.lines)
    assert sum(line.startswith("gesture:") for line in report.board.lines) >= 4
    assert set(report.elsewhere) == {"no gyroscope"}
    assert "no gyroscope" in render_report(report)
    assert (tmp_path / "out" / "sketches" / "gestures" / "gestures_trigger.c").is_file()


def test_files_named_after_spells_are_classes_of_ones_own(quick, tmp_path):
    folder = tmp_path / "wand"
    folder.mkdir()
    write_spells(folder, ["AvadaKedavra", "Revelio"])
    report = run_quickly(quick, tmp_path / "out", data_path=folder)
    assert report.data.classes == ("AvadaKedavra", "Revelio")
    assert report.data.groups_are == "samples"
    assert report.elsewhere == {}
    assert report.board.bytes_differing == 0
    bundle = Bundle.load(tmp_path / "out")
    assert (bundle.window, bundle.sample_rate_hz) == (119, 119.0)
    header = (tmp_path / "out" / "sketches" / "gestures" / "gestures_classify.h").read_text()
    assert "#define GESTURES_WINDOW 119 " in header


@pytest.fixture(scope="module")
def shipped():
    bundle, lab = Bundle.load_shipped("gestures"), get_lab("gestures")
    seed = bundle.report.seed
    return bundle, lab, split_by_group(lab.make_dataset(seed), lab.split, seed)


def judge(bundle, data):
    return float((bundle.predict_scores(data.x).argmax(axis=1) == data.y).mean())


def test_the_shipped_model_holds_its_bounds(shipped):
    """New people at least 0.95, without a gyroscope 0.9; and as reported."""
    bundle, lab, split = shipped
    report = bundle.report
    found = judge(bundle, split.test)
    assert found == pytest.approx(report.accuracy["int8"], abs=0.005)
    assert found >= 0.95
    assert report.accuracy["pooling_int8"] < found
    for condition, floor in (("other people", 0.95), ("no gyroscope", 0.9)):
        found = judge(bundle, lab.elsewhere[condition](report.seed))
        assert found >= floor, condition
        assert found == pytest.approx(report.elsewhere[condition]["flatten_int8"], abs=0.005)


@pytest.mark.parametrize("place", ["host", "cortex-m4"])
def test_the_shipped_c_is_tflm_on_the_whole_test_part(shipped, place):
    bundle, _, split = shipped
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(split.test.x))
    found = verify_model(
        bundle.model, runner=find_runner(place), inputs=[[q[None]] for q in inputs]
    )
    assert found.samples == len(split.test)
    assert found.bytes_differing == 0


def test_the_network_has_few_parameters():
    for shape, classes in (((100, 6), 6), ((119, 6), 5)):
        assert lab_module.build_flatten(shape, classes).count_params() <= 3500
    assert np.prod(lab_module.build_pooling((100, 6), 6).output_shape[1:]) == 6
