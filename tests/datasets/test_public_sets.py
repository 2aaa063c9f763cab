"""The public folder layouts, imitated in miniature."""

import numpy as np
import pytest

from tinyml_course.datasets import load_motion
from tinyml_course.datasets.motion import make_person, synthesize_recording
from tinyml_course.datasets.uci_har import load_uci_har
from tinyml_course.datasets.wisdm import FILE_NAME, load_wisdm
from tinyml_course.errors import DataError

G = 9.80665


def write_uci(folder, parts=("train", "test")):
    """One window of each of the six activities a part, subjects 1 (train) and 2 (test)."""
    for number, part in enumerate(parts, 1):
        signals = folder / part / "Inertial Signals"
        signals.mkdir(parents=True)
        activity = [1, 2, 3, 4, 5, 6]
        kinds = ["walk", "walk", "walk", "still", "still", "still"]
        x = np.stack(
            [
                synthesize_recording(make_person(0, number), kind, 128 / 50, seed)
                for seed, kind in enumerate(kinds)
            ]
        )
        for c, axis in enumerate("xyz"):
            rows = "\n".join(" ".join(f"{v: .7e}" for v in window) for window in x[:, :, c])
            (signals / f"total_acc_{axis}_{part}.txt").write_text(rows + "\n")
        (folder / part / f"y_{part}.txt").write_text("\n".join(map(str, activity)) + "\n")
        (folder / part / f"subject_{part}.txt").write_text(f"{number}\n" * 6)
    return folder


def test_uci_har_gives_still_and_walk_in_g(tmp_path):
    data = load_uci_har(write_uci(tmp_path / "UCI HAR Dataset"))
    assert data.x.shape == (8, 100, 3)
    assert [data.class_names[i] for i in data.y] == ["walk", "still", "still", "still"] * 2
    assert data.groups.tolist() == ["uci01"] * 4 + ["uci02"] * 4
    assert (data.sample_rate_hz, data.unit) == (50.0, "g")
    assert "Anguita" in data.source
    # the numbers are the file's, in the file's order of axes
    first = np.loadtxt(tmp_path / "UCI HAR Dataset/train/Inertial Signals/total_acc_z_train.txt")
    np.testing.assert_array_equal(data.x[0, :, 2], first[0, :100].astype(np.float32))


def test_uci_har_stairs_and_parts_can_be_chosen(tmp_path):
    folder = write_uci(tmp_path)
    with_stairs = load_uci_har(folder, stairs="walk", parts=("test",))
    assert np.bincount(with_stairs.y, minlength=3).tolist() == [3, 3, 0]
    assert set(with_stairs.groups) == {"uci02"}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: (f / "train/y_train.txt").unlink(), ("y_train.txt", "unpack")),
        (lambda f: (f / "train/y_train.txt").write_text("1\n"), ("rows", "agree")),
        (lambda f: (f / "train/y_train.txt").write_text("7\n" * 6), ("activity 7", "1 to 6")),
        (lambda f: (f / "train/subject_train.txt").write_text("one\n"), ("line 1", "one")),
        (
            lambda f: (f / "train/Inertial Signals/total_acc_y_train.txt").write_text("1 2 3\n"),
            ("line 1", "128"),
        ),
        (lambda f: (f / "train/Inertial Signals/total_acc_y_train.txt").write_text(""), ("empty",)),
        (
            lambda f: (f / "train/Inertial Signals/total_acc_y_train.txt").write_bytes(b"\xff\xfe"),
            ("no text file",),
        ),
    ],
)
def test_uci_har_damage_is_named(tmp_path, damage, words):
    damage(write_uci(tmp_path))
    with pytest.raises(DataError) as caught:
        load_uci_har(tmp_path)
    assert all(word in str(caught.value) for word in words), caught.value


def wisdm_rows(user, activity, seconds, start_ns, wave_hz=2.0, wave_g=0.3):
    t = np.arange(round(seconds * 20)) / 20
    y = G * (1 + wave_g * np.sin(2 * np.pi * wave_hz * t))
    return [
        f"{user},{activity},{start_ns + i * 50_000_000},0.0,{v:.7f},-0.5;"
        for i, v in enumerate(y, 1)
    ]


