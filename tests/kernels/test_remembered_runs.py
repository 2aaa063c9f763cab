"""A remembered run shows what the run showed; what could differ is run each time."""

import numpy as np
import pytest

from tests.kernels import REMEMBERED
from tests.kernels.remembered_runs import remembers_run
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.errors import BoardError

run_or_remember = remembers_run(run_sketch)
WALK = "t_ms,ax_g,ay_g,az_g\n" + "".join(f"{20 * k},0,0,{k % 3}\n" for k in range(20))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """How many results are kept by now."""
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setenv(REMEMBERED, str(folder))
    return lambda: len(list(folder.iterdir()))


def test_it_shows_what_the_board_showed(kept):
    given = ("personalize", "wio_terminal", (), 2)
    named = {"presses": ["WIO_KEY_C@1"], "stored": b"\x05" * 16}
    plain = run_sketch(*given, **named)
    first = run_or_remember(*given, **named)
    again = run_or_remember(*given, **named)
    assert kept() == 1
    assert isinstance(first.board, VirtualBoard)
    assert not isinstance(again.board, VirtualBoard)
    for one in (first, again):
        assert one.output == plain.output != ""
        assert (one.instructions, one.cycles, one.seconds, one.stack_bytes, one.power) == (
            plain.instructions,
            plain.cycles,
            plain.seconds,
            plain.stack_bytes,
            plain.power,
        )
        assert one.pins == plain.pins
        assert list(one.board.gpio.changes) == list(plain.board.gpio.changes)
        assert one.board.storage.content == plain.board.storage.content
        assert one.sketch.fit == plain.sketch.fit
        np.testing.assert_array_equal(one.board.screen.image, plain.board.screen.image)


def test_another_run_is_run(kept, write_sketch, tmp_path):
    trace = tmp_path / "walk.csv"
    trace.write_text(WALK)
    says = "void setup() {{ Serial.begin(9600); Serial.println({}); }}\nvoid loop() {{}}\n"
    sketch = write_sketch(says.format(1))
    assert run_or_remember(sketch, "pico", seconds=0.1).output == "1\n"
    write_sketch(says.format(2))
    assert run_or_remember(sketch, "pico", seconds=0.1).output == "2\n"
    run_or_remember(sketch, "wio_terminal", seconds=0.1)
    run_or_remember(sketch, "pico", seconds=0.2)
    run_or_remember("recorder", "nano33ble", [trace], seconds=0.2)
    assert kept() == 5
    seen = run_or_remember("recorder", "nano33ble", trace, seconds=0.2).output
    assert kept() == 5
    trace.write_text(WALK.replace("0,0,0,0", "0,0.5,0,0"))
    assert run_or_remember("recorder", "nano33ble", trace, seconds=0.2).output != seen
    assert kept() == 6


def test_who_watches_sees_it_run(kept, write_sketch, tmp_path):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); Serial.println(1); }\nvoid loop(){}\n"
    )
    shown = []
    for _ in range(2):
        run_or_remember(sketch, "pico", seconds=0.1, show=shown.append)
    assert "".join(shown) == "1\n1\n"
    silent = write_sketch("void setup() {}\nvoid loop() {}\n")
    assert run_or_remember(silent, "pico", seconds=0.1).notes
    with pytest.raises(BoardError, match="no folder nothing"):
        run_or_remember("nothing", "pico")
    with pytest.raises(BoardError, match=r"no\.csv"):
        run_or_remember("recorder", "nano33ble", [tmp_path / "no.csv"])
    assert kept() == 0
