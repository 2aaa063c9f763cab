"""Traces: what a sensor could feel is played, everything else is one line that names its place."""

import os

import pytest

from tests.attack.hostile_recordings import SOUNDS, wav
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.errors import BoardError

GOOD = "t_ms,ax_g,ay_g,az_g\n0,0,0,1\n20,0.1,0,1\n40,0.2,0,1\n"


def test_a_recording_is_read_as_it_stands(tmp_path):
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    trace = read_trace(path)
    assert (trace.kind, trace.values.dtype, trace.rate_hz) == ("acceleration", "float32", 50)
    assert trace.values[:, 0].tolist() == pytest.approx([0, 0.1, 0.2])


@pytest.mark.parametrize(
    "row", ["20,nan,0,1", "20,inf,0,1", "20,1e300,0,1", "20,-1001,0,1", "1e18,0,0,1", "-1,0,0,1"]
)
def test_what_no_sensor_can_feel_is_refused_with_its_line(row, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(GOOD.replace("20,0.1,0,1", row))
    with pytest.raises(BoardError, match=r"bad\.csv, line 3: \w+ is .*, not a number from"):
        read_trace(path)


@pytest.mark.parametrize("count", ["-1", "4294967296", "nan"])
def test_counts_of_a_gas_sensor_have_32_bits(count, tmp_path):
    path = tmp_path / "gas.csv"
    path.write_text(f"t_ms,no2,c2h5oh,voc,co\n0,1,2,3,4\n1000,1,2,{count},4\n")
    with pytest.raises(BoardError, match="line 3"):
        read_trace(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="a file that never ends")
def test_a_file_that_never_ends_is_not_begun():
    with pytest.raises(BoardError, match="no ordinary file"):
        read_trace("/dev/zero")


@pytest.mark.skipif(os.name != "posix", reason="named pipes")
def test_a_pipe_that_nobody_fills_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BoardError, match="no ordinary file"):
        read_trace(tmp_path / "pipe.csv")


@pytest.mark.parametrize("case", SOUNDS)
def test_a_sound_is_looked_at_as_every_wav(case, tmp_path):
    content, is_read = SOUNDS[case]
    path = tmp_path / "sound.WAV"
    path.write_bytes(content)
    if is_read and case != "eight channels":
        assert read_trace(path).kind == "sound"
    else:
        with pytest.raises(BoardError, match=r"sound\.WAV") as caught:
            read_trace(path)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["song.mp3", "Memo.M4A", "a.flac"])
def test_another_kind_of_sound_is_told_apart_from_a_bad_csv(name, tmp_path):
    (tmp_path / name).write_bytes(b"\xff\xfb\x90")
    with pytest.raises(BoardError, match=rf"{name} is a sound, but no WAV: export it as WAV"):
        read_trace(tmp_path / name)


def test_a_microphone_is_mono(tmp_path):
    path = tmp_path / "two.wav"
    path.write_bytes(wav(channels=2))
    with pytest.raises(BoardError, match="2 channels; one is possible"):
        read_trace(path)
