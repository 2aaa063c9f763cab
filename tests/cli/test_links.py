"""The commands that talk to a board: monitor and record."""

import time

import pytest

from tests.cli.calls import TRACE, run_json
from tests.fake_board import FakeBoard
from tinyml_course.cli.main import main


def test_monitor_and_record_take_a_virtual_board(capsys, tmp_path):
    seen = run_json(
        capsys, "monitor", "virtual://pico?sketch=selftest", "--send", "?", "--seconds", "0.5"
    )
    assert seen["lines"] == ["# selftest 1", "inputs:8,outputs:3"]
    url = f"virtual://nano33ble?sketch=recorder&trace={TRACE}"
    out = tmp_path / "walk.csv"
    recorded = run_json(
        capsys, "record", url, "--label", "walk", "--seconds", "1", "--out", str(out)
    )
    assert (recorded["state"], recorded["samples"], recorded["dropped"]) == ("complete", 50, 0)
    assert len(out.read_text().splitlines()) == 51


ECHO = """
void setup() { Serial.begin(115200); }
void loop() {
  while (Serial.available()) Serial.write(Serial.read());
}
"""


@pytest.mark.parametrize("typed", ["\N{MICRO SIGN}s", "\udcc2\udcb5s"], ids=["utf-8", "C locale"])
def test_a_line_that_is_not_ascii_is_sent_as_it_was_typed(capsys, tmp_path, typed):
    """A C locale hands a program the bytes of its arguments as surrogates."""
    (tmp_path / "echo").mkdir()
    (tmp_path / "echo" / "echo.ino").write_text(ECHO)
    url = f"virtual://pico?sketch={tmp_path / 'echo'}"
    seen = run_json(capsys, "monitor", url, "--send", typed, "--seconds", "0.5")
    assert seen["lines"] == ["\N{MICRO SIGN}s"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["monitor", "/dev/ttyNONE"], "cannot open /dev/ttyNONE"),
        (["monitor", "virtual://nano33ble"], "needs a sketch"),
        (
            [
                "record",
                "virtual://pico?sketch=selftest",
                "--label",
                "x",
                "--seconds",
                "1",
                "--out",
                "/proc/nowhere/all.csv",
            ],
            "cannot write /proc/nowhere/all.csv",
        ),
        (
            [
                "record",
                "virtual://pico?sketch=selftest",
                "--label",
                "a b",
                "--seconds",
                "1",
                "--out",
                "x.csv",
            ],
            "cannot be a label",
        ),
    ],
)
def test_failures_are_one_clear_line(arguments, message, capsys):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "0", "soon"])
def test_a_time_that_is_none_is_a_wrong_command_line(seconds, capsys, tmp_path):
    for command in (
        ["monitor", "/dev/ttyNONE", f"--seconds={seconds}"],
        ["record", "x", "--label", "a", "--out", str(tmp_path / "o"), f"--seconds={seconds}"],
    ):
        with pytest.raises(SystemExit) as caught:
            main(command)
        assert caught.value.code == 2
        assert "argument --seconds" in capsys.readouterr().err


def test_monitor_ends_in_time_whatever_the_board_sends(capsys, tmp_path):
    with FakeBoard(tmp_path) as board:
        board.play([b"whole\n", *[b"noise", 0.05] * 200])
        begun = time.monotonic()
        assert main(["monitor", board.url, "--seconds", "1"]) == 0
        assert time.monotonic() - begun < 3
    shown = capsys.readouterr()
    assert shown.out == "whole\n"
    assert "have no line end and are not shown" in shown.err


def test_monitor_ends_in_time_when_the_port_is_away(tmp_path):
    with FakeBoard(tmp_path) as board:
        board.play([0.3, board.unplug])
        begun = time.monotonic()
        assert main(["monitor", board.url, "--seconds", "1"]) == 0
        assert time.monotonic() - begun < 3


def test_a_recording_that_fails_ends_with_a_line_of_its_own(capsys, tmp_path):
    (tmp_path / "precious.json").write_text('{"a": 1}')
    with FakeBoard(tmp_path) as board:
        record = ["record", board.url, "--label", "walk", "--seconds", "1", "--out"]
        assert main([*record, str(tmp_path / "precious.json")]) == 1
        assert main([*record, "/dev/null"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line[:14] for line in lines if line] == ["tinyml record:"] * 2
    assert (tmp_path / "precious.json").read_text() == '{"a": 1}'
