"""The commands of a lab's whole chain and of the installation: run and doctor.

The chain itself is tested in tests/e2e, which takes minutes.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.calls import run_json
from tests.test_report import FULL
from tinyml_course import doctor
from tinyml_course.cli.main import main
from tinyml_course.doctor import Finding
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.report import render_next_steps, render_report

EPOCH = "epoch   1/40  loss 0.6\n"
REPORT = replace(FULL, bytes={"int8": 2768}, lab="motion")


@pytest.fixture
def asked(monkeypatch):
    """A chain that is done at once; what it was asked for."""
    asked = {}

    def run_lab(lab, **options):
        asked.update(options, lab=lab.name)
        options["log"]("[1/7] data")
        print(EPOCH, end="")  # as training does
        return REPORT

    monkeypatch.setattr(pipeline, "run_lab", run_lab)
    return asked


def test_run_hands_its_options_on_and_shows_the_report(asked, capsys):
    options = ["--data", "d", "--out", "o", "--board", "pico", "--seed", "5", "--bare"]
    assert main(["run", "motion", *options]) == 0
    expected = {
        "lab": "motion",
        "data_path": Path("d"),
        "out_dir": Path("o"),
        "board": "pico",
        "seed": 5,
        "bare": True,
        "gaps": "cut",
    }
    assert expected.items() <= asked.items()
    text = render_report(REPORT) + "\n\n" + render_next_steps(REPORT, "o")
    assert capsys.readouterr().out == f"[1/7] data\n{EPOCH}\n{text}\n"


def test_run_goes_to_a_folder_of_the_labs_name(asked):
    assert main(["run", "digits"]) == 0
    assert asked["out_dir"] == Path("out/digits")
    assert (asked["seed"], asked["data_path"], asked["bare"]) == (None, None, False)


def test_run_as_json_leaves_stdout_to_the_report(asked, capsys):
    assert main(["run", "motion", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == REPORT.to_json()
    assert printed.err == f"[1/7] data\n{EPOCH}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "teleportation"], "unknown lab 'teleportation'; known labs: "),
        (["run", "motion", "--board", "uno", "--out", "x"], "no board is called 'uno'"),
        (["run", "motion", "--board", "esp32s3", "--out", "x"], "esp32s3"),
        (["run", "motion", "--out", "text.csv"], "text.csv is a file"),
        (["run", "motion", "--out", "thesis"], "holds files that are no Bundle"),
        (["run", "motion", "--data", "nowhere", "--out", "x"], "nowhere"),
        (["run", "motion", "--data", "text.csv", "--out", "x"], "text.csv"),
    ],
)
def test_run_says_what_cannot_work_before_it_trains(arguments, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.csv").write_text("hello, world\n")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("two years of work")
    before = sorted(tmp_path.rglob("*"))
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert says in printed.err
    assert sorted(tmp_path.rglob("*")) == before


def test_doctor_speaks_json(capsys):
    findings = {finding["topic"]: finding for finding in run_json(capsys, "doctor")}
    assert findings["tensorflow"]["status"] == "ok"
    assert findings["python"]["found"].startswith("3.")


def test_doctor_prints_columns_and_a_problem_is_exit_1(monkeypatch, capsys):
    findings = [
        Finding("python", "ok", "3.11"),
        Finding("a long topic", "note", "no board found", "none is needed"),
        Finding("disk", "problem", "0.1 GB free here", "free some"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "ok       python        3.11",
        "note     a long topic  no board found",
        "                       -> none is needed",
        "PROBLEM  disk          0.1 GB free here",
        "                       -> free some",
        "",
        "1 problem(s): follow the arrows above",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "motion", "--classes", "a,b"], "add --data PATH"),
        (["run", "digits", "--data", "data", "--classes", "a,b"], "`motion` takes yours"),
        (["run", "motion", "--data", "data/motion_p000.csv", "--classes", "a,b"], "unknown label"),
    ],
)
def test_classes_of_ones_own_want_recordings_of_them(arguments, words, tmp_path, capsys):
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
