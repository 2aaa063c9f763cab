"""The model card says what the report measured."""

from tinyml_course.pipeline.model_card import render_model_card

JUDGED = {"balanced_accuracy": 0.8123, "windows": 40, "groups": 3, "groups_are": "speakers"}
JUDGED["recall"] = {"yes": 0.9, "no": 0.7}
REPORT = {
    "lab": "keywords",
    "title": "Yes or no",
    "model": "ds_cnn",
    "generator": "tinyml_course 0",
    "seed": 3,
    "bytes": {"int8": 30_000},
    "accuracy": {"int8": 0.934},
    "data": {
        "source": "synthetic speech",
        "classes": ["yes", "no"],
        "groups_are": "voices",
        "parts": {"train": {"windows": 900, "groups": 20}, "test": {"windows": 300, "groups": 7}},
    },
    "your_data": None,
}


def test_synthetic_alone():
    card = render_model_card(REPORT)
    assert "tinyml run keywords --seed 3\n" in card
    assert "900 windows of 20 voices" in card
    assert "accuracy 0.934" in card
    assert "Held out" not in card


def test_with_people():
    yours = {
        "source": "Speech Commands, 90 speakers",
        "before": {"ds_cnn": JUDGED},
        "after": {**JUDGED, "balanced_accuracy": 0.95, "held_out": ["ann", "bob"]},
    }
    card = render_model_card({**REPORT, "your_data": yours})
    assert "--data FOLDER" in card
    assert "balanced accuracy 0.812 (yes 0.900, no 0.700)" in card
    assert "on 40 windows of the 3 speakers held out: balanced accuracy 0.950" in card
    assert "Held out: ann, bob." in card


def test_people_who_only_judged():
    yours = {"source": "recordings, 2 speakers", "before": {"ds_cnn": JUDGED}, "after": None}
    card = render_model_card({**REPORT, "your_data": yours})
    assert "on recordings, 2 speakers: balanced accuracy 0.812" in card
    assert "Held out" not in card
