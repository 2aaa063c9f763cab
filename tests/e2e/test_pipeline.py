"""The motion lab from data to Bundle, with the real functions, on few people and few epochs."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.formats import two_formats
from tinyml_course.bundle import PARTS, Bundle
from tinyml_course.datasets.motion import make_motion_dataset
from tinyml_course.datasets.recordings import write_example_recordings
from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.check.host_build import find_compiler
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab
from tinyml_course.pipeline.report import render_report
from tinyml_course.pipeline.run import run_lab

pytestmark = pytest.mark.slow

STAGES = {"fp32", "fp16", "dynamic_range", "int8", "int16x8", "conv1d_fp32", "conv1d_int8"}
STAGES |= {"qat_int8", "pruned_int8", "fewer_neurons_int8"}


def small_motion():
    lab = get_lab("motion")
    models = {name: replace(choice, epochs=4) for name, choice in lab.models.items()}
    return replace(lab, models=models, make_dataset=lambda seed: make_motion_dataset(seed, 15))


def run_with_recordings(lab, out, data_path, **options):
    """What recordings change is in the models and in the report: the board has its own test."""
    with two_formats():
        return run_lab(
            replace(lab, sketch=None), out, data_path=data_path, log=lambda _: None, **options
        )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run: its folder, report and printed lines."""
    folder = tmp_path_factory.mktemp("run") / "motion"
    lines: list[str] = []
    report = run_lab(small_motion(), folder, log=lines.append)
    return folder, report, lines


def test_the_report_tells_every_stage(run):
    folder, report, _ = run
    assert report.accuracy.keys() >= STAGES
    assert report.accuracy.keys() == report.bytes.keys() == report.arena_bytes.keys()
    assert json.loads((folder / "report.json").read_text()) == report.to_json()
    for stage, size in report.bytes.items():
        assert (folder / "formats" / f"{stage}.tflite").exists()
        assert size > 1000
    assert report.accuracy["int8"] > 0.8
    assert report.lab == "motion"
    assert report.board.board == "nano33ble"
    assert report.board.bytes_differing == 0
    assert report.board.lines[0] == "# motion 1 nano33ble"


def test_the_page_of_the_report_has_its_figures_and_pictures(run):
    folder, report, _ = run
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert html.count("data:image/png;base64,") == 2
    assert f">{report.accuracy['int8']:.4g}<" in html
    assert "0 of" in html
    assert "report.html" in report.files


def test_tflm_refuses_float16_and_the_table_says_why(run):
    _, report, _ = run
    assert report.arena_bytes["fp16"] is None
    assert "16-bit" in report.refusal["fp16"]
    assert "16-bit" in render_report(report)


def test_every_test_window_went_through_the_generated_c(run):
    _, report, _ = run
    assert report.verify.samples == report.data.parts["test"].windows
    assert report.verify.bytes_compared == 3 * report.verify.samples
    assert report.verify.bytes_differing == 0


def test_progress_is_shown_stage_by_stage(run):
    _, _, lines = run
    stages = [line for line in lines if line.startswith("[")]
    assert [line[:5] for line in stages] == [f"[{k}/7]" for k in range(1, 8)]


def test_every_file_of_the_report_is_there_and_no_other(run):
    folder, report, _ = run
    there = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert list(report.files) == there
    assert set(PARTS) < set(there)
    assert [p.name for p in folder.parent.iterdir()] == ["motion"], "something stands beside it"


def test_the_golden_vectors_are_what_the_model_gives(run):
    bundle = Bundle.load(run[0])
    golden = bundle.golden
    assert (run_integer_model(bundle.model, golden.inputs).outputs == golden.outputs).all()
    assert len(golden.windows) == len(golden.labels) > 10
    answers = [bundle.class_names.index(name) for name in bundle.classify(golden.windows)]
    assert answers == golden.outputs.argmax(axis=1).tolist()


def test_a_folder_with_other_files_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "thesis.txt").write_text("two years of work")
    with pytest.raises(ExportError, match="holds files that are no Bundle"):
        run_lab(small_motion(), tmp_path, log=lambda _: None)
    assert (tmp_path / "thesis.txt").read_text() == "two years of work"


