"""The stream detector: gate, smoothing, hold-off, and how its reports are scored."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords_recording import SpokenWord
from tinyml_course.errors import DataError
from tinyml_course.features.mel import LogMelSpec
from tinyml_course.features.streaming import (
    NO_KEYWORD,
    Detection,
    StreamDetector,
    StreamSpec,
    detect_keywords,
    score_detections,
)

YES, NO, UNKNOWN, SILENCE = range(4)
LOUD, FAINT = np.full((49, 20), 10, np.int8), np.full((49, 20), -100, np.int8)


def spec(**changes):
    rules = {"stride": 2, "smoothing": 2, "threshold": 150, "hold_off": 10, "gate_level": -60}
    return StreamSpec((YES, NO), SILENCE, 4, **{**rules, **changes})


def certain(label):
    scores = np.full(4, -128, np.int8)
    scores[label] = 127
    return scores


def listen(detector, labels, rows=LOUD):
    """What it reports, hop by hop, if the network answers with `labels` in turn."""
    labels, reports = iter(labels), []
    for _ in range(1000):
        due = detector.is_due(rows)
        if due:
            label = next(labels, None)
            if label is None:
                break
            reports.append(detector.decide(certain(label)))
    return reports


def test_one_answer_is_not_enough_two_are():
    assert listen(StreamDetector(spec()), [YES, SILENCE, YES, YES]) == [-1, -1, -1, YES]


def test_one_word_one_report():
    reports = listen(StreamDetector(spec()), [YES] * 14)
    # at hop 4, then at the first question 10 hops later, and again
    assert [k for k, label in enumerate(reports) if label == YES] == [1, 6, 11]


def test_other_classes_are_never_reported():
    assert set(listen(StreamDetector(spec(smoothing=1)), [UNKNOWN, SILENCE] * 9)) == {NO_KEYWORD}


def test_the_gate_saves_questions_and_forgets_the_word():
    detector = StreamDetector(spec())
    assert not any(detector.is_due(FAINT) for _ in range(100))
    listen(detector, [YES])
    for _ in range(4):
        assert not detector.is_due(FAINT)
    assert listen(detector, [YES]) == [NO_KEYWORD]  # silence came between


def test_the_gate_opens_at_its_level():
    detector, rows = StreamDetector(spec(stride=1)), FAINT.copy()
    rows[30] = -60
    assert detector.is_due(rows)
    rows[30, 0] = -61
    assert not detector.is_due(rows)


def test_a_recording_is_heard_hop_by_hop():
    """A network that says "yes" to any tone, on a recording with two tones."""
    t = np.arange(5 * 16_000) / 16_000
    tone = ((t > 1) & (t < 1.5)) | ((t > 3) & (t < 3.5))
    samples = np.rint(8000 * tone * np.sin(2 * np.pi * 1000 * t)).astype(np.int16)

    def invoke(pictures):
        new = pictures[:, -10:].max(axis=(1, 2)) > 60
        return np.stack([certain(YES if loud else SILENCE) for loud in new])

    result = detect_keywords(samples, spec(hold_off=50), LogMelSpec(), 16_000, invoke)
    assert [d.keyword for d in result.detections] == [YES, YES]
    assert [round(d.time_s) for d in result.detections] == [1, 3]
    assert result.hops == 250
    assert result.inferences < 125  # the gate was shut before the first tone


def test_scores_of_a_report():
    truth = [SpokenWord(YES, 1, 1.5), SpokenWord(NO, 4, 4.5), SpokenWord(UNKNOWN, 6, 6.4)]
    detections = [Detection(1.4, YES), Detection(2.0, YES), Detection(4.6, YES), Detection(6.5, NO)]
    score = score_detections(detections, truth, (YES, NO), duration_s=1800)
    assert (score.hits, score.misses, score.false_accepts) == (1, 1, 3)
    assert score.repeats == 1, "the second YES; nobody said the other two"
    assert score.false_accepts_per_hour == 6
    assert score.latencies_s == (-0.1,)


@pytest.mark.parametrize(
    "wrong", [{"stride": 0}, {"smoothing": 9}, {"threshold": 256}, {"gate_level": 128}]
)
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(DataError, match=next(iter(wrong))):
        spec(**wrong)
    with pytest.raises(DataError, match="keywords"):
        StreamSpec((5,), SILENCE, 4)
