"""What a phone's app exports: columns, units, gravity, and whose recording it is."""

from pathlib import Path

import numpy as np
import pytest

from tinyml_course.datasets.own_classes import load_own_classes
from tinyml_course.datasets.recordings import read_recordings
from tinyml_course.errors import DataError

ROOT = Path(__file__).parents[2]
PHYPHOX = (
    '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)",'
    '"Absolute acceleration (m/s^2)"\n'
)
LOGGER = "time,seconds_elapsed,z,y,x\n"


def walk(n=250, rate_hz=100.0, scale=1.0):
    t_s = np.arange(n) / rate_hz
    x = 0.2 * np.sin(2 * np.pi * 2 * t_s)
    return t_s, np.stack([x, 0 * x, 1 + x], 1) * scale


def phyphox(scale=9.80665, **more):
    t_s, g = walk(scale=scale, **more)
    rows = [f"{t:.6e},{x:.6e},{y:.6e},{z:.6e},{1:.6e}" for t, (x, y, z) in zip(t_s, g, strict=True)]
    return PHYPHOX + "\n".join(rows) + "\n"


def logger(scale):
    t_s, g = walk(scale=scale)
    rows = [f"17{i},{t},{z},{y},{x}" for i, (t, (x, y, z)) in enumerate(zip(t_s, g, strict=True))]
    return LOGGER + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "text", [phyphox(), logger(9.80665), logger(1.0)], ids=["phyphox", "logger m/s2", "logger g"]
)
def test_both_apps_are_read_in_g(tmp_path, text):
    path = tmp_path / "walk_ann_2.csv"
    path.write_text(text)
    (recording,) = read_recordings(path)
    assert (recording.label, recording.subject) == ("walk", "ann")
    assert recording.sample_rate_hz == pytest.approx(100, rel=1e-3)
    assert np.abs(recording.x - walk()[1]).max() < 1e-5


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("walk_ann.csv", PHYPHOX.replace("Acceleration x", "Linear Acceleration x") + "0,1,2,3,4\n",
         "gravity was subtracted"),
        ("walk_ann.csv", logger(0.02), "Total Acceleration"),
        ("walk_ann.csv", phyphox(scale=1.0), "neither m/s2 nor g"),
        ("jog_ann.csv", phyphox(), "LABEL_SUBJECT.csv; known labels: still, walk, run"),
        ("walk_ann.csv", PHYPHOX + "0,1,2,x,4\n", "line 2: Time"),
        ("walk_ann.csv", PHYPHOX, "no rows"),
    ],
    ids=["linear", "logger without gravity", "unit that cannot be", "label", "text", "empty"],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_remedy(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError, match=words):
        read_recordings(path)


def write_takes(folder, people, classes, takes):
    for person in people:
        for label in classes:
            for take in range(takes):
                (folder / f"{label}_{person}_{take}.csv").write_text(phyphox(n=800))


def test_classes_of_ones_own_by_take_or_by_person(tmp_path):
    write_takes(tmp_path, ["me"], ["wave", "stir"], 3)
    data = load_own_classes(tmp_path, ["wave", "stir"])
    assert data.class_names == ("wave", "stir")
    assert (data.groups_are, len(set(data.groups))) == ("takes", 6)
    write_takes(tmp_path, ["ann", "ben"], ["wave", "stir"], 1)
    data = load_own_classes(tmp_path, ["wave", "stir"])
    assert (data.groups_are, set(data.groups)) == ("people", {"me", "ann", "ben"})


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (["wave"], "2 to 10 different names"),
        (["wave", "wave"], "2 to 10 different names"),
        (["wave", "stir", "clap"], r"too few recordings of clap \(0\)"),
    ],
)
def test_classes_that_cannot_be_learnt_are_refused(tmp_path, classes, words):
    write_takes(tmp_path, ["me"], ["wave", "stir"], 3)
    with pytest.raises(DataError, match=words):
        load_own_classes(tmp_path, classes)


def test_the_examples_are_read():
    folder = ROOT / "examples" / "phone"
    found = {(r.label, r.subject) for r in read_recordings(folder)}
    assert found == {("walk", "ann"), ("run", "ben"), ("still", "cyd")}
