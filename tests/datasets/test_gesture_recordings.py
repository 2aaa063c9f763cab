"""Gestures from files: the wand's form, the sketch's own, and each thing that can be wrong."""

import numpy as np
import pytest

from tinyml_course.datasets.gesture_recordings import (
    find_own_classes,
    load_gestures,
    write_example_trace,
)
from tinyml_course.datasets.wrist_gestures import GESTURES
from tinyml_course.errors import DataError
from tinyml_course.shipped import DATA

HEADER = "aX,aY,aZ,gX,gY,gZ\n"


def sample(seed, n=119):
    rng = np.random.default_rng(seed)
    return "".join(
        ",".join(f"{v:.4f}" for v in (*rng.normal(0, 1, 3), *rng.normal(0, 90, 3))) + "\n"
        for _ in range(n)
    )


def write(folder, name, text):
    (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    "between", ["\n", "", "\r\n", ",,,,,\n"], ids=["line", "none", "cr", "commas"]
)
def test_a_wand_file_is_samples_of_119_readings(tmp_path, between):
    for name in ("Flick", "Swish"):
        write(tmp_path, f"{name}.csv", HEADER + between.join(sample(k) for k in range(3)))
    assert find_own_classes(tmp_path) == ("Flick", "Swish")
    data = load_gestures(tmp_path, ("Flick", "Swish"))
    assert data.x.shape == (6, 119, 6)
    assert data.sample_rate_hz == 119.0
    assert data.y.tolist() == [0, 0, 0, 1, 1, 1]
    assert len(set(data.groups)) == 6
    assert data.groups_are == "samples"
    assert data.x[0, 0].tolist() == pytest.approx(
        [float(v) for v in sample(0).splitlines()[0].split(",")], abs=1e-4
    )


def test_what_the_sketch_prints_while_it_records(tmp_path):
    said = "# gestures 1 nano33ble\nonset:0,t_ms:900\n# rate_hz:50\n" + HEADER
    for who in ("ann", "bob", "cem"):
        text = said + "\n".join(sample(k, 100) for k in range(2)) + "\n# samples lost so far: 3\n"
        write(tmp_path, f"left_{who}.csv", text)
        write(tmp_path, f"right_{who}.csv", text)
    assert find_own_classes(tmp_path) == ()
    data = load_gestures(tmp_path)
    assert data.x.shape == (12, 100, 6)
    assert data.sample_rate_hz == 50.0
    assert sorted(set(data.groups)) == ["ann", "bob", "cem"]
    assert data.class_names == GESTURES


def test_the_example_trace_is_what_lies_in_data(tmp_path):
    written = write_example_trace(tmp_path)
    assert written.read_text() == (DATA / "gestures" / "wrist.csv").read_text()
    data = load_gestures(written)
    assert data.y.tolist() == [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]


STREAM = "t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps,label,subject\n"
ROW = "0,0,1,0,0,0,left,ann\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("left.csv", "", "the first line must be aX,aY"),
        ("left.csv", "x,y\n1,2\n", "the first line must be aX,aY"),
        ("left.csv", HEADER + sample(0, 100), "line 2: a sample of 100 readings instead of 119"),
        ("left.csv", HEADER + "1,2,3\n", "line 2: 3 values instead of 6"),
        ("left.csv", HEADER + "1,2,x,0,0,0\n", "line 2: aZ is 'x', not a number up to 16"),
        ("left.csv", HEADER + "1,nan,0,0,0,0\n", "line 2: aY is 'nan'"),
        ("left.csv", HEADER + "1,17,0,0,0,0\n", "line 2: aY is '17', not a number up to 16"),
        ("left.csv", HEADER + "1,1,0,0,2001,0\n", "gY is '2001', not a number up to 2000"),
        ("left.csv", "# rate_hz:5\n" + HEADER + sample(0), "a rate of 5 Hz"),
        ("left.csv", HEADER, "holds no gestures"),
        ("left.csv", STREAM + "0," + ROW + "40," + ROW, "line 3: 40 ms after the row before"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, name, text, message):
    write(tmp_path, name, text)
    with pytest.raises(DataError, match=message):
        load_gestures(tmp_path)


def test_a_sensor_that_stands_still_is_refused(tmp_path):
    still = "0,0,1,0,0,0\n" * 119
    write(tmp_path, "Flick.csv", HEADER + sample(0) + "\n" + still)
    with pytest.raises(DataError, match=r"line 122: the sensor is stuck"):
        load_gestures(tmp_path, ("Flick", "Swish"))


def test_classes_that_do_not_fit_are_refused(tmp_path):
    write(tmp_path, "Flick.csv", HEADER + "\n".join(sample(k) for k in range(3)))
    with pytest.raises(DataError, match="2 to 10 different names"):
        load_gestures(tmp_path, find_own_classes(tmp_path))
    with pytest.raises(DataError, match=r"unknown gesture 'Flick'; known: rest, left"):
        load_gestures(tmp_path)
    write(tmp_path, "Swish.csv", HEADER + sample(9))
    with pytest.raises(DataError, match=r"too few samples of Swish \(1\)"):
        load_gestures(tmp_path, ("Flick", "Swish"))
    with pytest.raises(DataError, match="no such file or folder"):
        find_own_classes(tmp_path / "nowhere")


def test_classes_recorded_at_different_rates_are_refused(tmp_path):
    write(tmp_path, "Flick.csv", HEADER + "\n".join(sample(k) for k in range(3)))
    write(tmp_path, "Swish.csv", "# rate_hz:50\n" + HEADER + sample(9, 100))
    with pytest.raises(
        DataError, match=r"100 readings at 50 Hz, the first one of Flick\.csv has 119"
    ):
        load_gestures(tmp_path, ("Flick", "Swish"))
