"""The keywords lab from speech to Bundle on few voices, with "people" learnt from a folder."""

from dataclasses import replace

import numpy as np
import pytest

from tests.e2e.formats import two_formats
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.keywords import CLASS_NAMES, load_words, make_clips
from tinyml_course.datasets.wav import write_wav
from tinyml_course.features.mel import compute_log_mel, to_int16
from tinyml_course.labs import get_lab
from tinyml_course.pipeline.run import run_lab
from tinyml_course.training.ds_cnn import build_ds_cnn

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve voices as if they were people, in the form of Speech Commands."""
    folder = tmp_path_factory.mktemp("people")
    clips = make_clips(load_words(), seed=5, silence=2)
    voices = sorted(set(clips.groups))[:12]
    for number, (x, label, voice) in enumerate(zip(clips.x, clips.y, clips.groups, strict=True)):
        if voice in voices:
            name = f"{voices.index(voice):08x}_nohash_{number}.wav"
            write_wav(folder / CLASS_NAMES[label] / name, to_int16(x[:, 0]))
    return folder


def build_small(input_shape, n_classes):
    return build_ds_cnn(input_shape, n_classes, stem_channels=16, blocks=((48, 2),))


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    """The whole chain, with few epochs of a small network: what takes minutes is not the chain."""
    lab = get_lab("keywords")
    quick = replace(lab.models["ds_cnn"], epochs=10, build=build_small)
    lab = replace(
        lab,
        models={"ds_cnn": quick},
        make_dataset=lambda seed: make_clips(load_words(), seed, silence=2),
        sketch=None,  # tests/board/test_keywords_sketch.py
    )
    out = tmp_path_factory.mktemp("run") / "keywords"
    with two_formats():
        return run_lab(lab, out, data_path=folder, bare=True, log=lambda line: None), out


def test_the_report_and_its_card(run):
    report, out = run
    after = report.your_data.after
    assert after.balanced_accuracy > 0.3  # a few epochs: it runs, and it learns something
    assert report.accuracy["int8"] > 0.4
    assert report.verify.bytes_differing == 0
    card = (out / "MODEL_CARD.md").read_text()
    assert "Speech Commands (Warden 2018, CC BY 4.0), 12 speakers" in card
    assert f"{after.balanced_accuracy:.3f}" in card
    assert all(name in card for name in after.held_out)


def test_the_network_takes_the_features_as_they_are(run):
    _, out = run
    bundle = Bundle.load(out)
    assert bundle.preprocessing.to_spec()[0]["kind"] == "log_mel"
    golden = bundle.golden
    features = compute_log_mel(to_int16(golden.windows[..., 0]), bundle.preprocessing.steps[0].spec)
    np.testing.assert_array_equal(golden.inputs[..., 0], features)
    assert (out / "golden.npz").stat().st_size < 600_000
