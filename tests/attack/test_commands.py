"""Hostile command lines: each is done, or refused in one clear line, soon, and nothing is left.

The words are those of a shell; `@` stands for a folder with the files that `lay_out` makes.
"""

import os
import shlex
import shutil
import time

import pytest

from tinyml_course.cli.main import main
from tinyml_course.shipped import BUNDLES

LONGEST_S = 30
MODEL = BUNDLES / "motion" / "model_int8.tflite"
USAGE = 2
PICO = "virtual://pico?sketch=selftest"
RECORDER = "virtual://nano33ble?sketch=recorder"
NO_PORT = "that is no serial port"

# command line: exit code, and what is said of it (on stderr; on stdout where it is done)
CASES = {
    # --- models -------------------------------------------------------------------------------
    "verify @/cut.tflite": (1, "damaged"),
    "verify @/empty.tflite": (1, "0 bytes without the mark"),
    "verify @/text.tflite": (1, "no .tflite model"),
    "verify @/head.tflite": (1, "no .tflite model"),
    "verify @/folder": (1, "Is a directory"),
    "verify @/pipe": (1, "no ordinary file"),
    "verify @/circle": (1, "symbolic links"),
    "verify /dev/zero": (1, "no ordinary file"),
    "verify @/huge.tflite": (1, "Is it the right file?"),
    "verify @/none.tflite": (1, "No such file"),
    "verify ''": (1, "Is a directory"),
    "verify @/good.tflite --samples 0": (USAGE, "is no count"),
    "verify @/good.tflite --samples 1000001": (USAGE, "is no count"),
    "verify @/good.tflite --samples 1e3": (USAGE, "is no count"),
    "verify @/good.tflite --target moon": (USAGE, "invalid choice"),
    "verify '@/\N{SNOWMAN} good.tflite' --samples 2": (0, "0 of 6 output bytes differ"),
    "verify '@/\x1b[31mred'": (1, r"\x1b[31mred"),
    "bench @/good.tflite --board moon": (1, "no board is called 'moon'"),
    "bench @/text.tflite": (1, "no .tflite model"),
    "fit @/text.tflite": (1, "no .tflite model"),
    # --- results ------------------------------------------------------------------------------
    "export @/good.tflite --out @/file": (1, "file is no folder"),
    "export @/good.tflite --out @/file/deep": (1, "file is no folder"),
    "export @/good.tflite --out /dev/null": (1, "/dev/null is no folder"),
    "export @/good.tflite --out @/circle": (1, "cannot write"),
    "export @/good.tflite --out @/o --name ../x": (1, "cannot be the name of a model"),
    "export @/good.tflite --out @/o --name int": (1, "cannot be the name of a model"),
    "export @/good.tflite --out @/o --name ''": (1, "cannot be the name of a model"),
    "export @/-dash.tflite --out @/o": (0, "call dash_invoke"),
    "lessons --out @/file": (1, "file is no folder"),
    "lessons --out @/circle": (1, "cannot write"),
    "lessons --out /proc/course": (1, "cannot write"),
    # --- sketches -----------------------------------------------------------------------------
    "sketch run nowhere": (1, "it has digits,"),
    "sketch run @/folder": (1, "named like its folder"),
    "sketch run @/file": (1, "is no sketch"),
    "sketch run @/pipe": (1, "is no sketch"),
    "sketch run @/empty": (1, "has no setup() and loop()"),
    "sketch run motion --board moon": (1, "no board is called 'moon'"),
    "sketch run motion --trace @/none.csv": (1, "No such file"),
    "sketch run motion --trace @/ragged.csv": (1, "line 3: 3 values under 4 names"),
    "sketch run motion --trace @/good.tflite": (1, "no CSV in UTF-8"),
    "sketch run motion --trace @/pipe": (1, "no ordinary file"),
    "sketch run motion --trace @/huge.tflite": (1, "cut the trace"),
    "sketch run motion --seconds 1e99": (USAGE, "is no time"),
    "sketch run motion --seconds soon": (USAGE, "is no time"),
    "sketch run motion --press D2@1e30": (1, "is no press"),
    "sketch run motion --press moon@1": (1, "has no pin 'moon'"),
    "sketch run motion --voltage A0=nan": (1, "is no voltage"),
    "sketch run motion --voltage A0=1@1e30": (1, "is no voltage"),
    "sketch run motion --screen @/x.png": (1, "has no screen"),
    "sketch run motion --board wio_terminal --seconds 1 --screen /dev/full": (1, "a device"),
    "sketch run motion --board wio_terminal --seconds 1 --screen @/folder": (1, "Is a directory"),
    # --- links --------------------------------------------------------------------------------
    "monitor @/none --seconds 1": (1, "no such port"),
    "monitor '' --seconds 1": (1, "no such port"),
    "monitor @/file --seconds 1": (1, NO_PORT),
    "monitor @/folder --seconds 1": (1, NO_PORT),
    "monitor @/pipe --seconds 1": (1, NO_PORT),
    "monitor /dev/null --seconds 1": (1, NO_PORT),
    "monitor http://x --seconds 1": (1, "protocol 'http' not known"),
    "monitor socket://x --seconds 1": (1, "the address is not complete"),
    "monitor socket://127.0.0.1:1 --seconds 1": (1, "refused"),
    "monitor virtual:// --seconds 1": (1, "expected virtual://BOARD"),
    "monitor virtual://pico --seconds 1": (1, "needs a sketch"),
    "monitor 'virtual://[::1' --seconds 1": (1, "Invalid IPv6 URL"),
    f"monitor '{PICO}&x=1' --seconds 1": (1, "unknown x"),
    f"monitor '{PICO}&pace=slow' --seconds 1": (1, "expected virtual://BOARD"),
    f"monitor '{PICO}&trace=@/none' --seconds 1": (1, "No such file"),
    f"monitor '{PICO}' --seconds nan": (USAGE, "is no time"),
    f"record '{RECORDER}' --label 'a b' --seconds 1 --out @/o.csv": (1, "cannot be a label"),
    f"record '{RECORDER}' --label a --subject ../x --seconds 1 --out @/o.csv": (1, "cannot be a"),
    f"record '{RECORDER}' --label a --seconds 0 --out @/o.csv": (USAGE, "is no time"),
    f"record '{RECORDER}' --label a --seconds 1 --out @/folder": (1, "is a folder"),
    f"record '{RECORDER}' --label a --seconds 1 --out @/file/o.csv": (1, "file is no folder"),
    f"record '{RECORDER}' --label a --seconds 1 --out @/text.tflite": (1, "another header"),
    f"record '{RECORDER}' --label a --seconds 1 --out @/circle": (1, "cannot write"),
    # --- names that the system does not take, wherever they are met ---------------------------
    "verify LONG": (1, "File name too long"),
    "export @/good.tflite --out LONG": (1, "File name too long"),
    "sketch run LONG": (1, "File name too long"),
    "sketch run motion --trace LONG": (1, "File name too long"),
    "monitor LONG --seconds 1": (1, "File name too long"),
    f"record '{RECORDER}' --label a --seconds 1 --out LONG": (1, "File name too long"),
    "lessons --out LONG": (1, "File name too long"),
    "run motion --data LONG": (1, "File name too long"),
    "run digits --data LONG": (1, "File name too long"),
    "run motion --out LONG": (1, "File name too long"),
    # --- pages --------------------------------------------------------------------------------
    "play nowhere": (1, "it has digits,"),
    "play motion --board moon": (1, "no board is called 'moon'"),
    "play motion --port 0": (USAGE, "is no port"),
    "play motion --port 99999": (USAGE, "is no port"),
    "play motion --port http": (USAGE, "is no port"),
    # --- labs ---------------------------------------------------------------------------------
    "run moon": (1, "known labs"),
    "run motion --data @/none": (1, "no such file or folder"),
    "run motion --data @/good.tflite": (1, "no CSV in UTF-8"),
    "run motion --data @/folder": (1, "the folder is empty"),
    "run motion --data @/pipe": (1, "pipe"),
    "run motion --data /dev/zero": (1, "/dev/zero"),
    "run keywords --data @/folder": (1, "named after the words"),
    "run digits --data @/file": (1, "is no folder"),
    "run motion --seed 4294967296": (USAGE, "is no seed"),
    "run motion --board moon": (1, "no board is called 'moon'"),
    "run motion --out @/file": (1, "is a file"),
    "run motion --out @/file/deep": (1, "is a file"),
    "run motion --out @": (1, "no Bundle, and would be lost"),
    "run motion --gaps maybe": (USAGE, "invalid choice"),
}


