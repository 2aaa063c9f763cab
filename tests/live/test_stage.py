"""A demonstration: what is tried before it, what is shown if a step fails, what its page needs."""

import ast
import base64
import io
import json
import re
import sys

import jupytext
import pytest
from PIL import Image

from tests.notebooks.lesson_files import NOTEBOOKS, SOURCES
from tinyml_course.errors import BoardError, DataError, LinkError, MissingExtraError
from tinyml_course.live import BoardPanel
from tinyml_course.live.page_server import serve_notebook
from tinyml_course.live.stage import Recorded, checks, on_stage, preflight
from tinyml_course.live.stage.alone import OFF_STAGE, stand_alone
from tinyml_course.live.stage.recorded import RECORDING

(SOURCE,) = (source for source in SOURCES if source.stem == "20_workshop_demo")
STEPS = re.findall(r'on_stage\("(\w+)"', SOURCE.read_text())


def missing():
    raise MissingExtraError("this", "needs what is not here.\nAnd a second line")


def test_everything_is_ready_here_and_each_says_a_line():
    tried = preflight()
    assert [each.thing for each in tried if not each.is_ready] == []
    assert [each.thing for each in tried] == [
        "compiler", "emulator", "bundles", "sounds", "widgets", "panel", "page"
    ]  # fmt: skip
    assert all(len(str(each).splitlines()) == 1 for each in tried)


@pytest.mark.parametrize(
    ("used", "things"),
    [
        ("build_sketch", {"compiler"}),
        ("run_sketch", {"emulator"}),
        ("get_sound", {"sounds"}),
        ("LiveBoard", {"panel"}),
        ("get_movement", {"emulator"}),
    ],
)
def test_what_fails_is_in_the_list_with_what_to_do(monkeypatch, used, things):
    def fail(*_arguments, **_options):
        raise BoardError("it broke.\nwith details")

    monkeypatch.setattr(checks, used, fail)
    failed = [each for each in preflight() if not each.is_ready]
    assert {each.thing for each in failed} == things
    for each in failed:
        assert re.fullmatch(r"\w+ +MISSING: it broke\. Do: .{20,}", str(each))


@pytest.mark.parametrize(("package", "thing"), [("anywidget", "panel"), ("ipywidgets", "widgets"),
                                                ("voila", "page")])  # fmt: skip
def test_a_package_that_is_not_installed_is_named(monkeypatch, package, thing):
    monkeypatch.setitem(sys.modules, package, None)
    (found,) = (each for each in preflight() if each.thing == thing)
    assert not found.is_ready
    assert "pip install" in found.found


def test_a_bundle_that_has_forgotten_is_found(monkeypatch):
    real = checks.Bundle.predict_scores
    monkeypatch.setattr(checks.Bundle, "predict_scores", lambda b, x: -real(b, x))
    (found,) = (each for each in preflight() if not each.is_ready)
    assert "the Bundle motion does not know its own golden windows" in str(found)


def test_a_step_that_works_is_shown_as_it_is(capsys):
    assert on_stage("quantize", lambda: 7) == 7
    assert capsys.readouterr().out == ""


def test_the_lesson_has_the_steps_it_promises():
    assert STEPS == ["choose", "shake", "hear", "quantize", "prune", "deploy", "watch"]


@pytest.mark.parametrize("step", STEPS)
def test_each_step_that_fails_says_so_and_shows_its_recording(capsys, step):
    shown = on_stage(step, missing)
    said = capsys.readouterr().out
    assert said == f"{step}: not here, because this needs what is not here. This was recorded:\n"
    assert isinstance(shown, Recorded)
    assert Image.open(io.BytesIO(shown.png)).width > 400
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown) != ""


def test_a_panel_whose_sketch_does_not_compile_falls_back_as_well(capsys, write_sketch):
    folder = write_sketch("void setup() { int x = ; } void loop() {}")
    assert isinstance(on_stage("shake", lambda: BoardPanel(folder, "wio_terminal")), Recorded)
    assert "shake: not here, because" in capsys.readouterr().out


def test_an_error_of_the_program_is_not_covered_up():
    with pytest.raises(ZeroDivisionError):
        on_stage("shake", lambda: 1 / 0)


def test_without_a_recording_both_reasons_are_said(tmp_path):
    with pytest.raises(DataError, match=r"jump failed \(this needs .*shows nothing of the step"):
        on_stage("jump", missing)
    with pytest.raises(DataError, match=r"shake failed \(this needs .*cannot be read"):
        on_stage("shake", missing, tmp_path / "none.ipynb")


def test_the_page_needs_no_file_and_no_cell_that_stayed_away():
    page = stand_alone(json.loads(RECORDING.read_text()), RECORDING.parent)
    texts = ["".join(c["source"]) for c in page["cells"] if c["cell_type"] == "markdown"]
    assert not re.search(r"\]\((?!https?:)", "\n".join(texts)), "a link to a file"
    (picture,) = re.findall(r'<img alt="Six steps.*" src="data:image/svg\+xml;base64,(.*)">',
                            "\n".join(texts))  # fmt: skip
    assert base64.b64decode(picture) == (NOTEBOOKS / "pictures/20_ten_minutes.svg").read_bytes()
    codes = ["".join(c["source"]) for c in page["cells"] if c["cell_type"] == "code"]
    tree = ast.parse("\n".join(codes))
    stored = {n.id for n in ast.walk(tree) if isinstance(getattr(n, "ctx", None), ast.Store)
              and isinstance(n, ast.Name)}  # fmt: skip
    imported = {a.asname or a.name for n in ast.walk(tree)
                if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}  # fmt: skip
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    assert used <= stored | imported | defined | set(dir(__builtins__)) | {"print"}
    assert len(re.findall(r"on_stage\(", "\n".join(codes))) == len(STEPS)


def test_what_is_for_the_desk_is_tagged_and_the_ten_minutes_are_not():
    tags = {}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        tags[cell.source] = OFF_STAGE in cell.metadata.get("tags", [])
    assert all(off for text, off in tags.items() if text.startswith(("check(", "quiz(", "assert")))
    assert not any(off for text, off in tags.items() if "on_stage(" in text)


def test_links_of_the_web_stay_and_a_picture_that_is_not_there_is_an_error(tmp_path):
    text = "[a](b.md) [c](https://d.example/e) ![f](https://d.example/g.png)"
    cell = {"cell_type": "markdown", "metadata": {}, "source": [text]}
    (kept,) = stand_alone({"cells": [cell]}, tmp_path)["cells"]
    assert kept["source"] == "a [c](https://d.example/e) ![f](https://d.example/g.png)"
    notebook = tmp_path / "page.ipynb"
    notebook.write_text(json.dumps({"cells": [{**cell, "source": "![f](none.png)"}]}))
    with pytest.raises(LinkError, match=r"page\.ipynb.*none\.png"), serve_notebook(notebook):
        pass
