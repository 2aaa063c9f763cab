"""What is mistyped on the command line is said with what is meant."""

import pytest

import tinyml_course
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.cli.main import main
from tinyml_course.errors import BoardError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sketch", "run", "motion", "--bord", "pico"], "--bord pico; did you mean --board?"),
        (["sketch", "run", "motion", "--boards=pico"], "--boards=pico; did you mean --board?"),
        (["bench", "x.tflite", "--jsn"], "--jsn; did you mean --json?"),
        (["boards", "x"], "unrecognized arguments: x; tinyml boards takes options only\n"),
        (
            ["fit", "x", "--board", "pico"],
            "--board is an option of tinyml run, tinyml bench, tinyml",
        ),
        (["bench", "x", "-b", "pico"], "-b pico; did you mean --board?"),
        (["run", "motion", "-data", "x"], "-data x; did you mean --data?"),
        (["run", "motion", "gas"], "gas; tinyml run takes LAB and options. A name with spaces"),
        (["export", "a", "b.tflite", "--out", "x"], "A name with spaces stands in quotes\n"),
        (["run"], "required: LAB; for example: tinyml run motion\n"),
        (["verify"], "required: MODEL.tflite; for example: tinyml verify out/motion/"),
        (["run", "motion", "--data"], "expected one argument: --data PATH\n"),
        (["run", "motion", "--gaps"], "expected one argument: --gaps {cut,refuse}\n"),
        (["sketch", "rnu", "motion"], "(choose from build, run, dump); did you mean run?\n"),
        (["sketch", "motion"], "build, run, dump); for example: tinyml sketch run motion"),
        (["verify", "x", "--target", "cortexm4"], "; did you mean cortex-m4?\n"),
        (["run", "motion", "--seed", "1_0"], "1_0 is no seed: give a whole number"),
        (["verify", "x", "--samples", "1_0"], "1_0 is no count: give a whole number"),
        (["sketch", "run", "motion", "--seconds", "1_0"], "1_0 is no time: give seconds above 0"),
        (["sketch", "run", "motion", "--seconds", "0,5"], "4,294,967, with a decimal point\n"),
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum", "motion"], "; did you mean run?\n"),
        (["verfy"], "; did you mean verify?\n"),
        (["-v"], "-v is not known; did you mean --version?\n"),
        (["--seconds", "3", "sketch"], "; the command comes first, then --seconds\n"),
    ],
)
def test_a_command_that_there_is_not(arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.endswith(words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["help"], "usage: tinyml [-h]"),
        (["help", "run"], "usage: tinyml run [-h]"),
        (["version"], tinyml_course.__version__),
    ],
)
def test_a_word_for_an_option_does_what_is_meant(arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["sketch", "run", "motion", "--trace", "motion_p03.csv"],
            "; did you mean motion_p003.csv?",
        ),
        (["run", "motion", "--data", "motion_p03.csv"], "; did you mean motion_p003.csv?"),
        (["run", "gas", "--data", "motion_p03.csv"], "; did you mean motion_p003.csv?"),
        (["run", "gestures", "--data", "motion_p03.csv"], "; did you mean motion_p003.csv?"),
        (["fit", "modl.tflite"], "; did you mean model.tflite?"),
        (
            ["play", "start.ipynb"],
            "start.ipynb: No such file or directory; did you mean stars.ipynb?",
        ),
        (["play", "stars.ipynb", "--trace", "motion_p003.csv"], "of their own"),
        (["grade", ".", "--trust", "--lesson", "4"], "; did you mean 04?"),
        (["monitor", "nano33ble"], "a virtual one is  virtual://nano33ble?sketch=motion"),
        (["sketch", "run", "motion", "--press", "D2@1,5"], "KEY@SECONDS+HOLD, as D2@1.5"),
        (["sketch", "run", "motion", "--press", "D2@1_0"], "KEY@SECONDS+HOLD, as D2@1.5"),
        (["sketch", "run", "motion", "--voltage", "A0=1_2"], "0 to 3.3 V, as A0=1.2"),
        (["sketch", "run", "motion", "--set", "temperature_c=1_0"], "as temperature_c=30.5"),
        (["sketch", "run", "motion", "--set", "temp=3"], "; did you mean temperature_c?"),
    ],
)
def test_what_is_nearly_right_is_said_with_what_is_meant(
    arguments, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for name in ("motion_p003.csv", "model.tflite", "stars.ipynb"):
        (tmp_path / name).write_text("{}")
    assert main(arguments) == 1
    assert capsys.readouterr().err.endswith(f"{words}\n")


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
