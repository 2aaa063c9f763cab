"""More than a million records over pseudo-terminals, under all that cables do: none lost.

A record counts as sent when its last byte has been read from the port before the cable was pulled,
and before the recorder was killed: what nobody had received, nobody can have lost.
"""

import random
import signal
import time

import pytest

from tests.attack.recorders import Recorder
from tests.fake_board import FakeBoard, numbered, numbers_in

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
pytestmark = pytest.mark.whole_attack
LINES = 210_000  # in each of the five ways


@pytest.fixture
def board(tmp_path):
    with FakeBoard(tmp_path) as board:
        yield board


def lines(first, end):
    return b"".join(numbered(number) for number in range(first, end))


def send_in_pieces(board, data, draw, most):
    at = 0
    while at < len(data):
        size = draw.randint(1, most)
        board.send(data[at : at + size])
        at += size


def check(attack, way, out, sent):
    found = numbers_in(out)
    lost = len(set(sent) - set(found))
    attack(f"a million lines: {way}", len(sent), lost)
    assert lost == 0
    assert found == list(sent)


def test_tearing(board, tmp_path, attack):
    draw = random.Random(1)
    with Recorder(board.url, tmp_path / "out.csv", LINES / 50) as recorder:
        board.wait_until_listened()
        send_in_pieces(board, lines(0, LINES), draw, 3000)
        assert recorder.wait() == 0
        assert "nothing dropped" in recorder.said()
    check(attack, "tearing", tmp_path / "out.csv", range(LINES))


def test_floods(board, tmp_path, attack):
    draw = random.Random(2)
    noise = [b"# a note\n", b"\xff\x00\xfe junk\n", b"q" * 5000 + b"\n", b"\n\n\n", b"t_ms:1,ax\n"]
    with Recorder(board.url, tmp_path / "out.csv", LINES / 50) as recorder:
        board.wait_until_listened()
        for first in range(0, LINES, 1000):
            board.send(draw.choice(noise) + lines(first, first + 1000))
        assert recorder.wait() == 0
    check(attack, "floods", tmp_path / "out.csv", range(LINES))


def test_pulls(board, tmp_path, attack):
    draw = random.Random(3)
    sent = []
    with Recorder(board.url, tmp_path / "out.csv", LINES / 50) as recorder:
        board.wait_until_listened()
        while len(sent) < LINES:
            first = sent[-1] + 2 if sent else 0  # the torn one is never whole
            end = min(first + draw.randint(1, 16_000), LINES)
            board.send(lines(first, end))
            sent += range(first, end)
            if end >= LINES:
                break
            board.send(numbered(end)[: draw.randint(1, 40)])
            board.wait_until_read()
            board.unplug()
            time.sleep(draw.random() * 0.3)
            board.plug()
            board.wait_until_listened()
        assert recorder.wait() == 0
        assert "reconnects" in recorder.said()
    check(attack, "pulls", tmp_path / "out.csv", sent)


def test_kills(board, tmp_path, attack):
    out = tmp_path / "out.csv"
    sent = []
    for turn in range(10):
        with Recorder(board.url, out, 10 * LINES) as recorder:
            board.wait_until_listened()
            first = sent[-1] + 1 if sent else 0
            end = first + LINES // 10
            board.send(lines(first, end))
            if turn % 2:  # in the middle of its work
                recorder.end(signal.SIGKILL)
                end = numbers_in(out)[-1] + 1
            else:
                wait_for_rows(out, end)
                recorder.end(signal.SIGKILL)
            assert out.read_bytes().endswith(b",ann\n")
            sent += range(first, end)
    while len(sent) < LINES:  # what was on the way when it was killed, sent again
        with Recorder(board.url, out, (LINES - len(sent)) / 50) as recorder:
            board.wait_until_listened()
            board.send(lines(sent[-1] + 1, LINES))
            assert recorder.wait() == 0
            sent += range(sent[-1] + 1, LINES)
    check(attack, "kills", out, sent)


def wait_for_rows(out, count):
    until = time.monotonic() + 300
    while out.read_bytes().count(b"\n") - 1 < count:
        assert time.monotonic() < until, f"{out} does not grow to {count} rows"
        time.sleep(0.1)


def test_two_writers(board, tmp_path, attack):
    out = tmp_path / "out.csv"
    refused = 0
    with Recorder(board.url, out, LINES / 50) as first, FakeBoard(tmp_path, "ttyTWO") as other:
        board.wait_until_listened()
        at = 0
        while at < LINES:
            with Recorder(other.url, out, 10) as second:
                while second.process.poll() is None and at < LINES:
                    board.send(lines(at, min(at + 500, LINES)))
                    at += 500
                if at < LINES:
                    assert second.wait() == 1
                    assert "another recorder is writing" in second.said()
                    refused += 1
        assert first.wait() == 0
        assert "nothing dropped" in first.said()
    assert refused >= 2
    check(attack, "two writers", out, range(LINES))
