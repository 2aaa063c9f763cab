"""Files and folders as people call them: spaces, umlauts, a dash in front, a folder for a file."""

import os

import pytest

from tests.cli.calls import MODEL
from tinyml_course.cli.main import main
from tinyml_course.shipped import BUNDLES

SKETCH = (
    'void setup() { Serial.begin(115200); Serial.println("hi"); }\nvoid loop() { delay(100); }\n'
)
CONTENT = (BUNDLES / "motion" / "model_int8.tflite").read_bytes()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The C of a model in a folder whose name has a space and an umlaut."""
    folder = tmp_path_factory.mktemp("mein Größe")
    assert main(["export", MODEL, "--name", "walk", "--out", str(folder)]) == 0
    return folder


def put(folder, name, text, ending="\n"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.replace("\n", ending).encode())
    return path


def make_source(exported, folder, name, ending="\n"):
    """The exported C under another name."""
    for suffix in (".h", ".c"):
        text = (exported / f"walk{suffix}").read_text()
        put(folder, name.rpartition(".")[0] + suffix, text, ending)
    return folder / name


def test_the_written_c_is_found_in_any_folder_and_with_any_line_ends(exported, tmp_path, capsys):
    for source in (exported / "walk.c", make_source(exported, tmp_path, "walk.c", "\r\n")):
        assert main(["verify", MODEL, "--samples", "2", "--source", str(source)]) == 0
        assert "0 of 6 output bytes differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mein Größe.c", "Its functions are called walk_...: call it walk.c, beside walk.h"),
        ("-x.c", "Its functions are called walk_...: call it walk.c, beside walk.h"),
        ("walk.h", "walk.h is no C source; {0}/walk.c is there. Give the NAME.c"),
        ("", "is a folder, which holds walk.c. Give the NAME.c"),
        ("nowhere.c", "cannot read {0}/nowhere.c: No such file"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_one_that_is_meant(
    exported, tmp_path, capsys, name, said
):
    make_source(exported, tmp_path, "walk.c")
    if name.endswith(".c") and name != "nowhere.c":
        make_source(exported, tmp_path, name)
    assert main(["verify", MODEL, "--samples", "2", "--source", str(tmp_path / name)]) == 1
    assert said.format(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "walk.c is empty. Give the NAME.c"),
        ("// Grüße".encode("utf-16"), "it is no text in UTF-8. Give the NAME.c"),
        (b"int x;\n", "was not made from this model"),
    ],
)
def test_what_is_no_exported_c_is_said(exported, tmp_path, capsys, content, said):
    make_source(exported, tmp_path, "walk.c").write_bytes(content)
    assert main(["verify", MODEL, "--source", str(tmp_path / "walk.c")]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["mein Modell.tflite", "größe.tflite", "./-dash.tflite", "M.TFLITE"]
)
def test_a_model_may_be_called_anything(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    with open(name, "wb") as file:
        file.write(CONTENT)
    assert main(["fit", name, "--json"]) == 0
    assert '"board"' in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["bench", "-dash.tflite"],
        ["verify", "x.tflite", "--source", "-dash.tflite"],
        ["sketch", "run", "-dash.tflite"],
    ],
)
def test_a_file_that_looks_like_an_option_is_named(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-dash.tflite").write_bytes(CONTENT)
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    said = f"-dash.tflite looks like an option: write .{os.sep}-dash.tflite\n"
    assert capsys.readouterr().err.endswith(said)


def test_a_folder_for_a_model_names_the_model_in_it(tmp_path, capsys):
    (tmp_path / "model_int8.tflite").write_bytes(CONTENT)
    assert main(["bench", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.endswith(f"Give a .tflite file: {tmp_path / 'model_int8.tflite'}\n")


@pytest.mark.parametrize("name", ["mein sketch", "größe", "-dash"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_sketch_may_be_called_anything(tmp_path, capsys, name, ending):
    folder = put(tmp_path / name, f"{name}.ino", SKETCH, ending).parent
    assert main(["sketch", "run", str(folder), "--seconds", "0.2"]) == 0
    assert capsys.readouterr().out == "hi\n"


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [
        ("up/up.INO", "up", "up.INO has an ending in capitals: call it up.ino"),
        ("note/note.txt", "note/note.txt", "give an .ino file, or a folder with one"),
        ("a/a.ino", "b", "the course has no sketch of that name"),
        ("a/a.ino", "x/b", "there is no folder x/b: give a sketch's folder"),
        ("a/a.ino", "", "the sketch's name is empty"),
        ("a/a.ino", "Motion", "; did you mean motion?"),
        ("a/a.ino", "motion.ino", "; did you mean motion?"),
    ],
)
def test_what_is_no_sketch_is_said(tmp_path, monkeypatch, capsys, file, name, said):
    monkeypatch.chdir(tmp_path)
    folder, _, base = file.partition("/")
    put(tmp_path / folder, base, SKETCH)
    assert main(["sketch", "build", name]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "moton"], "; did you mean motion?"),
        (["bench", MODEL, "--board", "nano"], "; did you mean nano33ble?"),
        (["bench", MODEL, "--board", "Wio"], "; did you mean wio_terminal?"),
        (["sketch", "build", "motion", "--board", "esp32"], "; did you mean esp32c3?"),
    ],
)
def test_a_name_that_is_near_is_offered(arguments, said, capsys):
    assert main(arguments) == 1
    assert capsys.readouterr().err.endswith(f"{said}\n")
