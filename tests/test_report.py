"""Reports and other values as JSON: what is read back is what was written, and damage is named."""

import json
from dataclasses import replace

import pytest

from tests.pipeline.test_model_card import JUDGED, REPORT
from tinyml_course.errors import DataError
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.labs.keywords import STREAM
from tinyml_course.report import DeviceResult, HeldOutJudgement, Report, Verification, YourData
from tinyml_course.shipped import BUNDLES

FULL = replace(
    REPORT,
    arena_bytes={"int8": 2192, "fp16": None},
    refusal={"fp16": "refuses"},
    accuracy_floor=0.9,
    verify=Verification(10, 40, 1, "host"),
    your_data=YourData(
        "a folder", {"ds_cnn": JUDGED}, HeldOutJudgement(**vars(JUDGED), held_out=("ann",))
    ),
    board=DeviceResult("pico", 10, None, 40, 0, 5.5, "motion", 900, 80, None, None, ("# hi",)),
    seconds={"data": 1.5},
    files=("golden.npz",),
)


@pytest.mark.parametrize("report", [REPORT, FULL], ids=["least", "full"])
def test_a_report_survives_its_json(report):
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*/report.json")), ids=lambda p: p.parent.name)
def test_a_shipped_report_is_the_json_of_its_value(path):
    text = path.read_text(encoding="utf-8")
    assert json.dumps(Report.from_json(json.loads(text)).to_json(), indent=2) + "\n" == text


def test_the_keys_of_a_report_in_their_order():
    """Programs read `tinyml run --json`: a key that is renamed or moved breaks them."""
    value = FULL.to_json()
    assert " ".join(value) == (
        "lab title model generator seed data accuracy bytes arena_bytes refusal accuracy_floor "
        "verify your_data board trees elsewhere seconds files"
    )
    of_data = ["source", "windows", "groups", "groups_are", "classes", "parts", "held_out"]
    assert list(value["data"]) == of_data
    assert value["data"]["parts"]["test"] == {"windows": 300, "groups": 7}
    judged = ["windows", "groups", "groups_are", "accuracy", "balanced_accuracy", "recall"]
    assert list(value["your_data"]["before"]["ds_cnn"]) == judged
    assert list(value["your_data"]["after"]) == [*judged, "held_out"]
    assert value["board"]["lines"] == ["# hi"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"data": None}, "report.json: data is None, not an object"),
        ({"seed": "0"}, "report.json: seed is '0', not a whole number"),
        ({"seed": True}, "report.json: seed is True, not a whole number"),
        ({"accuracy": {"int8": None}}, "report.json: accuracy.int8 is None, not a number"),
        ({"files": "a"}, "report.json: files is 'a', not a list"),
        ({"files": [1]}, r"report.json: files\[0\] is 1, not text"),
        ({"stream": {}}, "report.json: stream has no place there"),
        (
            {"verify": {"samples": 1}},
            "report.json: verify: bytes_compared, bytes_differing, target",
        ),
    ],
)
def test_a_damaged_report_is_named(change, says):
    with pytest.raises(DataError, match=says):
        Report.from_json({**REPORT.to_json(), **change})


def test_a_report_without_its_data_is_none():
    values = REPORT.to_json()
    del values["data"], values["lab"]
    with pytest.raises(DataError, match=r"report.json: data, lab missing"):
        Report.from_json(values)
    with pytest.raises(DataError, match="not an object"):
        Report.from_json([])


def test_a_report_cannot_be_changed():
    with pytest.raises(AttributeError):
        REPORT.seed = 4


def test_a_streams_rules_survive_their_json():
    assert StreamSpec.from_json(json.loads(json.dumps(STREAM.to_json()))) == STREAM


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"threshold": 0}, "StreamSpec.threshold is 0; it must be 1 to 255"),
        ({"threshold": 1.5}, "stream.json: threshold is 1.5, not a whole number"),
        ({"keywords": [9]}, "no classes of the network"),
        ({"keywords": "yes"}, "stream.json: keywords is 'yes', not a list"),
        ({"sttride": 3}, "stream.json: sttride has no place there"),
    ],
)
def test_damaged_rules_are_named(change, says):
    with pytest.raises(DataError, match=says):
        StreamSpec.from_json({**STREAM.to_json(), **change})
