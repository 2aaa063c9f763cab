"""The lab that learns on, from windows to Bundle, and what the shipped one promises."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.e2e.formats import make_two_formats
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.mounted_motion import make_mounted_dataset, turn_windows
from tinyml_course.datasets.recordings import write_example_recordings
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab
from tinyml_course.network.rewrite import cut_head
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.learning import lesson_of
from tinyml_course.pipeline.report import render_report
from tinyml_course.shipped import BUNDLES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("personalize") / "out"
    lab = get_lab("personalize")
    few = {name: replace(choice, epochs=8) for name, choice in lab.models.items()}
    lab = replace(
        lab,
        models=few,
        make_dataset=lambda seed: make_mounted_dataset(seed, 15),
        elsewhere={
            "turned": lambda seed: make_mounted_dataset(
                seed, 3, first_person=60, hop=100, turned=True
            )
        },
    )
    with pytest.MonkeyPatch.context() as patch:  # the other formats take half of the time
        patch.setattr(pipeline, "make_formats", make_two_formats)
        mine = out.parent / "mine"
        write_example_recordings(mine)
        return pipeline.run_lab(lab, out, data_path=mine, log=lambda line: None), out


def test_the_report_says_what_labels_bought_and_what_a_step_costs(run):
    report, _ = run
    learnt = report.learning
    assert (learnt.labels, learnt.conditions["turned"].groups) == (5, 3)
    assert (learnt.weights_differing, learnt.labels_compared) == (0, 30)
    assert learnt.weights_compared == 30 * 51
    held_out = report.your_data.after.held_out
    assert learnt.conditions["your recordings"].groups == len(held_out) < 6
    assert learnt.conditions["turned"].rehearsed > learnt.conditions["turned"].before
    assert 0 < learnt.answer_us < learnt.step_us < learnt.label_us
    assert report.board.bytes_differing == report.verify.bytes_differing == 0
    assert sum(line.startswith("label:") for line in report.board.lines) == 9
    text = render_report(report)
    assert "weights differ from Python's" in text
    assert "taught by (5 labels of each class)" in text


def test_the_bundle_and_its_sketch_learn(run, tmp_path):
    _, out = run
    bundle = Bundle.load(out)
    sketch = out / "sketches" / "personalize"
    assert "personalize_head_learn" in (sketch / "personalize_head.c").read_text()
    assert "PERSONALIZE_OUTPUT_SIZE 16" in (sketch / "personalize.h").read_text()
    with pytest.raises(ExportError, match="does not learn on"):
        write_sketch(replace(bundle, learning=None), "personalize", tmp_path)


@pytest.fixture(scope="module")
def shipped():
    bundle, lab = Bundle.load_shipped("personalize"), get_lab("personalize")
    return bundle, lab, split_by_group(lab.make_dataset(0), lab.split, 0)


def features_of(bundle, x):
    body = cut_head(bundle.model)
    return run_integer_model(body, body.input.quantize(bundle.preprocessing.apply(x))).outputs


def test_the_shipped_bundle_keeps_its_reports_promises(shipped):
    bundle, _, split = shipped
    report = bundle.report
    found = (bundle.predict_scores(split.test.x).argmax(axis=1) == split.test.y).mean()
    assert found == pytest.approx(report.accuracy["int8"], abs=0.005)
    alike, turned = report.learning.conditions.values()
    assert alike.rehearsed <= alike.before + 0.01  # nothing is gained there
    assert turned.rehearsed > turned.before + 0.2
    assert turned.plain < report.elsewhere["a turned board"]["dense_turned_int8"]
    assert turned.test_plain < turned.test_rehearsed < turned.test_before
    assert report.learning.weights_differing == 0


def test_one_person_learns_what_the_report_says_of_all(shipped):
    bundle, lab, _ = shipped
    data = lab.elsewhere["a turned board"](0)
    mine = np.flatnonzero(data.groups == data.groups[0])
    features, y = features_of(bundle, data.x[mine]), data.y[mine]
    learner = Learner(Head.from_model(bundle.model), bundle.learning)
    given, rest = lesson_of(y, 5)
    assert len(given) == len(rest) == 15
    before = (learner.predict(features[rest]) == y[rest]).mean()
    for row in given:
        learner.learn(features[row], int(y[row]))
    assert (learner.predict(features[rest]) == y[rest]).mean() >= max(before, 0.6)


def test_the_c_of_body_and_network_is_tflm_on_the_whole_test_part(shipped):
    bundle, _, split = shipped
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(split.test.x))
    for model in (bundle.model, cut_head(bundle.model)):
        found = verify_model(model, inputs=[[q[None]] for q in inputs])
        assert (found.samples, found.bytes_differing) == (len(inputs), 0)


def test_the_control_was_trained_with_turned_windows(shipped):
    _, lab, _ = shipped
    assert lab.models["dense_turned"].vary is turn_windows
    assert lab.models["dense"].vary is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"old": [[[1] * 15]] * 3}, "15 features"),
        ({"old": [[[1] * 16]] * 2}, "old examples of 2 classes"),
        ({"passes": 0}, "passes is 0"),
        ({"rate_256": "fast"}, "rate_256 is"),
        ({"more": 1}, "no place"),
    ],
)
def test_learning_that_cannot_be_is_refused(values, message, tmp_path):
    folder = shutil.copytree(BUNDLES / "personalize", tmp_path / "b")
    path = folder / "learning.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    with pytest.raises(DataError, match=message):
        Bundle.load(folder)


def test_a_bundle_that_learns_is_written_back(tmp_path):
    folder = shutil.copytree(BUNDLES / "personalize", tmp_path / "b")
    again = Bundle.load(folder).save(folder)
    assert (folder / "learning.json").read_bytes() == (
        BUNDLES / "personalize" / "learning.json"
    ).read_bytes()
    assert again.learning == Bundle.load_shipped("personalize").learning
