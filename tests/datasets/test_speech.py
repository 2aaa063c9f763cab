"""Synthetic speech: repeatable, trimmed, and clear about what it cannot say."""

import numpy as np
import pytest

from tinyml_course.datasets.speech import ACCENTS, Utterance, list_variants, synthesize
from tinyml_course.errors import DataError


def test_the_same_requests_give_the_same_samples():
    # whisper and f3 breathe: their noise is random unless it is seeded
    requests = [Utterance(w, "en-us", v) for v in ("f3", "whisper", "m2") for w in ("yes", "no")]
    first, second = synthesize(requests), synthesize(requests)
    assert [a.tobytes() for a in first] == [b.tobytes() for b in second]


def test_every_accent_speaks():
    for samples in synthesize([Utterance("yes", accent, "m1") for accent in ACCENTS]):
        assert samples.dtype == np.int16
        assert 3000 < len(samples) < 14_000
        level = np.abs(samples.astype(int))
        assert max(level[:50].max(), level[-50:].max()) > 0  # silence is cut off


def test_settings_are_heard():
    slow, quick = synthesize([Utterance("no", words_per_minute=n) for n in (90, 250)])
    assert len(slow) > 1.3 * len(quick)


def test_voices_that_crash_are_not_offered():
    assert len(list_variants()) > 80
    assert not {"Demonic", "Annie", "rob"} & set(list_variants())


def test_unknown_voices_and_empty_texts_are_refused():
    with pytest.raises(DataError, match=r"no voice.*en-atlantis.*accents: en-us"):
        synthesize([Utterance("yes", "en-atlantis")])
    with pytest.raises(DataError, match="no sound"):
        synthesize([Utterance(" ")])


def test_a_crash_is_an_error_and_not_the_end_of_python():
    with pytest.raises(DataError, match="ended while it spoke"):
        synthesize([Utterance("backward", "en-029", "Demonic", 155, 46, 99)] * 40)
