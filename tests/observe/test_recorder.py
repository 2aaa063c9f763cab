"""The link and the recorder on pseudo-terminals that behave as badly as cables and boards do."""

import os
import threading
import time

import pytest

from tinyml_course.errors import DataError, LinkError
from tinyml_course.observe.link import LONGEST_LINE_BYTES, LineFramer, open_link
from tinyml_course.observe.recorder import record_csv

pty = pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
HEADER = "t_ms,ax_g,ay_g,az_g,label,subject\n"


def record_line(t_ms):
    return f"t_ms:{t_ms},ax_g:{t_ms / 1e4:.4f},ay_g:-0.0312,az_g:0.9980\r\n".encode()


class FakeBoard:
    """A pseudo-terminal behind a symbolic link, so that the 'port' can vanish and come back."""

    def __init__(self, tmp_path):
        self.url = str(tmp_path / "ttyFAKE")
        self.plug()

    def plug(self):
        import tty

        self.master, slave = pty.openpty()
        tty.setraw(slave)
        if os.path.lexists(self.url):
            os.unlink(self.url)
        os.symlink(os.ttyname(slave), self.url)
        self.slave = slave

    def unplug(self):
        os.unlink(self.url)
        os.close(self.slave)
        os.close(self.master)

    def play(self, steps):
        """Send bytes, wait for seconds, or call, on a thread of its own."""

        def run():
            time.sleep(0.2)  # opening a port throws away what waited in it
            for step in steps:
                if isinstance(step, bytes):
                    os.write(self.master, step)
                elif callable(step):
                    step()
                else:
                    time.sleep(step)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread


@pytest.fixture
def board(tmp_path):
    return FakeBoard(tmp_path)


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
        *range(5000, 5100, 20),
        *range(6080, 6220, 20),
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


def test_takes_are_appended_with_a_gap_and_a_half_line_is_removed(board, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text(HEADER + "0,0,0,1,still,ann\n20,0,0,1,still,ann\n40,0,0.3")
    board.play([*map(record_line, range(700, 800, 20))])
    record_csv(board.url, "walk", 0.1, out, "ann")
    assert times(out) == [0, 20, 1020, 1040, 1060, 1080, 1100]


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
