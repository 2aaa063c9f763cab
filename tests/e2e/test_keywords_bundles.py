"""The two keyword Bundles that come with the course: accuracy, size, speed, and peace and quiet."""

import subprocess

import numpy as np
import pytest

from tinyml_course.board.measure import measure_function, measure_model
from tinyml_course.compress.litert import run_litert_raw
from tinyml_course.datasets.keywords import Words, load_words, make_clips
from tinyml_course.datasets.keywords_recording import make_recording
from tinyml_course.export.bundle import Bundle
from tinyml_course.export.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.listener_source import export_listener
from tinyml_course.export.mel_c import export_log_mel_c
from tinyml_course.features.mel import frame_to_row
from tinyml_course.features.streaming import detect_keywords, score_detections
from tinyml_course.labs.keywords import STREAM

pytestmark = pytest.mark.slow

SECOND = 16_000
NANO_HZ = 64_000_000


@pytest.fixture(scope="module", params=["keywords_synthetic", "keywords_people"])
def bundle(request):
    return Bundle.load_shipped(request.param)


def unmet_words(bundle):
    words, held_out = load_words(), set(bundle.report["data"]["held_out"])
    keep = [i for i, voice in enumerate(words.voices) if voice in held_out]
    parts = ([part[i] for i in keep] for part in (words.samples, words.texts, words.voices))
    return Words(*map(tuple, parts), words.source)


def listen(bundle, samples):
    spec = bundle.preprocessing.steps[0].spec

    def invoke(pictures):
        return run_litert_raw(bundle.model, np.ascontiguousarray(pictures[..., None]))

    return detect_keywords(samples, STREAM, spec, bundle.window, invoke)


def test_voices_never_met(bundle):
    words = unmet_words(bundle)
    assert len(set(words.voices)) >= 4
    clips = make_clips(words, seed=99, copies=3, silence=6)
    right = bundle.predict_scores(clips.x).argmax(axis=1) == clips.y
    assert right.mean() >= 0.90


@pytest.mark.parametrize(
    "name", ["near-silence", "white", "loud white", "constant", "clipped", "square", "hum"]
)
def test_nobody_speaks(bundle, name):
    rng = np.random.default_rng(8)
    n = 60 * SECOND
    t = np.arange(n)
    signals = {
        "near-silence": rng.normal(0, 1.5, n),
        "white": rng.normal(0, 500, n),
        "loud white": rng.normal(0, 8000, n),
        "constant": np.full(n, 12_345.0),
        "clipped": np.clip(rng.normal(0, 3e5, n), -32768, 32767),
        "square": np.where(t // 40 % 2, 32767, -32768),
        "hum": 9000 * np.sin(2 * np.pi * 50 * t / SECOND) + rng.normal(0, 20, n),
    }
    samples = np.rint(signals[name]).astype(np.int16)
    assert len(listen(bundle, samples).detections) <= 1


def test_a_long_recording(bundle):
    recording = make_recording(unmet_words(bundle), 240, seed=1)
    result = listen(bundle, recording.samples)
    score = score_detections(
        result.detections, recording.words, STREAM.keywords, recording.seconds
    )
    assert score.hits / (score.hits + score.misses) > 0.6
    assert score.false_accepts <= 0.15 * len(recording.words)
    assert np.median(score.latencies_s) < 0.8


LISTEN = """
#include "kw.h"
#include "kw_ears.h"
#include "kw_stream.h"
#include <stdio.h>
int main(void) {
    static int16_t samples[KW_EARS_HOP];
    for (int32_t hop = 0; fread(samples, sizeof samples, 1, stdin) == 1; hop++) {
        const int8_t *rows = kw_ears_push(samples);
        if (kw_stream_is_due(rows)) {
            int8_t scores[4];
            kw_invoke(rows, scores);
            const int32_t keyword = kw_stream_decide(scores);
            if (keyword != KW_STREAM_NO_KEYWORD) printf("%d %d\\n", (int)hop, (int)keyword);
        }
    }
    return 0;
}
"""


def test_the_c_hears_what_python_hears(bundle, tmp_path):
    recording = make_recording(load_words(), 60, seed=4)
    files = {path.name: path.read_text() for path in export_listener(bundle, tmp_path, "kw")}
    program = compile_c({**files, "main.c": LISTEN}, tmp_path, "listen", STRICT_FLAGS)
    done = subprocess.run(
        [program], input=recording.samples.tobytes(), capture_output=True, check=True
    )
    heard = [tuple(map(int, line.split())) for line in done.stdout.decode().splitlines()]
    python = listen(bundle, recording.samples).detections
    assert heard == [(round(d.time_s * 50) - 1, d.keyword) for d in python]
    assert len(heard) >= 3


def test_a_nano_keeps_up_five_times_over(bundle, tmp_path):
    spec = bundle.preprocessing.steps[0].spec
    _, source = export_log_mel_c(spec, tmp_path, "ears", bundle.window)
    samples = np.random.default_rng(0).integers(-9000, 9000, spec.window).astype(np.int16)
    row = np.zeros(spec.n_mels, np.int8)
    front_end = measure_function([source], "ears_row", samples, row, include_dirs=[tmp_path])
    np.testing.assert_array_equal(row, frame_to_row(samples[None], spec)[0])
    network = measure_model(bundle.model)
    hops = SECOND / spec.hop
    cycles = hops * front_end.estimated_cycles + hops / STREAM.stride * network.estimated_cycles
    assert cycles <= NANO_HZ / 5
    assert network.weights_bytes <= 25_000
