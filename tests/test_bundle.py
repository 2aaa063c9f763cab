"""A Bundle's folder: whole or not at all, listed in its report, and what is damaged is named."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tinyml_course.bundle import PARTS, Bundle
from tinyml_course.errors import DataError, ExportError, OutputError
from tinyml_course.labs.keywords import STREAM
from tinyml_course.network.model import TfliteModel
from tinyml_course.pipeline.run import write_bundle


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("motion")


def test_a_second_run_replaces_the_bundle_and_leaves_nothing_behind(bundle, tmp_path):
    bundle.save(tmp_path / "copy")
    (tmp_path / "copy" / "left_over.txt").write_text("old")
    saved = bundle.save(tmp_path / "copy")
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == sorted(PARTS)
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]
    assert saved.report == replace(bundle.report, files=tuple(sorted(PARTS)))


def test_the_report_lists_what_is_written_beside(bundle, tmp_path):
    def write_more(folder):
        (folder / "plots").mkdir()
        (folder / "plots" / "training.png").write_bytes(b"")

    saved = bundle.save(tmp_path / "more", extra=write_more)
    assert saved.report.files == tuple(sorted([*PARTS, "plots/training.png"]))
    assert json.loads((tmp_path / "more" / "report.json").read_text()) == saved.report.to_json()
    assert bundle.report.files != saved.report.files, "a value does not change"


def test_a_bare_run_writes_the_five_files_their_card_and_no_more(bundle, tmp_path):
    saved = write_bundle(bundle, tmp_path / "bare")
    expected = sorted([*PARTS, "MODEL_CARD.md"])
    assert list(saved.report.files) == expected
    assert sorted(p.name for p in (tmp_path / "bare").iterdir()) == expected


def test_the_name_of_a_folder_that_is_no_text_stops_no_card(bundle, tmp_path):
    """In a C locale a name beyond ASCII comes as surrogates; a run has taken minutes by then."""
    data = replace(bundle.report.data, source="people of the folder sch\udcc3\udcb6n")
    report = replace(bundle.report, data=data)
    saved = write_bundle(replace(bundle, report=report), tmp_path / "out")
    assert "sch\\udcc3\\udcb6n" in (tmp_path / "out" / "MODEL_CARD.md").read_text()
    assert saved.report.data == data


def test_a_failure_while_writing_keeps_the_old_bundle(bundle, tmp_path):
    bundle.save(tmp_path / "kept")

    def disk_full(_):
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        bundle.save(tmp_path / "kept", extra=disk_full)
    assert Bundle.load(tmp_path / "kept").model == bundle.model
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def test_a_folder_with_other_files_is_left_alone(bundle, tmp_path):
    (tmp_path / "thesis.txt").write_text("two years of work")
    with pytest.raises(ExportError, match="holds files that are no Bundle"):
        bundle.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", ["keywords_people", "keywords_synthetic"])
def test_a_detectors_rules_are_a_part_of_its_own(name, tmp_path):
    listening = Bundle.load_shipped(name)
    assert listening.stream == STREAM
    louder = replace(listening, stream=replace(STREAM, gate_level=-40)).save(tmp_path / "louder")
    assert louder.stream == replace(STREAM, gate_level=-40)
    assert "stream.json" in louder.report.files
    assert "stream" not in louder.report.to_json()
    silent = replace(louder, stream=None).save(tmp_path / "louder")
    assert silent.stream is None
    assert "stream.json" not in silent.report.files


@pytest.mark.parametrize(
    ("part", "content", "says"),
    [
        ("report.json", "[]", "report.json is \\[\\], not an object"),
        ("report.json", "{", "JSONDecodeError"),
        ("report.json", '{"lab": "motion"}', "report.json: accuracy, data, model missing"),
        ("stream.json", '{"keywords": [0]}', "stream.json: n_classes, silence missing"),
        (
            "stream.json",
            '{"keywords": [0], "n_classes": 2, "silence": 7}',
            "StreamSpec.silence is 7; it must be 0 to 1",
        ),
    ],
)
def test_a_damaged_part_is_named_with_its_folder(bundle, tmp_path, part, content, says):
    folder = tmp_path / "damaged"
    bundle.save(folder)
    (folder / part).write_text(content)
    with pytest.raises(DataError, match=rf"the Bundle in .*damaged is damaged.*{says}.*Make it"):
        Bundle.load(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../../x"},
        {"class_names": ("still",)},
        {"sample_rate_hz": float("nan")},
        {"window": 99},
        {"channel_names": ("ax", "ay", "ay")},
        {"model": TfliteModel(b"nothing")},
    ],
    ids=str,
)
def test_what_could_not_be_loaded_is_not_saved(bundle, tmp_path, wrong):
    with pytest.raises((DataError, ExportError)):
        replace(bundle, **wrong).save(tmp_path / "new")
    assert not list(tmp_path.iterdir())


SAVE = """
import sys
from tinyml_course.bundle import Bundle
bundle = Bundle.load_shipped("motion")
print(flush=True)
sys.stdin.readline()
for _ in range(40):
    assert bundle.save(sys.argv[1]).model == bundle.model
"""


def test_saves_into_one_folder_at_once_do_not_call_each_other_damaged(bundle, tmp_path):
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVE, str(tmp_path / "shared")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for saver in savers:
        saver.stdout.readline()
    for saver in savers:
        saver.stdin.write("\n")
        saver.stdin.flush()
    assert [saver.communicate(timeout=120)[1] for saver in savers] == [""] * 3
    assert Bundle.load(tmp_path / "shared").model == bundle.model
    assert [p.name for p in tmp_path.iterdir()] == ["shared"]


def test_a_bundle_that_cannot_be_replaced_stays(bundle, tmp_path, monkeypatch):
    bundle.save(tmp_path / "kept")
    rename = Path.replace

    def refuse(self, target):
        if Path(target) == tmp_path / "kept" and self.name != "bundle":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        bundle.save(tmp_path / "kept")
    assert Bundle.load(tmp_path / "kept").model == bundle.model
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
