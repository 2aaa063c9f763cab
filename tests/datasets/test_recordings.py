"""Recordings: what is written is read back, and what cannot be right is refused with its line."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinyml_course.datasets import load_recordings
from tinyml_course.datasets.motion import make_person, synthesize_recording
from tinyml_course.datasets.recordings import (
    Recording,
    read_recordings,
    write_example_recordings,
    write_recordings,
)
from tinyml_course.datasets.resample import resample
from tinyml_course.errors import DataError, OutputError

DATA = Path(__file__).parents[2] / "data"
HEADER = "t_ms,ax_g,ay_g,az_g,label,subject"


def rows(n=150, label="still", subject="ann", step_ms=20.0, start_ms=0.0, scale=1.0):
    return [
        f"{start_ms + i * step_ms:g},{0.01 * scale:g},{-0.02 * scale:g},{scale:g},{label},{subject}"
        for i in range(n)
    ]


def write(folder, lines, header=HEADER, name="walk.csv"):
    file = folder / name
    file.write_text("\n".join([header, *lines]) + "\n")
    return file


def replace(index, column, text):
    """Rows with one value replaced."""
    lines = rows()
    values = lines[index].split(",")
    values[column] = text
    lines[index] = ",".join(values)
    return lines


BAD = {
    "text in a number": (replace(3, 1, "fast"), ["line 5", "ax_g", "'fast'"]),
    "an underscore": (replace(3, 1, "0_1"), ["line 5", "'0_1'"]),
    "a comma for a point": (replace(3, 2, "0,5"), ["line 5", "7 values"]),
    "a NaN": (replace(4, 3, "nan"), ["line 6", "az_g", "nan"]),
    "an infinity": (replace(4, 3, "-inf"), ["line 6", "-inf"]),
    "a missing value": (replace(7, 2, ""), ["line 9", "ay_g"]),
    "an empty label": (replace(7, 4, ""), ["line 9", "label or subject"]),
    "an unknown label": (replace(9, 4, "swim"), ["line 11", "'swim'", "still, walk, run"]),
    "time backwards": (replace(9, 0, "100"), ["line 11", "160 back to 100"]),
    "time standing still": (replace(9, 0, "160"), ["line 11", "160 back to 160"]),
    "a gap": (rows(60) + rows(60, start_ms=1300), ["line 62", "gap of 120 ms", "gaps='cut'"]),
    "raw counts": (rows(scale=512), ["line 2", "512 g", "raw counts"]),
    "m/s2": (rows(scale=9.80665), ["line 2", "cannot be g", "9.80665"]),
    "mg": (rows(scale=1000), ["line 2", "mg"]),
    "gravity subtracted": (rows(scale=0.001), ["line 2", "cannot be g", "gravity"]),
    "seconds for milliseconds": (rows(step_ms=0.02), ["line 2", "milliseconds"]),
    "too slow": (rows(step_ms=100), ["line 2", "10 Hz"]),
    "no rows": ([], ["no rows"]),
    "too short": (rows(60), ["1.20 s", "record longer"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_rows_are_refused_with_file_line_and_remedy(tmp_path, case):
    lines, words = BAD[case]
    write(tmp_path, lines)
    with pytest.raises(DataError) as caught:
        load_recordings(tmp_path / "walk.csv", gaps="refuse")
    message = str(caught.value)
    for word in (*words, *(() if case == "too short" else ("walk.csv",))):
        assert word in message, message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("t_ms,ax_ms2,ay_ms2,az_ms2,label,subject", "ax_ms2"),
        ("t_ms,ax_g,ay_g,az_g,label", "subject"),
        ("ax_g,ay_g,az_g,t_ms,label,subject", "another order"),
        ("0,0.01,0.02,1.0,still,ann", "first line"),
    ],
)
def test_wrong_columns_are_refused(tmp_path, header, word):
    with pytest.raises(DataError, match=r"line 1") as caught:
        load_recordings(write(tmp_path, rows(), header))
    assert word in str(caught.value)


def test_files_that_are_none_are_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load_recordings(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match=r"holds no \.csv"):
        load_recordings(tmp_path)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="file is empty"):
        load_recordings(tmp_path / "empty.csv")
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\r\n\xff\xfe")
    with pytest.raises(DataError, match="UTF-8"):
        load_recordings(tmp_path / "photo.csv")
    (tmp_path / "nul.csv").write_bytes(HEADER.encode() + b"\n0,0,0,1,still,a\x00nn\n" * 3)
    with pytest.raises(DataError):
        load_recordings(tmp_path / "nul.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(DataError):
        read_recordings(tmp_path)
    with pytest.raises(DataError, match="gaps"):
        read_recordings(tmp_path, gaps="ignore")


@pytest.mark.skipif(os.name == "nt", reason="permissions work differently on Windows")
def test_an_unreadable_file_is_a_data_error(tmp_path, monkeypatch):
    file = write(tmp_path, rows())

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(DataError, match=r"walk\.csv: cannot be read \(Permission denied\)"):
        load_recordings(file)


def test_windows_never_cross_a_change_of_label_or_subject(tmp_path):
    lines = rows(150) + rows(150, "walk") + rows(150, "walk", "bob") + rows(90, "run", "bob")
    data = load_recordings(write(tmp_path, lines))
    assert [(data.class_names[y], g) for y, g in zip(data.y, data.groups, strict=True)] == (
        [("still", "ann")] * 2 + [("walk", "ann")] * 2 + [("walk", "bob")] * 2
    )


def test_a_gap_can_be_cut_and_is_never_bridged(tmp_path):
    lines = rows(130) + rows(130, start_ms=130 * 20 + 60)
    file = write(tmp_path, lines)
    assert [len(r.x) for r in read_recordings(file, gaps="cut")] == [130, 130]
    assert len(load_recordings(file, gaps="cut")) == 2
    whole = write(tmp_path, rows(260), name="whole.csv")
    assert len(load_recordings(whole)) == 4


def test_a_trembling_clock_is_no_gap(tmp_path):
    jitter = np.random.default_rng(0).integers(-4, 5, 200)
    lines = [f"{20 * i + j},0,0,1,walk,ann" for i, j in enumerate(jitter)]
    found = read_recordings(write(tmp_path, lines))
    assert found[0].sample_rate_hz == pytest.approx(50, rel=0.01)


@pytest.mark.parametrize("rate_hz", [20.0, 25.0, 50.0, 99.84, 119.0, 400.0])
def test_every_rate_becomes_50_hz(tmp_path, rate_hz):
    t = np.arange(round(6 * rate_hz)) / rate_hz
    x = np.zeros((len(t), 3))
    x[:, 2] = 1 + 0.5 * np.sin(2 * np.pi * 2 * t)
    file = write_recordings(tmp_path / "r.csv", [Recording(x, "walk", "ann", rate_hz)])
    data = load_recordings(file)
    assert (data.sample_rate_hz, data.window, len(data)) == (50.0, 100, 5)
    at = np.arange(50, 150) / 50
    expected = 1 + 0.5 * np.sin(2 * np.pi * 2 * at)
    np.testing.assert_allclose(data.x[1, :, 2], expected, atol=0.01)


def test_resampling_keeps_gravity_and_takes_out_what_cannot_be_held():
    np.testing.assert_allclose(resample(np.ones((60, 2)), 20, 50), 1.0, atol=1e-6)
    t = np.arange(800)[:, None] / 200
    too_fast = np.sin(2 * np.pi * 40 * t)  # would come out as 10 Hz if samples were just dropped
    assert np.abs(resample(too_fast, 200, 50)[20:-20]).max() < 0.03
    assert np.abs(too_fast[::4]).max() > 0.9


def test_a_recording_comes_back_exactly(tmp_path):
    x = synthesize_recording(make_person(0, 0), "run", 4.0, 0)
    write_recordings(tmp_path / "new" / "r.csv", [Recording(x, "run", "ann", 50.0)])
    (back,) = read_recordings(tmp_path / "new")
    np.testing.assert_array_equal(back.x, x)
    assert (back.label, back.subject, back.sample_rate_hz) == ("run", "ann", 50.0)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    text = "\ufeff" + "\r\n".join([HEADER, *rows()]) + "\r\n\r\n"
    (tmp_path / "excel.csv").write_bytes(text.encode())
    assert len(load_recordings(tmp_path)) == 2


@pytest.mark.parametrize("bad", ["an,n", "", 'a"b', "a\nb"])
def test_names_that_would_break_the_format_are_not_written(tmp_path, bad):
    with pytest.raises(DataError, match="subject"):
        write_recordings(tmp_path / "r.csv", [Recording(np.ones((9, 3)), "walk", bad, 50.0)])
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = write(tmp_path, rows())
    before = file.read_bytes()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OutputError, match="No space left"):
        write_recordings(file, [Recording(np.ones((9, 3)), "walk", "ann", 50.0)])
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


PIECES = st.sampled_from(
    [
        "0",
        "20",
        "40",
        "1",
        "-1",
        "0.01",
        "1e308",
        "-1e308",
        "1e-320",
        "nan",
        "",
        " ",
        '"',
        "still",
        "walk",
        "ann",
        "\x00",
        "\ufeff",
        "ä",
        "0x10",
        "١",
        ",",
        "\r",
        "\n",
        "0,0,0,1,still,ann\n",
        "20,0,0,1,still,ann\n",
        "40,0,0,1,still,ann\n",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_text_whatever_brings_another_error(tmp_path_factory, pieces):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_text(HEADER + "\n" + "".join(pieces), encoding="utf-8", newline="")
    try:
        found = read_recordings(file)
    except DataError as error:
        assert "any.csv" in str(error)
    else:
        assert all(np.isfinite(r.x).all() for r in found)


def test_the_committed_recordings_are_regenerated_byte_for_byte(tmp_path):
    made = write_example_recordings(tmp_path)
    committed = sorted(DATA.glob("*.csv"))
    assert [f.name for f in made] == [f.name for f in committed]
    for new, old in zip(made, committed, strict=True):
        assert new.read_bytes() == old.read_bytes(), f"{old.name}: run write_example_recordings"
    assert sum(f.stat().st_size for f in committed) < 500_000
    data = load_recordings(DATA)
    assert len(set(data.groups)) == 6
    assert len(set(np.bincount(data.y).tolist())) == 1