def test_wisdm_becomes_50_hz_in_g(tmp_path):
    rows = (
        wisdm_rows(7, "Walking", 6, 10**12)
        + wisdm_rows(7, "Jogging", 6, 2 * 10**12)
        + wisdm_rows(8, "Sitting", 6, 3 * 10**12, wave_g=0.0)
        + wisdm_rows(8, "Upstairs", 6, 4 * 10**12)
    )
    (tmp_path / FILE_NAME).write_text("\n".join(rows) + "\n")
    data = load_wisdm(tmp_path)
    assert (data.sample_rate_hz, data.unit, data.window) == (50.0, "g", 100)
    assert np.bincount(data.y).tolist() == [5, 5, 5]
    assert set(data.groups) == {"wisdm07", "wisdm08"}
    still = data.x[data.y == 0]
    np.testing.assert_allclose(still[..., 1], 1.0, atol=1e-5)
    # the wave keeps its frequency and its height
    walk = data.x[data.y == 1][1, :, 1]  # a window away from the ends
    t = np.arange(100) / 50 + 1.0
    np.testing.assert_allclose(walk, 1 + 0.3 * np.sin(2 * np.pi * 2.0 * t), atol=0.01)
    assert len(load_wisdm(tmp_path / FILE_NAME, stairs="walk")) == 20


def test_wisdm_damage_is_skipped_counted_and_never_bridged(tmp_path):
    rows = wisdm_rows(7, "Walking", 12, 10**12)
    rows[100] = "7,Walking,1005050000000,0.5,9.1,;"  # its last value is missing: ends a recording
    rows[3:5] = [rows[3] + rows[4]]  # two records on one line
    rows[10] = rows[10][:-1] + ",;"  # a comma too many
    rows[20] = rows[20][:-1]  # no semicolon
    rows.insert(30, rows[30])  # written twice
    rows.append("7,Walking,0,0,0,0;")  # the clock at 0
    rows.append("")
    (tmp_path / FILE_NAME).write_text("\n".join(rows))
    data = load_wisdm(tmp_path)
    assert "2 records skipped" in data.source
    assert len(data) == 9  # 5 s and 6.95 s: four and five windows; 12 s unbroken would be 11
    np.testing.assert_allclose(data.x[:, :, 1].mean(axis=1), 1.0, atol=0.02)


@pytest.mark.parametrize("jump_s", [0.2, -5.0])
def test_wisdm_windows_never_cross_a_jump_of_the_clock(tmp_path, jump_s):
    first = wisdm_rows(7, "Walking", 3, 10**12)
    then = wisdm_rows(7, "Walking", 3, 10**12 + round((3 + jump_s) * 1e9))
    (tmp_path / FILE_NAME).write_text("\n".join(first + then))
    assert len(load_wisdm(tmp_path)) == 4  # 6 s unbroken would be 5


@pytest.mark.parametrize("text", ["", "this,is,another,file\n", "1,Walking,5;\n" * 9])
def test_what_is_no_wisdm_file_is_refused(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(DataError, match=r"WISDM v1\.1"):
        load_wisdm(tmp_path)


def test_load_motion_picks_the_reader(tmp_path):
    write_uci(tmp_path / "a" / "UCI HAR Dataset")
    assert "UCI HAR" in load_motion(tmp_path / "a").source
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / FILE_NAME).write_text("\n".join(wisdm_rows(1, "Jogging", 3, 10**12)))
    assert "WISDM" in load_motion(tmp_path / "w").source
    assert "WISDM" in load_motion(tmp_path / "w" / FILE_NAME).source
    rows = "".join(f"{20 * i},0,0,1,still,ann\n" for i in range(120))
    (tmp_path / "mine.csv").write_text("t_ms,ax_g,ay_g,az_g,label,subject\n" + rows)
    assert len(load_motion(tmp_path / "mine.csv")) == 1
    assert "recordings" in load_motion(tmp_path).source


def test_load_motion_says_what_it_expects(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load_motion(tmp_path / "nowhere")
    with pytest.raises(DataError, match="is empty"):
        load_motion(tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DataError, match="nothing known"):
        load_motion(tmp_path)
