"""The panel without a browser: what it tells a page, and what a page without a kernel shows."""

import base64
import gc
import io
import json
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
from PIL import Image

from tinyml_course import live
from tinyml_course.board.models import MODELS
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.errors import BoardError, MissingExtraError
from tinyml_course.live import BoardPanel
from tinyml_course.live.faces.face import make_face
from tinyml_course.live.panel import read_script
from tinyml_course.live.slots import running_boards
from tinyml_course.shipped import DATA

TRACE = DATA / "motion_p003.csv"


@pytest.fixture
def panel():
    made = BoardPanel("motion", "wio_terminal", TRACE)
    yield made
    made.close()


def test_a_notebook_without_a_browser_shows_the_same_picture_every_time(panel):
    data, _ = panel._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).std() > 10
    assert png == BoardPanel("motion", "wio_terminal", TRACE).picture()
    assert png != BoardPanel("motion", "wio_terminal").picture(), "another trace, another picture"
    assert panel.snapshot == data["image/png"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert not running_boards(), "nothing runs until a page says hello"


def test_hello_switches_on_and_closing_switches_off(panel):
    panel._take(panel, {"kind": "hello"}, [])
    assert running_boards() == [panel.live]
    panel.close()
    assert not running_boards()


def test_a_panel_that_lost_its_place_comes_back_with_reset(panel):
    other = BoardPanel("motion", "wio_terminal")
    panel._take(panel, {"kind": "hello"}, [])
    other._take(other, {"kind": "hello"}, [])
    assert running_boards() == [other.live]
    panel._take(panel, {"kind": "hello"}, [])
    assert running_boards() == [other.live], "a page that is loaded again takes no place"
    panel._take(panel, {"kind": "control", "do": "reset"}, [])
    assert running_boards() == [panel.live]


def test_what_the_page_is_told_fits_into_json(panel):
    spec = json.loads(json.dumps(panel.spec))
    assert spec["uses"] == ["motion"]
    assert len(spec["movements"]) == 6
    assert spec["trace"] == "motion_p003.csv"


def test_the_page_knows_which_trace_moves_the_board():
    """A sound does not."""
    sound = DATA / "keywords" / "yes_no.wav"
    for traces, name in (
        (sound, None),
        ([sound, TRACE], TRACE.name),
        (read_trace(TRACE), "as given"),
    ):
        with closing(BoardPanel("motion", "wio_terminal", traces)) as made:
            assert made.spec["trace"] == name


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_sketch_that_is_not_there_is_one_error_and_nothing_more():
    with pytest.raises(BoardError, match="no sketch"):
        BoardPanel("no_such_sketch")
    gc.collect()


@pytest.mark.parametrize("name", MODELS)
def test_every_emulated_board_has_a_face_whose_drawing_has_its_parts(name):
    face = make_face(MODELS[name])
    for lamp in face.lamps:
        assert f'data-lamp="{lamp.spot}"' in face.drawing
    for key in face.keys:
        assert f'data-key="{key.pin}"' in face.drawing
    assert 'data-key="reset"' in face.drawing
    assert "<title>" in face.drawing


def test_the_page_fetches_nothing():
    script = read_script()
    assert "http:" not in script.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in script
    assert "import " not in script
    assert script.count("export default") == 1


def test_without_the_extra_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(MissingExtraError, match=r"pip install .*\[lab\]"):
        _ = live.BoardPanel


def test_the_room_is_light():
    probe = "import sys, tinyml_course, tinyml_course.live; print('anywidget' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
