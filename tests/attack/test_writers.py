"""Files and writers that a recorder must not harm, and ends that must not harm a recording."""

import json
import os
import signal
import socket
import time

import pytest

from tests.attack.recorders import Recorder
from tests.fake_board import FakeBoard, numbered, numbers_in
from tinyml_course.datasets.recordings import read_recordings

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
HEADER = "t_ms,ax_g,ay_g,az_g,label,subject\n"


def cases(values, quick):
    """Each value as a case; `make test` runs those that are named, each of which takes seconds."""
    slow = pytest.mark.whole_attack
    return [pytest.param(v, marks=() if v in quick else slow, id=str(v)) for v in values]


@pytest.fixture
def board(tmp_path):
    with FakeBoard(tmp_path) as board:
        yield board


def lines(first, end):
    return b"".join(numbered(number) for number in range(first, end))


PRECIOUS = {
    "a JSON in one line": b'{"results": [1, 2, 3]}',
    "a JSON in many": json.dumps({"a": [1, 2]}, indent=2).encode(),
    "a thesis": b"Chapter 1\n\nIt was a dark night.\n",
    "another CSV": b"a,b\n1,2\n",
    "a recording of another kind": b"t_ms,no2,c2h5oh,voc,co,label,subject\n1,2,3,4,5,a,b\n",
    "a column more": HEADER.strip().encode() + b",take\n",
    "a byte order mark": b"\xef\xbb\xbf" + HEADER.encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "one byte": b"x",
    "a line end": b"\n",
    "its header in UTF-16": HEADER.encode("utf-16"),
    "a megabyte without a line end": HEADER.encode() + b"0" * 1_000_000,
}


@pytest.mark.parametrize("what", cases(PRECIOUS, ["a JSON in one line"]))
def test_a_file_that_is_there_is_not_touched(board, tmp_path, what, attack):
    attack("writers: a file that is there")
    out = tmp_path / "precious"
    out.write_bytes(PRECIOUS[what])
    os.utime(out, (1, 1))
    with Recorder(board.url, out, 1) as recorder:
        assert recorder.wait() == 1
        assert recorder.said().startswith("tinyml record: ")
        assert "\n" not in recorder.said()
    assert (out.read_bytes(), out.stat().st_mtime) == (PRECIOUS[what], 1)


@pytest.mark.parametrize(
    "what",
    cases(
        ["null", "full", "zero", "port", "folder", "pipe", "socket", "folder/", "no folder"],
        ["port"],
    ),
)
def test_what_is_no_file_is_refused(board, tmp_path, what, attack):
    attack("writers: no file")
    out = tmp_path / what.strip("/")
    server = socket.socket(socket.AF_UNIX) if what == "socket" else None
    if what.startswith("folder"):
        out.mkdir()
    elif what == "pipe":
        os.mkfifo(out)
    elif server:
        server.bind(str(out))
    elif what == "no folder":
        (tmp_path / "file").write_text("x")
        out = tmp_path / "file" / "out.csv"
    else:
        out = board.url if what == "port" else f"/dev/{what}"
    with Recorder(board.url, out, 1) as recorder:
        assert recorder.wait(20) == 1
        assert "Traceback" not in recorder.said()
        assert recorder.said().count("\n") == 0
    if server:
        server.close()


@pytest.mark.parametrize("limit_bytes", cases([0, 20, 33, 34, 35, 1000, 1001, 4096], [1001]))
def test_a_full_disk(board, tmp_path, limit_bytes, attack):
    attack("writers: a full disk")
    out = tmp_path / "out.csv"
    small = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))"
    )
    # its own log would be too small as well: a pipe is no file
    with Recorder(
        board.url, out, 10, small + "; sys.stdout = sys.stderr = open('/dev/null', 'w')"
    ) as recorder:
        board.play([board.wait_until_listened, lines(0, 500)], wait_s=0)
        assert recorder.wait(20) == 1
    text = out.read_text()
    assert len(text) <= limit_bytes
    assert text in ("", HEADER) or text.endswith(",ann\n")
    if text.count("\n") > 1:
        assert numbers_in(out) == list(range(text.count("\n") - 1))
        read_recordings(out)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
@pytest.mark.parametrize("after_s", cases([0.05, 0.4], []))
def test_a_signal_leaves_whole_lines(board, tmp_path, how, after_s, attack):
    attack("writers: signals")
    out = tmp_path / "out.csv"
    with Recorder(board.url, out, 10_000) as recorder:
        board.play([board.wait_until_listened, lines(0, 50_000)], wait_s=0)
        board.wait_until_opened()
        time.sleep(after_s)
        begun = time.monotonic()
        code = recorder.end(how)
        assert time.monotonic() - begun < 2
        assert code == (130 if how == signal.SIGINT else -how)
        said = recorder.said()
    text = out.read_text() if out.exists() else HEADER
    assert text.endswith("\n")
    rows = text.count("\n") - 1
    assert numbers_in(out) == list(range(rows))
    if how == signal.SIGINT:
        assert f"stopped: {rows} samples" in said
    if rows:
        read_recordings(out)
    with FakeBoard(tmp_path, "ttyNEXT") as next_board:  # the file is free, and goes on
        next_board.play([next_board.wait_until_listened, lines(0, 50)], wait_s=0)
        with Recorder(next_board.url, out, 0.1) as again:
            assert again.wait(20) == 0
    assert numbers_in(out)[rows:] == list(range(5))


def test_two_recorders_on_one_port(board, tmp_path, attack):
    attack("writers: two at once")
    with Recorder(board.url, tmp_path / "one.csv", 1) as first:
        board.wait_until_listened()
        with Recorder(board.url, tmp_path / "two.csv", 1) as second:
            assert second.wait() == 1
            assert "another program" in second.said()
        board.send(lines(0, 60))
        assert first.wait() == 0
    assert numbers_in(tmp_path / "one.csv") == list(range(50))
    assert not (tmp_path / "two.csv").exists()
