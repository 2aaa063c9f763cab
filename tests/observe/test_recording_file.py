"""The file that a recorder writes: what it may continue, who may write, a full disk."""

import os
import signal
import subprocess
import sys

import pytest

from tests.fake_board import FakeBoard, record_line
from tinyml_course.datasets.recordings import read_recordings
from tinyml_course.errors import DataError, OutputError
from tinyml_course.observe.recorder import record_csv

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
HEADER = "t_ms,ax_g,ay_g,az_g,label,subject\n"
ROW = "0,0.1,0.2,1.0,walk,ann\n"


@pytest.fixture
def board(tmp_path):
    with FakeBoard(tmp_path) as board:
        yield board


def record(board, out, seconds=0.1, **more):
    board.play([*map(record_line, range(0, round(1000 * seconds) + 200, 20))])
    return record_csv(board.url, "walk", seconds, out, "ann", **more)


@pytest.mark.parametrize(
    "content",
    [
        '{"a": 1}',
        "one line without an end",
        "a,b\n1,2\n",
        HEADER.replace("ax_g", "ax_ms2") + ROW,
        HEADER.strip() + ",more\n",
        "\ufeff" + HEADER + ROW,
        "\x00" * 40,
        "\n\n",
    ],
)
def test_a_file_that_is_another_program_s_is_never_touched(board, tmp_path, content):
    out = tmp_path / "mine.csv"
    out.write_text(content, newline="")
    with pytest.raises(DataError, match=r"mine\.csv begins with another header") as caught:
        record(board, out)
    assert "\n" not in str(caught.value)
    assert out.read_text() == content


@pytest.mark.parametrize("content", ["", HEADER, HEADER[:9], HEADER[:-1], HEADER + ROW[:13]])
def test_its_own_file_is_continued_and_torn_ends_are_removed(board, tmp_path, content):
    out = tmp_path / "mine.csv"
    out.write_text(content)
    assert record(board, out).samples == 5
    lines = out.read_text().splitlines(keepends=True)
    assert lines[0] == HEADER
    assert len(lines) == 6
    assert lines[1].startswith("0,0.0000,")


def test_a_whole_row_that_lacks_its_line_end_is_kept(board, tmp_path):
    out = tmp_path / "mine.csv"
    out.write_text(HEADER + ROW + ROW.replace("0,", "20,", 1).strip())  # as some editors save it
    record(board, out)
    assert out.read_text().startswith(HEADER + ROW + ROW.replace("0,", "20,", 1) + "0,")
    torn = HEADER + ROW + "20,0.1,0.2,1.0,walk,an"  # not ann: torn
    out.write_text(torn)
    record(board, out)
    assert out.read_text().startswith(HEADER + ROW + "0,0.0")


def test_a_windows_editor_s_line_ends_are_its_own_header_still(board, tmp_path):
    out = tmp_path / "mine.csv"
    out.write_bytes((HEADER + ROW).replace("\n", "\r\n").encode())
    assert record(board, out).samples == 5
    assert len(read_recordings(out, gaps="cut")[0].x) == 5


def test_what_is_no_file_is_refused(board, tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for out, what in (
        ("/dev/null", "device"),
        ("/dev/full", "device"),
        (board.url, "device"),
        (tmp_path / "folder", "folder"),
        (tmp_path / "pipe", "pipe"),
    ):
        with pytest.raises(OutputError, match=what):
            record_csv(board.url, "walk", 1, out)
    with pytest.raises(OutputError, match="cannot write"):
        record_csv(board.url, "walk", 1, tmp_path / "pipe" / "mine.csv")


def test_a_link_to_a_file_is_followed(board, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert record(board, tmp_path / "link.csv").samples == 5
    assert (tmp_path / "real.csv").read_text().startswith(HEADER)


RECORD = """
import sys
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.observe.recorder import record_csv
try:
    print(record_csv(*sys.argv[1:2], "walk", float(sys.argv[3]), sys.argv[2], "bob", on_progress=
        lambda r: print(r.samples, flush=True)))
except TinyMLCourseError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def start_recorder(url, out, seconds):
    return subprocess.Popen(
        [sys.executable, "-c", RECORD, url, str(out), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_one_writer_at_a_time_and_a_killed_one_blocks_nobody(board, tmp_path):
    out = tmp_path / "mine.csv"
    board.play([x for t in range(0, 100_000, 20) for x in (record_line(t), 0.002)], wait_s=0)
    first = start_recorder(board.url, out, 60)
    try:
        assert first.stdout.readline().strip() == "50"  # a second is recorded
        with FakeBoard(tmp_path, "ttyOTHER") as other:
            other.play([*map(record_line, range(0, 2000, 20))])
            with pytest.raises(OutputError, match=r"another recorder is writing .*mine\.csv"):
                record_csv(other.url, "walk", 1, out)
            assert first.poll() is None
            first.send_signal(signal.SIGKILL)
            first.wait()
            before = out.read_text()
            assert before.endswith(",walk,bob\n")
            assert record(other, out).samples == 5
        assert out.read_text().startswith(before)
        assert {p.name for p in tmp_path.iterdir()} == {"ttyFAKE", "mine.csv"}  # no lock file
    finally:
        first.kill()
        first.communicate()


def test_two_recorders_in_one_process_exclude_each_other_too(board, tmp_path):
    out = tmp_path / "mine.csv"
    with FakeBoard(tmp_path, "ttyOTHER") as other:

        def record_the_other(_):
            with pytest.raises(OutputError, match="another recorder"):
                record_csv(other.url, "walk", 1, out)

        assert record(board, out, 1.2, on_progress=record_the_other).samples == 60


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
"""


@pytest.mark.parametrize("limit_bytes", [500, 517, 1000, 20])
def test_a_full_disk_is_said_with_what_is_safe(board, tmp_path, limit_bytes):
    out = tmp_path / "mine.csv"
    board.play([*map(record_line, range(0, 4000, 20))], wait_s=1.5)
    done = subprocess.run(
        [sys.executable, "-c", FULL + RECORD, board.url, str(out), "3", str(limit_bytes)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr.startswith("OutputError: cannot write more into"), done.stderr
    assert done.stderr.count("\n") == 1
    text = out.read_text()
    if limit_bytes < len(HEADER):
        assert text == ""
        return
    assert text.endswith("walk,bob\n")
    safe = len(text.splitlines()) - 1
    assert f"{safe} samples" in done.stderr
    assert len(read_recordings(out)[0].x) == safe
    assert limit_bytes - 45 < len(text) <= limit_bytes


@pytest.mark.parametrize("how", ["append", "delete", "replace"])
def test_another_program_in_the_file_is_noticed(board, tmp_path, how):
    out = tmp_path / "mine.csv"

    def interfere(recording):
        if recording.seconds > 1.5:
            return
        if how == "append":
            with open(out, "a") as file:
                file.write("x")
        elif how == "delete":
            out.unlink()
        else:
            (tmp_path / "new").write_text("saved by an editor")
            os.replace(tmp_path / "new", out)

    with pytest.raises(OutputError, match="another program"):
        record(board, out, 2.5, on_progress=interfere)
