"""The two keyword Bundles that come with the course: accuracy, size, speed, and peace and quiet.

The bars for people's voices need their recordings, which are not ours to hand on. With a folder of
them in `TINYML_KEYWORDS_OF_PEOPLE` (the form of Speech Commands) they are tested as well; without,
the Bundles' reports are asked what was measured when they were made.
"""

import os
import subprocess

import numpy as np
import pytest

from tests.export.firmware.test_log_mel import HostFrontEnd
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.measure import measure_function, measure_model
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.keywords import load_words, make_clips, speak_words
from tinyml_course.datasets.keywords_folder import load_keywords
from tinyml_course.datasets.keywords_recording import make_recording
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.listener import export_listener_c
from tinyml_course.export.firmware.log_mel import export_log_mel_c
from tinyml_course.features.mel import compute_log_mel, frame_to_row, to_int16
from tinyml_course.features.streaming import detect_keywords, score_detections
from tinyml_course.interpreters.litert import run_litert_raw
from tinyml_course.labs import get_lab
from tinyml_course.labs.keywords import STREAM, make_log_mel
from tinyml_course.training import count_macs

pytestmark = pytest.mark.slow

SECOND = 16_000
MINUTES = 3
NANO_HZ = 64_000_000
PEOPLE = os.environ.get("TINYML_KEYWORDS_OF_PEOPLE")
BALANCED_FLOORS = {"keywords_synthetic": 0.75, "keywords_people": 0.92}


@pytest.fixture(scope="module", params=list(BALANCED_FLOORS))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def bundle(name):
    return Bundle.load_shipped(name)


@pytest.fixture(scope="module")
def unmet_words():
    """Words newly spoken by the voices that neither Bundle was trained on."""
    reports = [Bundle.load_shipped(name).report for name in BALANCED_FLOORS]
    held_out = [set(report.data.held_out) for report in reports]
    assert held_out[0] == held_out[1]
    return speak_words(77, yes=5, no=5, unknown=12, variants=sorted(held_out[0]))


@pytest.fixture(scope="module")
def unmet_clips(unmet_words):
    return make_clips(unmet_words, seed=99, silence=5)


@pytest.fixture(scope="module")
def unmet_recording(unmet_words):
    return make_recording(unmet_words, 600, seed=1)


def listen(bundle, samples):
    spec = bundle.preprocessing.steps[0].spec

    def invoke(pictures):
        return run_litert_raw(bundle.model, np.ascontiguousarray(pictures[..., None]))

    return detect_keywords(samples, STREAM, spec, bundle.window, invoke)


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


@pytest.fixture(scope="module")
def hear(bundle, tmp_path_factory):
    """Runs the C of a sketch that listens: from samples to hops and the keywords heard in them."""
    folder = tmp_path_factory.mktemp("listener")
    files = {path.name: path.read_text() for path in export_listener_c(bundle, folder, "kw")}
    flags = [*STRICT_FLAGS, "-O3"]  # three times as fast as -O2
    program = compile_c({**files, "main.c": LISTEN}, folder, "listen", flags)

    def run(samples):
        done = subprocess.run([program], input=samples.tobytes(), capture_output=True, check=True)
        return [tuple(map(int, line.split())) for line in done.stdout.decode().splitlines()]

    return run


def hear_in_python(bundle, samples):
    detections = listen(bundle, samples).detections
    return [(round(d.time_s * 50) - 1, d.keyword) for d in detections]


def test_it_was_made_as_the_code_makes_it_now(bundle):
    choice = get_lab("keywords").models["ds_cnn"]
    network = choice.build(bundle.golden.inputs.shape[1:], len(bundle.class_names))
    assert measure_model(bundle.model).macs == count_macs(network)
    assert bundle.preprocessing.to_spec() == make_log_mel().to_spec()
    assert bundle.stream == STREAM
    assert bundle.report.verify.bytes_differing == 0
    assert bundle.report.board.bytes_differing == 0


def test_voices_never_met(bundle, unmet_words, unmet_clips):
    assert len(set(unmet_words.voices)) >= 15
    right = bundle.predict_scores(unmet_clips.x).argmax(axis=1) == unmet_clips.y
    print(f"{len(unmet_clips)} clips of voices never met: {right.mean():.3f}")
    assert right.mean() >= 0.90
    assert bundle.report.accuracy["int8"] >= 0.90


