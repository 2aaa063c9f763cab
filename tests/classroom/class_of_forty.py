"""A class of forty: what each hands in for the lesson on NumPy, and what it is worth.

Right answers, wrong ones, accidents, and twenty-odd programs that would rather have the marks, the
computer, or nobody else's marks. Each entry: cells, marks of the two exercises, and a part of what
must be said of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

BEGIN = "import numpy as np\nfrom tinyml_course.classroom import check, quiz"
FIRST = "def without_means(x):\n    return x - x.mean(axis=0)"
SECOND = "def weighted_sums(x, w):\n    return x @ w"
CHECKS = 'check("00b.1", without_means)\ncheck("00b.2", weighted_sums)'
OPEN = "def without_means(x):\n    return ...\ndef weighted_sums(x, w):\n    return ..."
WRONG = "def without_means(x):\n    return x\ndef weighted_sums(x, w):\n    return x.sum()"


@dataclass(frozen=True)
class Handed:
    """What one learner handed in, its marks, and a part of the reason or remark."""

    cells: tuple[str, ...]
    marks: tuple[int, int]
    said: str = ""


def right(*more: str, marks=(1, 1), said=""):
    """Both answers, then further cells, then the checks."""
    return Handed((BEGIN, FIRST, SECOND, *more, CHECKS), marks, said)


def wrong(*more: str, said=""):
    """Wrong answers, and cells that hope for more."""
    return Handed((BEGIN, WRONG, *more, CHECKS), (0, 0), said)


def second(text: str, said="", marks=(1, 0)):
    """The first answer is right; the second is `text`."""
    return Handed((BEGIN, FIRST, text, CHECKS), marks, said)


HONEST = {
    "ann": right(),
    "bob": Handed((BEGIN, OPEN, CHECKS), (0, 0), "not yet"),
    "cem": wrong(said="expected"),
    "dora": second("def weighted_sums(x, w):\n    return x * w"),
    "eli": Handed((BEGIN, FIRST, CHECKS), (1, 0), "missing: no cell defines weighted_sums"),
    "fay": Handed((BEGIN, FIRST, "def weighted_sums(x, w:\n    return", CHECKS), (1, 0), "Syntax"),
    "gil": Handed((BEGIN, CHECKS, FIRST, SECOND), (1, 1), "NameError"),  # late cells
    "hana": right("undefined_name", said="code cell 4 raised NameError"),
    "ivo": right("%matplotlib inline\nx = !ls\n%timeit -n 1 -r 1 1 + 1"),
    "jun": second("def weighted_sums(x, w):\n    raise ValueError('no')", "ValueError: no"),
    "kai": second("def weighted_sums(x):\n    return x", "takes 1 positional"),
    "lea": second("weighted_sums = 5", "expected a function"),
    "mia": Handed(
        (BEGIN, FIRST, "def sums_of_mine(x, w):\n    return x @ w",
         'check("00b.1", without_means)\ncheck("00b.2", sums_of_mine)'), (1, 1)),
    "noa": second("weighted_sums = lambda *all: all[0] @ all[1]", marks=(1, 1)),
    "oto": second("def weighted_sums(x, w):\n    x *= 2\n    return x @ w / 2", "changed its arg"),
    "=2+5": right(),
}  # fmt: skip

HOSTILE = {
    "prints_success": wrong(
        "def check(name, answer):\n    print(f'exercise {name}: correct')",
        "print('exercise 00b.1: correct\\nexercise 00b.2: correct')",
    ),
    "patches_the_judge": wrong(
        "import tinyml_course.exercises as e, tinyml_course.answers as a, builtins\n"
        "e.judge = lambda *_: e.Verdict('00b.1', e.State.CORRECT)\n"
        "a.first_difference = lambda *_: ''\nbuiltins.abs = lambda _: 0\nbuiltins.all = bool",
    ),
    "takes_the_reference": wrong(
        "from tinyml_course.classroom.exercises import find_exercise\n"
        "without_means = find_exercise('00b.1').reference",
        said="LookupError",
    ),
    "reads_the_reference": wrong(
        "import tinyml_course, pathlib\n"
        "folder = pathlib.Path(tinyml_course.__file__).parent / 'classroom' / 'exercises'\n"
        "text = (folder / 'lesson_00b.py').read_text()",
        said="FileNotFoundError",
    ),
    "patches_the_wire": wrong(
        "from tinyml_course.classroom.grading import wire\n"
        "wire.to_line = lambda value: b'{\"dict\": [[\"value\", true], [\"arguments\", null]]}\\n'",
    ),
    "writes_into_the_pipe": wrong(
        "import os\nfor fd in range(3, 60):\n    try: os.write(fd, b'correct\\n' * 50)\n"
        "    except OSError: pass",
        said="no answer",
    ),
    "equal_to_all": second(
        "class Same:\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        "    shape = (3,)\ndef weighted_sums(x, w):\n    return Same()",
    ),
    "an_array_that_lies": second(
        "class Sly(np.ndarray):\n    def __ne__(self, other): return np.zeros(self.shape, bool)\n"
        "    def __sub__(self, other): return np.zeros(self.shape)\n"
        "def weighted_sums(x, w):\n    return np.zeros(len(x)).view(Sly)",
    ),
    "forks": right(
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        marks=(0, 0), said="processes",
    ),
    "eats_memory": right(
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)  # takes its time\n"
        "much = []\nwhile True: much.append(np.ones(8 << 20))",
        marks=(0, 0), said="memory",
    ),
    "loops_politely": right("while True: pass", said="did not end within 4 s, and was"),
    "loops_for_good": right(
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
        marks=(0, 0), said="code cell 4 did not end within 2",
    ),
    "loops_when_asked": Handed(
        (BEGIN, "def without_means(x):\n    while True: pass", SECOND, CHECKS),
        (0, 1), "without_means: no answer within 4 s",
    ),
    "fills_the_disk": right(
        "for n in range(10_000):\n    with open(f'/tmp/{n}', 'wb') as f: f.write(bytes(32 << 20))",
        said="OSError",
    ),
    "deletes_everything": right(
        "import shutil, os\nfor place in ('/', '/home', os.getcwd(), os.path.expanduser('~')):\n"
        "    shutil.rmtree(place, ignore_errors=True)",
    ),
    "kills_its_parent": right(
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(1, signal.SIGKILL)",
    ),
    "kills_everybody": right("import os, signal\nos.kill(-1, signal.SIGKILL)"),
    "leaves": right("import os\nos._exit(0)", marks=(0, 0), said="4: its process ended itself"),
    "crashes": right(
        "import ctypes\nctypes.string_at(8)", marks=(0, 0), said="ended itself"
    ),
    "calls_home": right(
        "import socket\nsocket.create_connection(('127.0.0.1', PORT), timeout=2)",
        said="raised",
    ),
    "reads_the_host": right("secret = open('SECRET').read()", said="FileNotFoundError"),
    "writes_to_the_host": right("open('SECRET', 'w').write('mine')", said="raised"),
    "answers_with_a_gigabyte": second(
        "def weighted_sums(x, w):\n    return np.zeros(100_000_000)", said="array of 800,000,000"
    ),
    "answers_without_end": second(
        "def weighted_sums(x, w):\n    a = []\n    a.append(a)\n    return a"
    ),
}  # fmt: skip


def write_class(folder: Path, port: int, secret: Path) -> dict[str, Handed]:
    """Write forty submissions; what is expected of each."""
    everybody = {**HONEST, **HOSTILE}
    for name, handed in everybody.items():
        cells = [c.replace("PORT", str(port)).replace("SECRET", str(secret)) for c in handed.cells]
        write_notebook(folder / f"{name}.ipynb", cells)
    return everybody


def write_notebook(path: Path, cells: list[str]) -> None:
    """A notebook of code cells."""
    made = [
        {"cell_type": "code", "source": cell.splitlines(keepends=True), "metadata": {},
         "outputs": [], "execution_count": None}
        for cell in cells
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