def test_few_people_judge_the_model_and_do_not_train_it(tmp_path):
    paths = write_example_recordings(tmp_path / "recordings")
    report = run_with_recordings(small_motion(), tmp_path / "out", paths[0])
    yours = report.your_data
    assert yours.before.keys() == {"dense", "conv1d"}
    assert yours.before["dense"].windows > 10
    assert yours.after is None, "one person cannot be split into three parts"
    assert "your recordings" in render_report(report)


def test_recordings_of_many_people_are_learnt_from_and_judged_on_others(tmp_path):
    strangers = make_motion_dataset(seed=77, people=8)
    lab = replace(small_motion(), load_dataset=lambda path: strangers)
    report = run_with_recordings(lab, tmp_path / "out", tmp_path)
    yours = report.your_data
    assert yours.before["dense"].groups == 8
    assert 1 <= yours.after.groups <= 3, "judged on people not trained on"
    assert yours.after.accuracy > 0.7


def test_gaps_are_named_in_the_report_or_refused(tmp_path):
    (path,) = write_example_recordings(tmp_path / "recordings", people=1)
    rows = path.read_text().splitlines(keepends=True)
    path.write_text("".join(rows[:200] + rows[203:]))
    report = run_with_recordings(small_motion(), tmp_path / "out", path)
    assert "cut at 1 gap in which samples of 0.06 s are missing" in report.your_data.source
    assert report.your_data.source in render_report(report)
    with pytest.raises(DataError, match=r"line 201: a gap of 80 ms"):
        run_lab(small_motion(), tmp_path / "strict", data_path=path, gaps="refuse", log=print)


def test_recordings_of_another_task_are_refused(tmp_path):
    other = replace(make_motion_dataset(seed=1, people=3), class_names=("a", "b", "c"))
    lab = replace(small_motion(), load_dataset=lambda path: other)
    with pytest.raises(DataError, match="class_names"):
        run_lab(lab, tmp_path / "out", data_path=tmp_path, log=lambda _: None)


def test_the_shipped_bundle_answers_as_it_did():
    bundle = Bundle.load_shipped("motion")
    golden = bundle.golden
    assert (run_integer_model(bundle.model, golden.inputs).outputs == golden.outputs).all()
    assert np.mean(golden.outputs.argmax(axis=1) == golden.labels) >= 0.9
    assert bundle.report.accuracy["int8"] >= bundle.report.accuracy_floor


def tinyml(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tinyml_course", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "teleportation"], "unknown lab 'teleportation'; known labs:"),
        (["run", "motion", "--data", "nowhere"], "nowhere"),
        (["run", "motion", "--data", "empty"], "empty"),
        (["run", "motion", "--data", "text.csv"], "text.csv"),
        (["run", "motion", "--out", "text.csv"], "is a file"),
        (["export", "nowhere.tflite", "--out", "x"], "nowhere.tflite"),
        (["export", "text.csv", "--out", "x"], "no .tflite model"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_1(tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.csv").write_text("hello, world\n")
    before = sorted(tmp_path.rglob("*"))
    done = tinyml(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("arguments", [["run"], ["fly"], [], ["export", "m.tflite"]])
def test_wrong_usage_is_exit_2(arguments):
    done = tinyml(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_doctor_speaks_json():
    done = tinyml("doctor", "--json")
    findings = {finding["topic"]: finding for finding in json.loads(done.stdout)}
    assert findings["tensorflow"]["status"] == "ok"
    assert done.returncode == 0


def test_anyone_can_check_the_c_without_python(tmp_path):
    model = Path(__file__).parents[1] / "golden" / "models" / "dense3.tflite"
    done = tinyml("export", str(model), "--out", str(tmp_path), "--self-test")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if " && " in line]
    compile_command, run = line.split(": ", 1)[1].split(" && ")
    compiler = find_compiler()
    subprocess.run([*compiler, *compile_command.split()[1:]], cwd=tmp_path, check=True)
    result = subprocess.run([run], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
