"""The recorder on pseudo-terminals that behave as badly as cables and boards do."""

import time

import pytest

from tests.fake_board import FakeBoard, record_line
from tinyml_course.datasets import load_recordings
from tinyml_course.datasets.recordings import read_recordings
from tinyml_course.errors import DataError, LinkError
from tinyml_course.observe.recorder import record_csv

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
HEADER = "t_ms,ax_g,ay_g,az_g,label,subject\n"


@pytest.fixture
def board(tmp_path):
    with FakeBoard(tmp_path) as board:
        yield board


def times(path):
    return [int(line.split(",")[0]) for line in path.read_text().splitlines()[1:]]


def test_complete_lines_become_rows_and_half_lines_do_not(board, tmp_path):
    torn = b"_g:0.5,az_g:0.99\r\n"  # we joined in the middle of a line
    board.play([torn, b"# recorder 1 fake\r\n", *map(record_line, range(0, 200, 20))])
    recording = record_csv(board.url, "walk", 0.2, tmp_path / "out.csv", "ann")
    assert (recording.state, recording.samples, recording.dropped) == ("complete", 10, 0)
    assert recording.damaged == 1
    text = (tmp_path / "out.csv").read_text()
    assert text.startswith(HEADER + "0,0.0000,-0.0312,0.9980,walk,ann\n")
    assert times(tmp_path / "out.csv") == list(range(0, 200, 20))


def test_dropped_samples_are_counted_and_progress_is_told(board, tmp_path):
    sent = [t for t in range(0, 2400, 20) if t not in (400, 420, 1000)]
    seen = []
    board.play([*map(record_line, sent)])
    recording = record_csv(board.url, "run", 2.3, tmp_path / "out.csv", on_progress=seen.append)
    assert recording.dropped == 3
    assert len(seen) == 2
    assert seen[0].seconds == pytest.approx(1.0, abs=0.05)
    assert recording.rate_hz == pytest.approx(50, abs=2)


def test_garbage_and_a_reset_lose_no_complete_line(board, tmp_path):
    lines = [record_line(t) for t in range(5000, 5100, 20)]
    after = [record_line(t) for t in range(2000, 2140, 20)]
    board.play(
        [
            bytes(range(128, 256)) * 40,  # a wrong baud rate, without a line end
            *lines,
            b"t_ms:5100,ax_g:0.01,ay",  # the board is reset within a line ...
            *after,  # ... and its clock begins again
        ]
    )
    recording = record_csv(board.url, "still", 0.24, tmp_path / "out.csv")
    assert recording.samples == 12
    assert (recording.resets, recording.dropped) == (1, 0)
    assert times(tmp_path / "out.csv") == [
        *range(0, 100, 20),
        *range(0, 140, 20),
    ]


def test_a_pulled_cable_is_waited_for(board, tmp_path):
    board.play(
        [
            *map(record_line, range(0, 200, 20)),
            b"t_ms:200,ax_g:0.0",
            0.3,
            board.unplug,
            0.4,
            board.plug,
            0.6,
            *map(record_line, range(1200, 1400, 20)),
        ]
    )
    recording = record_csv(board.url, "still", 1.4, tmp_path / "out.csv", reconnect_s=5)
    assert (recording.state, recording.reconnects, recording.samples) == ("complete", 1, 20)
    assert recording.dropped == 50
    assert times(tmp_path / "out.csv") == [*range(0, 200, 20), *range(1200, 1400, 20)]


def test_a_cable_that_stays_pulled_ends_in_a_clear_state(board, tmp_path):
    board.play([*map(record_line, range(0, 100, 20)), b"t_ms:100,ax", 0.3, board.unplug])
    with pytest.raises(LinkError, match=r"went away.*cable.*5 complete samples are kept in"):
        record_csv(board.url, "still", 10, tmp_path / "out.csv", reconnect_s=0.3)
    assert times(tmp_path / "out.csv") == [0, 20, 40, 60, 80]
    assert (tmp_path / "out.csv").read_bytes().endswith(b"still,me\n")


def test_a_silent_or_chattering_board_is_an_error(board, tmp_path):
    with pytest.raises(LinkError, match=r"sent no record for 0\.3 s"):
        record_csv(board.url, "still", 10, tmp_path / "out.csv", silence_s=0.3)
    board.play([b"hello\n", 0.1] * 20)
    with pytest.raises(LinkError, match="`recorder`"):
        record_csv(board.url, "still", 10, tmp_path / "out.csv", silence_s=0.5)