def lay_out(folder):
    """What a command line may name."""
    shutil.copy(MODEL, folder / "good.tflite")
    shutil.copy(MODEL, folder / "\N{SNOWMAN} good.tflite")
    shutil.copy(MODEL, folder / "-dash.tflite")
    (folder / "cut.tflite").write_bytes(MODEL.read_bytes()[:700])
    (folder / "head.tflite").write_bytes(b"\x1c\0\0\0TFL3")
    (folder / "empty.tflite").touch()
    (folder / "text.tflite").write_text("text\n")
    (folder / "file").write_text("a file\n")
    with open(folder / "huge.tflite", "wb") as file:
        file.truncate(3 << 30)  # of nothing: it takes no room
    (folder / "folder").mkdir()
    (folder / "empty").mkdir()
    (folder / "empty" / "empty.ino").touch()
    (folder / "ragged.csv").write_text("t_ms,ax_g,ay_g,az_g\n0,0,0,1\n20,0,0\n40,1,1,1,1\n")
    (folder / "circle").symlink_to(folder / "circle")
    os.mkfifo(folder / "pipe")


def fill(line, folder):
    line = line.replace("@/", f"{folder}/").replace("--out @", "--out .")
    return line.replace("LONG", "x" * 300)


def listing(folder):
    return sorted((p.relative_to(folder).as_posix(), p.lstat().st_mtime) for p in folder.rglob("*"))


@pytest.mark.skipif(os.name != "posix", reason="links, pipes, devices")
@pytest.mark.parametrize("line", CASES)
def test_a_command_line(line, tmp_path, monkeypatch, capsys, attack):
    attack("commands")
    code, says = CASES[line]
    folder = tmp_path / "here"
    folder.mkdir()
    lay_out(folder)
    before = listing(folder)
    monkeypatch.chdir(folder)
    begun = time.monotonic()
    try:
        ended = main(shlex.split(fill(line, folder)))
    except SystemExit as end:
        ended = end.code
    assert time.monotonic() - begun < LONGEST_S
    out, said = capsys.readouterr()
    assert ended == code, said
    assert says in (out if code == 0 else said)
    if code == 1:
        *_, last = said.splitlines()
        assert last.isprintable()
        assert last.startswith(f"tinyml {line.split()[0]}")
        assert "\n" not in said.rstrip("\n")
    if code:
        assert listing(folder) == before


def test_there_are_enough_lines():
    assert len(CASES) >= 80
