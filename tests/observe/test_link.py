"""The link: lines in and out, a real deadline, one reader a port, and ports that vanish."""

import os
import time

import numpy as np
import pytest

from tests.fake_board import FakeBoard
from tinyml_course.errors import LinkError
from tinyml_course.observe.link import LONGEST_LINE_BYTES, LineFramer, open_link
from tinyml_course.observe.selftest import read_sizes, run_selftest

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")


@pytest.fixture
def board(tmp_path):
    with FakeBoard(tmp_path) as board:
        yield board


def test_a_port_that_is_not_there_names_the_remedy(tmp_path):
    with pytest.raises(LinkError, match="tinyml ports"):
        open_link(str(tmp_path / "ttyNONE"))


def test_lines_go_both_ways(board):
    with open_link(board.url) as link:
        link.write_line("?")
        assert os.read(board.master, 10) == b"?\n"
        board.play([b"inputs:8\r\n", b"half"])
        assert list(link.lines(timeout_s=0.3)) == [b"inputs:8"]
    with pytest.raises(LinkError, match="is closed"):
        link.read_line()


def test_the_half_line_of_a_pulled_cable_is_forgotten(board):
    with open_link(board.url, reconnect_s=5) as link:
        board.play([b"half a li", 0.3, board.unplug, 0.3, board.plug, 0.6, b"whole\n"])
        assert list(link.lines(timeout_s=2.5)) == [b"whole"]
        assert link.reconnects == 1


def test_a_line_without_an_end_does_not_fill_the_memory():
    framer = LineFramer()
    for _ in range(100):
        assert framer.feed(b"x" * 1000) == []
    assert len(framer.pending) == LONGEST_LINE_BYTES
    assert framer.feed(b"\nnext\n")[-1] == b"next"


def test_a_chunk_is_no_way_around_the_longest_line():
    (line,) = LineFramer().feed(b"x" * 50_000 + b"\n")
    assert len(line) == LONGEST_LINE_BYTES


def test_bytes_without_a_line_end_end_in_time(board):
    with open_link(board.url) as link:
        board.play([b"noise", 0.05] * 100)
        begun = time.monotonic()
        assert link.read_line(timeout_s=0.5) is None
        assert 0.4 < time.monotonic() - begun < 1.5


def test_a_port_that_is_away_keeps_nobody_beyond_the_timeout(board):
    with open_link(board.url, reconnect_s=30) as link:
        board.unplug()
        begun = time.monotonic()
        assert link.read_line(timeout_s=0.5) is None
        assert time.monotonic() - begun < 1.5
        assert link.state == "away"


def test_two_readers_of_one_port_would_get_half_the_lines_each(board):
    with open_link(board.url), pytest.raises(LinkError, match="another program"):
        open_link(board.url)
    open_link(board.url).close()


def test_a_board_that_takes_no_bytes_is_an_error_and_no_hang(board, monkeypatch):
    monkeypatch.setattr("tinyml_course.observe.link.WRITE_S", 0.3)
    with open_link(board.url) as link, pytest.raises(LinkError, match="did not take"):
        link.write_line("x" * 100_000)


def answer(board, *replies):
    """A board that sends these, one a line that it gets."""

    def run():
        for reply in replies:
            board.receive_line()
            board.send(reply)

    return run


def test_another_sketch_that_talks_is_no_self_test(board):
    with open_link(board.url) as link:
        board.play([b"t_ms:1,ax_g:0\n", 0.02] * 200, wait_s=0)
        with pytest.raises(LinkError, match="does not answer"):
            read_sizes(link, timeout_s=0.3)


@pytest.mark.parametrize(
    "reply",
    [
        b"sum:3,latency_us:" + b"9" * 5000 + b",q0:1,q1:2\n",
        b"sum:3,latency_us:5,q0:300,q1:2\n",
        b"sum:3,latency_us:5,q0:1\n",
        b"sum:3,latency_us:5,q0:1,q1:2,q2:3\n",
        b"sum:3,latency_us:5,q0:" + b"9" * 5000 + b",q1:2\n",
        b"sum:4,latency_us:5,q0:1,q1:2\n",
    ],
)
def test_a_damaged_answer_is_asked_again(board, reply):
    with open_link(board.url) as link:
        right = b"sum:3,latency_us:5,q0:1,q1:2\n"
        board.play([answer(board, b"inputs:2,outputs:2\n", reply, right)], wait_s=0)
        result = run_selftest(link, np.array([[1, 2]], np.int8))
        assert (result.outputs.tolist(), result.repeated) == ([[1, 2]], 1)


def test_what_a_virtual_board_cannot_read_is_no_busy_port(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "locked/locked.ino")

    monkeypatch.setattr("tinyml_course.board.urlhandler.protocol_virtual.build_sketch", refuse)
    with pytest.raises(LinkError, match=r"Permission denied: 'locked/locked\.ino'$"):
        open_link("virtual://pico?sketch=selftest")
