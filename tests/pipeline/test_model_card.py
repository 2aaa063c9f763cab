"""The model card says what the report measured."""

from dataclasses import replace

from tinyml_course.pipeline.model_card import render_model_card
from tinyml_course.report import (
    DataSummary,
    HeldOutJudgement,
    Judgement,
    PartSize,
    Report,
    YourData,
)

JUDGED = Judgement(
    windows=40,
    groups=3,
    groups_are="speakers",
    accuracy=0.85,
    balanced_accuracy=0.8123,
    recall={"yes": 0.9, "no": 0.7},
)
REPORT = Report(
    lab="keywords",
    title="Yes or no",
    model="ds_cnn",
    generator="tinyml_course 0",
    seed=3,
    data=DataSummary(
        source="synthetic speech",
        windows=1500,
        groups=30,
        groups_are="voices",
        classes=("yes", "no"),
        parts={"train": PartSize(900, 20), "val": PartSize(300, 3), "test": PartSize(300, 7)},
        held_out=("f1", "f2"),
    ),
    bytes={"int8": 30_000},
    accuracy={"int8": 0.934},
)


def test_synthetic_alone():
    card = render_model_card(REPORT)
    assert "tinyml run keywords --seed 3\n" in card
    assert "900 windows of 20 voices" in card
    assert "accuracy 0.934" in card
    assert "Held out" not in card


def test_with_people():
    better = replace(JUDGED, balanced_accuracy=0.95)
    yours = YourData(
        source="Speech Commands, 90 speakers",
        before={"ds_cnn": JUDGED},
        after=HeldOutJudgement(**vars(better), held_out=("ann", "bob")),
    )
    card = render_model_card(replace(REPORT, your_data=yours))
    assert "--data FOLDER" in card
    assert "balanced accuracy 0.812 (yes 0.900, no 0.700)" in card
    assert "on 40 windows of the 3 speakers held out: balanced accuracy 0.950" in card
    assert "Held out: ann, bob." in card


def test_people_who_only_judged():
    yours = YourData(source="recordings, 2 speakers", before={"ds_cnn": JUDGED})
    card = render_model_card(replace(REPORT, your_data=yours))
    assert "on recordings, 2 speakers: balanced accuracy 0.812" in card
    assert "Held out" not in card
