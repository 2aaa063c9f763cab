"""`tinyml doctor --workshop`: what fails on a stage is known before, with what is shown instead."""

import json
import socket
import sys
import webbrowser

import pytest

from tests.browser.servers import write_notebook
from tinyml_course.cli.main import main
from tinyml_course.errors import LinkError
from tinyml_course.live.stage import workshop
from tinyml_course.live.stage.checks import Tried

STEPS = ["choose", "shake", "hear", "quantize", "prune", "deploy", "watch"]
BODY = "widget-view+json ready: all <pre>{}</pre>"


@pytest.fixture
def fast(monkeypatch):
    """A desktop on which all is well; what takes long has its own tests."""
    monkeypatch.setattr(workshop, "preflight", lambda: [Tried("panel", True, "a board ran")])
    monkeypatch.setattr(workshop, "_open_page", lambda: BODY)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("firefox"))


def rehearse():
    return {each.thing: each for each in workshop.rehearse()}


def test_all_is_well_and_exit_0(fast, capsys):
    assert main(["doctor", "--workshop"]) == 0
    lines = capsys.readouterr().out.splitlines()
    said = [line.split()[1] for line in lines if line.startswith("ok ")]
    first = ["memory", "disk", "port", "browser", "panel", "page"]
    assert said == [*first, *STEPS, "recorded", "voice"]
    assert [line.split()[1] for line in lines if line.startswith("note ")] == ["microphone"]
    assert lines[-1].startswith("ready: make workshop")


def test_as_json(fast, capsys):
    assert main(["doctor", "--workshop", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert {each["thing"]: each["is_ready"] for each in value}["page"]
    assert all(each["instead"] for each in value if each["thing"] != "recorded")


def test_a_step_that_the_page_could_not_show_is_a_problem_with_its_reason(
    fast, monkeypatch, capsys
):
    said = "deploy: not here, because it doesn&#39;t link. This was recorded:"
    monkeypatch.setattr(workshop, "_open_page", lambda: BODY.format(said))
    assert main(["doctor", "--workshop"]) == 1
    out = capsys.readouterr().out
    assert "PROBLEM  deploy      it doesn't link\n" in out
    assert "-> on the stage: the recorded picture" in out
    assert "1 problem(s)" in out


def test_a_page_that_does_not_come_is_one_line(fast, monkeypatch):
    def fail():
        raise LinkError("the page's server did not start.\nand more")

    monkeypatch.setattr(workshop, "_open_page", fail)
    tried = rehearse()
    assert not tried["page"].is_ready
    assert tried["page"].found == "the page's server did not start"
    assert "make lab" in tried["page"].remedy
    assert not set(STEPS) & set(tried)


def test_no_desktop(fast, monkeypatch):
    def none():
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setattr(workshop.shutil, "which", lambda name: name == "chromium" or None)
    assert (
        rehearse()["browser"].found == "chromium is installed, and there is no desktop to show it"
    )
    monkeypatch.setattr(workshop.shutil, "which", lambda name: None)
    assert rehearse()["browser"].found == "this computer has none that a program can open"


def test_little_memory_and_a_full_disk(fast, monkeypatch):
    monkeypatch.setattr(workshop, "FREE_MEMORY_BYTES", 10**15)
    monkeypatch.setattr(workshop, "FREE_DISK_BYTES", 10**18)
    tried = rehearse()
    assert "1e+06 GB are needed" in tried["memory"].found
    assert "MB free for sketches" in tried["disk"].found


def test_a_folder_that_cannot_be_written(fast, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(workshop, "cache_dir", lambda: tmp_path / "file")
    assert "is no folder" in rehearse()["disk"].found


def test_a_computer_that_does_not_talk_to_itself(fast, monkeypatch):
    def refuse(*_arguments, **_options):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    tried = rehearse()
    assert not tried["port"].is_ready
    assert "127.0.0.1" in tried["port"].remedy


def test_without_the_voice_the_demonstration_goes_on(fast, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    assert main(["doctor", "--workshop"]) == 0
    assert "note     voice       speaking new words needs espeak-ng" in capsys.readouterr().out


def test_without_its_recordings_nothing_can_stand_in(fast, monkeypatch, tmp_path):
    monkeypatch.setattr(workshop, "RECORDING", write_notebook(tmp_path / "x.ipynb", "on_stage("))
    assert rehearse()["recorded"].found == "no recorded picture of any step"
    monkeypatch.setattr(workshop, "RECORDING", tmp_path / "none.ipynb")
    assert "cannot be read" in rehearse()["recorded"].found


@pytest.mark.slow
def test_a_page_is_opened_with_its_token_and_read_to_its_end(monkeypatch, tmp_path):
    cell = "\n".join(
        [
            "from tinyml_course.live.stage import on_stage",
            "import ipywidgets",
            "from tinyml_course.errors import BoardError",
            "def fail(): raise BoardError('no <board>')",
            'shown = on_stage("shake", fail)',
            "ipywidgets.IntSlider()",
        ]
    )
    monkeypatch.setattr(workshop, "RECORDING", write_notebook(tmp_path / "x.ipynb", cell))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # of a school's network
    page, shake = workshop._page()
    assert page.is_ready
    assert (shake.thing, shake.is_ready, shake.found) == ("shake", False, "no <board>")
