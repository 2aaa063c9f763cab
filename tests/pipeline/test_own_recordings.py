"""Your own recordings in a run: judged by the right measure, and refused before the training."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.recordings import write_example_recordings
from tinyml_course.datasets.vibration import make_vibration_dataset
from tinyml_course.errors import DataError
from tinyml_course.labs import get_lab
from tinyml_course.labs.lab import FineTuning
from tinyml_course.pipeline import judging
from tinyml_course.pipeline.learning import own_condition, own_lesson
from tinyml_course.pipeline.own_recordings import check_recordings, split_recordings
from tinyml_course.pipeline.report import make_detector_table
from tinyml_course.pipeline.run import run_lab
from tinyml_course.training import CLASSES, DEVIATIONS
from tinyml_course.training.detection import compare_methods, score_detection


def classes(people=6, names=("a", "b"), shown=2, each=3):
    """`each` different windows of the first `shown` classes of each person."""
    count = people * shown * each
    x = np.random.default_rng(0).normal(size=(count, 4, 1))
    y = np.tile(np.repeat(np.arange(shown), each), people)
    groups = np.repeat([f"p{n}" for n in range(people)], shown * each)
    return Dataset(x, y, groups, 50.0, names, ("c",), "g", groups_are="sessions")


@pytest.fixture
def detect(monkeypatch):
    """Judges a network that gives back nothing: what is left is how far windows stray."""
    monkeypatch.setattr(judging, "run_litert", lambda model, x: np.zeros_like(x))

    def run(data):
        # louder when something is wrong; 0.2 is no alarm yet
        z = np.random.default_rng(1).normal(size=(len(data), 24)).astype(np.float32)
        z *= 1 + 0.2 * (data.y != 0)[:, None].astype(np.float32)
        return judging.judge(b"", z, data, DEVIATIONS), z

    return run


def test_a_detector_is_judged_by_the_area_and_not_by_the_share_of_right_alarms(detect):
    data = make_vibration_dataset(3, 2, healthy=40, faulty=8)
    judged, z = detect(data)
    packed = judging.pack_answers(z, data)
    area = score_detection(np.zeros_like(z), packed)
    assert judged.accuracy == pytest.approx(area, abs=1e-4)
    assert judged.accuracy != pytest.approx(np.mean(list(judged.recall.values())), abs=0.05)
    assert f"AUC {area:.3f} on" in judging.say_judgement(judged, "AUC")


def test_without_a_fault_there_is_no_area(detect):
    data = make_vibration_dataset(3, 2, healthy=40, faulty=8)
    data = data.subset(data.y == 0)
    judged, z = detect(data)
    assert judged.accuracy is None
    said = judging.say_judgement(judged, "AUC")
    assert said.startswith("no fault recorded, so no AUC, on 40 windows of 2 machines (false al")
    table = str(make_detector_table(compare_methods(z, data, np.zeros_like(z))))
    assert table.splitlines()[0].split() == (
        ["no", "fault", "recorded", "false", "alarms", "median", "of", "5"]
    )
    assert "RMS" in table


def test_recordings_of_one_class_do_not_train():
    said = []
    one = classes(names=("air", "wine"), shown=1, each=4)
    assert split_recordings(one, CLASSES, FineTuning(), 0, said.append) is None
    assert "all of them are 'air'" in said[0]
    assert split_recordings(classes(), CLASSES, FineTuning(), 0, said.append) is not None
    assert len(said) == 1


def test_who_is_too_few_is_named_as_what_they_are():
    said = []
    assert split_recordings(classes(people=1), CLASSES, FineTuning(), 0, said.append) is None
    assert said[0].strip().startswith("1 session: too few to train")


def test_what_the_stages_after_the_training_would_refuse_is_refused_before(tmp_path):
    """A minute of healthy too little, and one recording under two names."""
    lab = get_lab("vibration")
    short = make_vibration_dataset(1, 2, healthy=5, faulty=2)
    said = []
    with pytest.raises(DataError, match="16 are the least"):
        run_lab(
            replace(
                lab,
                make_dataset=lambda seed: make_vibration_dataset(seed, 5, healthy=20, faulty=2),
                load_dataset=lambda path: short,
            ),
            tmp_path / "out",
            data_path=tmp_path,
            log=said.append,
        )
    assert not any("training" in line for line in said)
    copies = classes()
    copies = replace(copies, x=np.tile(copies.x[:6], (6, 1, 1)))
    known = replace(copies, x=copies.x + 1)
    with pytest.raises(DataError, match="exact copies"):
        check_recordings(replace(lab, answers=CLASSES), known, copies, 0)


def test_who_labels_is_judged_on_windows_that_share_no_sample_with_the_labelled():
    data = classes(people=2, each=8)
    lesson = own_lesson(data, 5)
    assert len(lesson) == 2 * 2 * 7
    left = {window.tobytes() for window in data.x} - {window.tobytes() for window in lesson.x}
    assert left == {data.x[k].tobytes() for k in (5, 13, 21, 29)}
    assert set(own_lesson(data, 5, ("p1",)).groups) == {"p1"}
    assert own_lesson(classes(each=6), 5) is None
    said = []
    assert own_condition(classes(each=6), 5, None, said.append) == {}
    assert "nobody has 7 windows of two classes" in said[0]
    assert own_lesson(classes(shown=1, each=9), 5) is None


@pytest.mark.parametrize(("seconds", "can_teach"), [(8.0, True), (7.9, False)])
def test_eight_seconds_of_a_class_are_the_least_to_teach_with(tmp_path, seconds, can_teach):
    """As data/README.md has it."""
    write_example_recordings(tmp_path, people=1, seconds=seconds)
    lab = get_lab("personalize")
    data = lab.load_dataset(tmp_path)
    assert (own_lesson(data, lab.learning.labels) is not None) == can_teach
