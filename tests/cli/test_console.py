"""A console that is not UTF-8: no command may end in UnicodeEncodeError there."""

import os
import subprocess
import sys

import pytest

from tests.cli.calls import MODEL
from tinyml_course.cli.main import build_parser, main

CONSOLES = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
MANY = """
import sys
from tinyml_course.cli.main import main
for arguments in {commands!r}:
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    assert code == 0, (arguments, code)
assert sys.stdout.encoding.lower().replace("-", "") not in ("utf8",), sys.stdout.encoding
"""
SKETCH = """
void setup() {
  Serial.begin(115200);
  Serial.println("5 \xc2\xb5s, \xe2\x89\x88 7 \\xff");
}
void loop() { delay(100); }
"""


def run_on(console, *command):
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        env={**plain, **CONSOLES[console]},
        check=False,
    )


@pytest.mark.parametrize("console", CONSOLES)
def test_help_and_tables(console):
    subcommands = build_parser()._subparsers._group_actions[0].choices
    commands = [["-h"], *([name, "-h"] for name in subcommands)]
    assert len(commands) > 10
    commands += [["boards"], ["doctor"], ["fit", MODEL], ["boards", "--json"]]
    done = run_on(console, "-c", MANY.format(commands=commands))
    assert done.returncode == 0, done.stderr.decode(errors="replace")


@pytest.mark.parametrize("console", CONSOLES)
def test_what_a_sketch_prints(console, tmp_path):
    """Letters that the console lacks are shown as their codes, the others as they are."""
    folder = tmp_path / "sch\N{LATIN SMALL LETTER O WITH DIAERESIS}n"
    folder.mkdir()
    (folder / f"{folder.name}.ino").write_bytes(SKETCH.encode("latin-1"))
    command = ["-m", "tinyml_course", "sketch"]
    done = run_on(console, *command, "run", str(folder), "--board", "pico", "--seconds", "0.2")
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    encoding = "ascii" if console == "C" else console
    text = "5 \N{MICRO SIGN}s, \N{ALMOST EQUAL TO} 7 \N{REPLACEMENT CHARACTER}"
    assert done.stdout.strip() == text.encode(encoding, "backslashreplace")


def test_an_error_about_a_file_with_a_foreign_name():
    name = "\N{GREEK SMALL LETTER MU}.tflite"
    done = run_on("ascii", "-m", "tinyml_course", "verify", name)
    assert done.returncode == 1
    assert done.stderr.startswith(b"tinyml verify: cannot read \\u03bc.tflite: ")


@pytest.mark.skipif(os.name != "posix", reason="a shell's way to close them")
@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_what_is_closed_is_nobodys_file(closed, tmp_path):
    """The next file that is opened gets the lowest free number: it must not be 1 or 2."""
    command = [sys.executable, "-m", "tinyml_course", "verify", MODEL, "--samples", "2"]
    closing = " ".join(f"{number}{'<' if number == 0 else '>'}&-" for number in closed)
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closing}', "sh", *command], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert (b"0 of 6 output bytes differ" in done.stdout) == (1 not in closed)
    failing = [*command[:-3], str(tmp_path / "none.tflite")]
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closing}', "sh", *failing], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert (b"cannot read" in done.stderr) == (2 not in closed)


def test_a_name_does_not_command_the_terminal(capsys, tmp_path):
    assert main(["verify", str(tmp_path / "\x1b[31mred\x9b.tflite")]) == 1
    said = capsys.readouterr().err
    assert r"\x1b[31mred\x9b.tflite" in said
