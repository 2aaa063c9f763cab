"""A Bundle's folder: whole or not at all, listed in its report, and what is damaged is named."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
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


def npy(shape, dtype="<f4", data=b"", version=(1, 0)):
    """A .npy file that claims a shape."""
    head = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    size = struct.pack("<H" if version == (1, 0) else "<I", len(head))
    return b"\x93NUMPY" + bytes(version) + size + head + data


def with_array(name, content):
    """A change of golden.npz: one of its arrays is something else."""

    def change(folder):
        path = folder / "golden.npz"
        with zipfile.ZipFile(path) as stored:
            parts = {info.filename: stored.read(info) for info in stored.infolist()}
        if isinstance(content, bytes):
            parts[f"{name}.npy"] = content
        else:
            buffer = io.BytesIO()
            old = np.load(io.BytesIO(parts[f"{name}.npy"]))
            np.save(buffer, content(old), allow_pickle=True)
            parts[f"{name}.npy"] = buffer.getvalue()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as stored:
            for part, data in parts.items():
                stored.writestr(part, data)

    return change


def with_json(part, change_value):
    """A change of a JSON part: a function of its value, or text as it is."""

    def change(folder):
        path = folder / part
        if callable(change_value):
            value = change_value(json.loads(path.read_text()))
            path.write_text(json.dumps(value))
        else:
            path.write_text(change_value)

    return change


def with_spec(**changes):
    return with_json("preprocessing.json", lambda spec: spec | changes)


def with_step(**changes):
    def change_value(spec):
        spec["steps"][1] |= changes
        return spec

    return with_json("preprocessing.json", change_value)


def with_bytes(part, change_bytes):
    def change(folder):
        path = folder / part
        path.write_bytes(change_bytes(path.read_bytes()))

    return change


def fill(value):
    def change(old):
        old.flat[0] = value
        return old

    return change


HOSTILE = {
    "labels: an object": with_json("labels.json", '{"still": 0, "walk": 1, "run": 2}'),
    "labels: a text": with_json("labels.json", '"abc"'),
    "labels: one for three outputs": with_json("labels.json", '["still"]'),
    "labels: four for three outputs": with_json("labels.json", '["a", "b", "c", "d"]'),
    "labels: numbers": with_json("labels.json", "[1, 2, 3]"),
    "labels: twice the same": with_json("labels.json", '["a", "a", "b"]'),
    "labels: an empty one": with_json("labels.json", '["a", "", "b"]'),
    "labels: a line end": with_json("labels.json", '["a", "b\\nc", "d"]'),
    "labels: an escape code": with_json("labels.json", '["a", "\\u001b[2J", "d"]'),
    "labels: nested too deep": with_json("labels.json", "[" * 100_000),
    "labels: not UTF-8": with_bytes("labels.json", lambda _: b'["\xff\xfe"]'),
    "lab: a path": with_spec(lab="../../x"),
    "lab: an absolute path": with_spec(lab="/etc/passwd"),
    "lab: empty": with_spec(lab=""),
    "lab: a number": with_spec(lab=5),
    "lab: a null character": with_spec(lab="a\x00b"),
    "lab: 10,000 letters": with_spec(lab="a" * 10_000),
    "rate: NaN": with_spec(sample_rate_hz=float("nan")),
    "rate: infinite": with_spec(sample_rate_hz=float("inf")),
    "rate: 1e999": with_bytes("preprocessing.json", lambda old: old.replace(b"50.0", b"1e999")),
    "rate: negative": with_spec(sample_rate_hz=-50.0),
    "rate: 0": with_spec(sample_rate_hz=0),
    "rate: 1e300": with_spec(sample_rate_hz=1e300),
    "rate: a text": with_spec(sample_rate_hz="50"),
    "rate: true": with_spec(sample_rate_hz=True),
    "window: 0": with_spec(window=0),
    "window: negative": with_spec(window=-100),
    "window: a fraction": with_spec(window=100.5),
    "window: infinite": with_spec(window=float("inf")),
    "window: 10**400": with_spec(window=10**400),
    "window: another": with_spec(window=101),
    "channels: a text": with_spec(channel_names="xyz"),
    "channels: none": with_spec(channel_names=[]),
    "channels: two for three": with_spec(channel_names=["ax", "ay"]),
    "channels: a list in it": with_spec(channel_names=["ax", ["ay"], "az"]),
    "unit: a list": with_spec(unit=["g"]),
    "unit: a line end": with_spec(unit="g\n"),
    "a key that has no place": with_spec(password="x"),
    "spec: a list": with_json("preprocessing.json", "[]"),
    "spec: null": with_json("preprocessing.json", "null"),
    "spec: nested too deep": with_json("preprocessing.json", '{"steps":' + "[" * 100_000),
    "steps: an object": with_spec(steps={"kind": "motion_features"}),
    "steps: a text in it": with_spec(steps=["motion_features"]),
    "steps: none": with_spec(steps=[]),
    "steps: an unknown kind": with_spec(steps=[{"kind": "os.system"}]),
    "steps: a kind that is a list": with_spec(steps=[{"kind": ["a"]}]),
    "steps: a parameter too many": with_step(more=1),
    "steps: a mean is NaN": with_step(mean=[float("nan")] * 8),
    "steps: a mean is 10**400": with_step(mean=[10**400] * 8),
    "steps: a scale is 0": with_step(scale=[0.0] * 8),
    "steps: means of another number": with_step(mean=[0.0] * 7, scale=[1.0] * 7),
    "steps: a billion bands": with_spec(steps=[{"kind": "log_mel", "n_mels": 10**9}]),
    "golden: empty": with_bytes("golden.npz", lambda _: b""),
    "golden: half": with_bytes("golden.npz", lambda old: old[: len(old) // 2]),
    "golden: no zip": with_bytes("golden.npz", lambda old: b"x" * len(old)),
    "golden: a flipped byte": with_bytes(
        "golden.npz", lambda old: old[:90] + bytes([old[90] ^ 255]) + old[91:]
    ),
    "golden: a pickle": with_array("labels", lambda old: np.array([{}] * len(old), object)),
    "golden: a truncated array": with_array("labels", npy((32,), "<i8", b"\x00")),
    "golden: an array of 8 EiB": with_array("windows", npy((2**60,))),
    "golden: an array of 10**400": with_array("windows", npy((10**400,))),
    "golden: an array of -1": with_array("windows", npy((-1,))),
    "golden: 1 TiB of nothing": with_array("windows", npy((2**38,), data=bytes(100))),
    "golden: no .npy": with_array("windows", b""),
    "golden: a nested head": with_array("windows", npy("(" * 4000 + ")" * 4000)),
    "golden: a version to come": with_array("windows", npy((1,), version=(9, 0))),
    "golden: a bomb": with_array("windows", npy((2**27,), data=bytes(2**26 + 1))),
    "golden: windows are NaN": with_array("windows", fill(np.nan)),
    "golden: windows are float64": with_array("windows", lambda old: old.astype(np.float64)),
    "golden: windows of another length": with_array("windows", lambda old: old[:, :50]),
    "golden: inputs are int16": with_array("inputs", lambda old: old.astype(np.int16)),
    "golden: inputs of another size": with_array("inputs", lambda old: old[:, :4]),
    "golden: outputs of another size": with_array("outputs", lambda old: old[:, :2]),
    "golden: one label too few": with_array("labels", lambda old: old[:-1]),
    "golden: label 3 of 3": with_array("labels", fill(3)),
    "golden: label -1": with_array("labels", fill(-1)),
    "golden: labels are floats": with_array("labels", lambda old: old.astype(np.float32)),
    "golden: no window": with_array("labels", lambda old: old[:0]),
    "model: empty": with_bytes("model_int8.tflite", lambda _: b""),
    "model: half": with_bytes("model_int8.tflite", lambda old: old[: len(old) // 2]),
    "model: noise": with_bytes("model_int8.tflite", lambda old: bytes(len(old))),
    "model: of 65 MB": with_bytes("model_int8.tflite", lambda old: old + bytes(65 << 20)),
    "report: a list": with_json("report.json", "[]"),
    "report: an accuracy of NaN": with_bytes(
        "report.json",
        lambda old: old.replace(b'"accuracy_floor": 0', b'"accuracy_floor": NaN, "x": 0'),
    ),
    "report: nested too deep": with_json("report.json", '{"a":' * 100_000),
    "report: 5,000 digits": with_json("report.json", '{"seed": ' + "9" * 5000 + "}"),
    "stream: of another network": with_json(
        "stream.json", '{"keywords": [0], "n_classes": 12, "silence": 1}'
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_bundle_is_one_clear_line(bundle, tmp_path, case):
    folder = tmp_path / "hostile"
    bundle.save(folder)
    HOSTILE[case](folder)
    with pytest.raises(DataError, match=r"the Bundle in .*hostile is damaged \(") as caught:
        Bundle.load(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 700


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