def test_people_never_met(bundle, name):
    yours = bundle.report.your_data
    if PEOPLE is None:
        if name == "keywords_people":
            assert yours.after.balanced_accuracy >= BALANCED_FLOORS[name]
            assert yours.before["ds_cnn"].balanced_accuracy >= 0.75
        return
    clips = load_keywords(PEOPLE)
    held_out = np.isin(clips.groups, yours.after.held_out if yours else [])
    if held_out.any():  # the folder that the Bundle learnt from: the others in it are no judges
        clips = clips.subset(np.flatnonzero(held_out))
    right = bundle.predict_scores(clips.x).argmax(axis=1) == clips.y
    recall = np.array([right[clips.y == label].mean() for label in range(clips.n_classes)])
    print(f"{name}, {len(clips)} clips of people: {recall.mean():.3f} of {recall.round(3)}")
    assert recall.mean() >= BALANCED_FLOORS[name]


@pytest.fixture(scope="module")
def quiet_signals():
    return make_quiet_signals()


def make_quiet_signals():
    """Sounds in which nobody speaks, several minutes each, at every level there is."""
    rng = np.random.default_rng(8)
    n = MINUTES * 60 * SECOND
    t = np.arange(n) / SECOND
    noise = rng.normal(0, 1, n)
    levels = (0.5, 1.5, 5, 15, 50, 150, 500, 1500, 5000, 10_000)
    signals = {f"white noise of {level:g}": level * noise for level in levels}
    signals |= {f"a constant {level}": np.full(n, level) for level in (0, 1, -90, 12_345, -32_768)}
    signals |= {f"noise clipped from {level:g}": level * noise for level in (3e4, 1e5, 1e6)}
    signals |= {
        f"a clipped tone of {hz} Hz": 1e6 * np.sin(2 * np.pi * hz * t) for hz in (50, 300, 1000)
    }
    signals["hum"] = 9000 * np.sin(2 * np.pi * 50 * t) + 20 * noise
    return {
        what: np.clip(np.rint(signal), -32768, 32767).astype(np.int16)
        for what, signal in signals.items()
    }


def test_nobody_speaks(bundle, hear, quiet_signals):
    """At most one false keyword a minute is the promise. What a board runs keeps it, the C."""
    heard = {what: hear(samples) for what, samples in quiet_signals.items()}
    counts = {what: len(keywords) for what, keywords in heard.items()}
    print({what: count for what, count in counts.items() if count})
    assert max(counts.values()) <= MINUTES, counts
    for what in ("hum", max(counts, key=counts.get)):
        assert heard[what] == hear_in_python(bundle, quiet_signals[what]), what


def test_a_long_recording(bundle, unmet_recording):
    recording = unmet_recording
    result = listen(bundle, recording.samples)
    score = score_detections(result.detections, recording.words, STREAM.keywords, recording.seconds)
    print(
        f"{score.hits} hits, {score.misses} misses, {score.false_accepts} false accepts among "
        f"{len(recording.words)} words in {recording.seconds:g} s, median latency "
        f"{np.median(score.latencies_s):.2f} s"
    )
    assert score.hits / (score.hits + score.misses) > 0.75
    assert score.false_accepts <= 0.1 * len(recording.words)
    assert np.median(score.latencies_s) < 0.8


def test_the_front_end_in_c_gives_the_same_pictures(bundle, unmet_clips, tmp_path):
    """Every clip on this computer, the golden ones on an emulated Cortex-M4F as well."""
    spec = bundle.preprocessing.steps[0].spec
    sounds = to_int16(unmet_clips.x[..., 0])
    on_host = HostFrontEnd(tmp_path, spec)
    differing = sum(
        (on_host.picture(sound) != rows).sum()
        for sound, rows in zip(sounds, compute_log_mel(sounds, spec), strict=True)
    )
    assert differing == 0
    _, source = export_log_mel_c(spec, tmp_path, "ears", bundle.window)
    program = build_program(
        [source], out_dir=tmp_path, keep=["ears_picture"], include_dirs=[tmp_path]
    )
    cpu = Cpu(program)
    for sound, rows in zip(
        to_int16(bundle.golden.windows[..., 0]), bundle.golden.inputs[..., 0], strict=True
    ):
        picture = np.zeros_like(rows)
        cpu.call("ears_picture", sound, picture)
        np.testing.assert_array_equal(picture, rows)


def test_the_c_hears_what_python_hears(bundle, hear):
    samples = make_recording(load_words(), 120, seed=4).samples
    heard = hear(samples)
    assert heard == hear_in_python(bundle, samples)
    assert len(heard) >= 8


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
    print(f"{NANO_HZ / cycles:.1f} times real time, weights {network.weights_bytes:,} bytes")
    assert cycles <= NANO_HZ / 5
    assert network.weights_bytes <= 25_000
