"""What is mistyped on the command line is said with what is meant."""

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.cli.main import main
from tinyml_course.errors import BoardError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sketch", "run", "motion", "--bord", "pico"], "--bord pico; did you mean --board?"),
        (["sketch", "run", "motion", "--boards=pico"], "--boards=pico; did you mean --board?"),
        (["bench", "x.tflite", "--jsn"], "--jsn; did you mean --json?"),
        (["boards", "nano33ble"], "tinyml boards: error: unrecognized arguments: nano33ble\n"),
        (["export", "x.tflite", "--out", "x", "--zzz"], "unrecognized arguments: --zzz\n"),
        (["--json", "boards"], "--json; put it behind the command: tinyml boards ... --json"),
    ],
)
def test_an_option_that_the_command_has_not(arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert words in said
    assert f"usage: tinyml {next(word for word in arguments if word[0] != '-')}" in said


def test_no_command_at_all_shows_which_there_are(capsys):
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "verify" in said
    assert said.endswith("tinyml: which command?\n")


def test_what_is_no_model_is_said_by_name(capsys, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, and no model")
    for command in ("export", "verify", "bench", "fit"):
        assert main([command, str(path), *(["--out", "x"] if command == "export" else [])]) == 1
        assert f"tinyml {command}: {path}: no .tflite model" in capsys.readouterr().err


def test_a_sketch_that_cannot_be_read_is_named_once(write_sketch):
    sketch = write_sketch("")
    (sketch / "probe.ino").unlink()
    (sketch / "probe.ino").symlink_to(sketch / "probe.ino")
    with pytest.raises(BoardError) as caught:
        build_sketch(sketch, "nano33ble")
    assert "[Errno" not in str(caught.value)