def test_takes_are_appended_from_0_and_a_half_line_is_removed(board, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text(HEADER + "0,0,0,1,still,ann\n20,0,0,1,still,ann\n40,0,0.3")
    board.play([*map(record_line, range(700, 800, 20))])
    record_csv(board.url, "walk", 0.1, out, "ann")
    assert times(out) == [0, 20, 0, 20, 40, 60, 80]


def test_stopping_early_keeps_what_is_there(board, tmp_path):
    def press_ctrl_c(_):
        raise KeyboardInterrupt

    board.play([*map(record_line, range(0, 1200, 20))])
    recording = record_csv(board.url, "walk", 60, tmp_path / "out.csv", on_progress=press_ctrl_c)
    assert recording.state == "stopped"
    assert recording.samples == len(times(tmp_path / "out.csv")) == 50


def test_another_kind_of_file_and_bad_words_are_refused(board, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="another header"):
        record_csv(board.url, "walk", 1, other)
    assert other.read_text() == "a,b\n1,2\n"
    with pytest.raises(DataError, match="label or subject"):
        record_csv(board.url, "walk,run", 1, tmp_path / "out.csv")


def test_a_flipped_digit_does_not_end_a_recording(board, tmp_path):
    lines = [record_line(t) for t in range(0, 1000, 20)]
    lines[10] = lines[10].replace(b"t_ms:200", b"t_ms:9990200")
    board.play(lines)
    recording = record_csv(board.url, "walk", 0.9, tmp_path / "out.csv")
    assert (recording.state, recording.damaged, recording.dropped) == ("complete", 1, 1)
    assert times(tmp_path / "out.csv") == [t for t in range(0, 900, 20) if t != 200]


@pytest.mark.parametrize(
    "noise",
    [
        b"t_ms:" + b"1" * 5000 + b",ax_g:0.1,ay_g:0.2,az_g:1.0\n",
        b"t_ms:99999999999,ax_g:0.1,ay_g:0.2,az_g:1.0\n",
        b"t_ms:5,ax_g:" + b"1" * 400 + b",ay_g:0.2,az_g:1.0\n",
        b"t_ms:5,ax_g:0." + b"3" * 400 + b",ay_g:0.2,az_g:1.0\n",
        b"t_ms:5,ax_g:1.0,ay_g:0.2,az_g:17.0\n",  # no sensor of the course measures that
        b"t_ms:5,ax_g:nan,ay_g:0.2,az_g:1.0\n",
        b"t_ms:-5,ax_g:0.1,ay_g:0.2,az_g:1.0\n",
        b"t_ms:5,ax_g:0.1,ay_g:0.2\n",
        b"\x00" * 6000 + b"\n",
    ],
)
def test_lines_that_are_no_record_are_counted_and_not_written(board, tmp_path, noise):
    lines = [record_line(t) for t in range(0, 300, 20)]
    board.play([*lines[:5], noise, *lines[5:]])
    recording = record_csv(board.url, "walk", 0.2, tmp_path / "out.csv")
    assert (recording.samples, recording.damaged) == (10, 1)
    assert len(read_recordings(tmp_path / "out.csv")[0].x) == 10


def test_bytes_without_a_line_end_do_not_keep_it_for_ever(board, tmp_path):
    board.play([b"noise", 0.05] * 200)
    begun = time.monotonic()
    with pytest.raises(LinkError, match=r"sent no record for 0\.5 s"):
        record_csv(board.url, "walk", 10, tmp_path / "out.csv", silence_s=0.5)
    assert time.monotonic() - begun < 3


def test_a_board_whose_clock_stands_still_does_not_keep_it_for_ever(board, tmp_path):
    board.play([x for k in range(300) for x in (record_line(20 + k // 20), 0.01)])
    with pytest.raises(LinkError, match=r"sent records of 0\.\d s in \d s"):
        record_csv(board.url, "walk", 0.4, tmp_path / "out.csv", silence_s=2, reconnect_s=0.1)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0, 0.0])
def test_a_time_that_is_none_is_refused(board, tmp_path, seconds):
    with pytest.raises(DataError, match="seconds"):
        record_csv(board.url, "walk", seconds, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_what_it_writes_is_read_with_its_takes_and_gaps(board, tmp_path):
    out = tmp_path / "out.csv"
    sent = [t for t in range(0, 6000, 20) if t not in (2400, 2420)]
    board.play([*map(record_line, sent)])
    assert record_csv(board.url, "walk", 5, out, "ann").dropped == 2
    board.play([*map(record_line, range(31_000, 36_000, 20))])
    record_csv(board.url, "walk", 4, out, "ann")  # a second take of the same
    assert [len(r.x) for r in read_recordings(out, gaps="cut")] == [120, 128, 200]
    data = load_recordings(out)
    assert len(data) == 1 + 1 + 3
    assert (
        data.source == "recordings in out.csv, cut at 1 gap in which samples of 0.04 s are missing"
    )
    assert [(gap.line, round(gap.step_s, 3)) for gap in data.gaps] == [(122, 0.06)]
    with pytest.raises(DataError, match=r"out\.csv, line 122: a gap of 60 ms"):
        load_recordings(out, gaps="refuse")


def test_a_torn_take_does_not_make_the_others_unreadable(board, tmp_path):
    out = tmp_path / "out.csv"
    board.play([*map(record_line, range(0, 4000, 20))])
    record_csv(board.url, "walk", 3, out, "ann")
    board.play([*map(record_line, (0, 100, 240, 320, 440, 460))])  # three samples in four are lost
    record_csv(board.url, "walk", 0.4, out, "ann")
    board.play([record_line(t).replace(b"0.9980", b"0.0100") for t in (0, 20, 40, 60)])  # a fall
    record_csv(board.url, "walk", 0.06, out, "ann")
    assert len(load_recordings(out)) == 2
