"""The keywords lab: yes, no, another word or silence, from a second of sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords import CLASS_NAMES, make_keywords
from tinyml_course.features.mel import FEATURE_SCALE, LogMel
from tinyml_course.features.mel_augment import MelAugmenter
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.labs.lab import FineTuning, Lab, ModelChoice

SILENCE = CLASS_NAMES.index("silence")
# How the sketch listens; lesson 12 measures what gate, smoothing and hold-off do. What other rules
# hear and make up, on people's speech: `python -m tests.listening FOLDER --rules 2:160 2:184:16`.
STREAM = StreamSpec(
    keywords=(CLASS_NAMES.index("yes"), CLASS_NAMES.index("no")),
    silence=SILENCE,
    n_classes=len(CLASS_NAMES),
    stride=12,
    smoothing=3,
    threshold=200,
    hold_off=48,
)

# When people are among the clips, so are seconds cut from streams of them (FineTuning.enlarge).
# Their names depend on where in the second a word is: nothing is moved by more than two frames.
WITH_PEOPLE: dict[str, Any] = {"shift": 2.0}
# The milder variations of their last epochs, from cross-validation on people. Who changes these two
# makes data/bundles/keywords_people anew.
CALM: dict[str, Any] = {
    "stretch": 0.1,
    "throat": 0.06,
    "level": 10.0,
    "equalizer": 6.0,
    "noise_share": 0.3,
    "hidden_frames": 0,
    "hidden_bands": 0,
}


def make_log_mel() -> Preprocessing:
    """Clips `(n, 16000, 1)` at full scale 1 to log-mel pictures `(n, 49, 20, 1)`."""
    return Preprocessing((LogMel(),))


def fit_keywords(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    *validation: np.ndarray,
    importance: np.ndarray | None = None,
    **options: Any,
) -> Any:
    """`training.fit_augmented` with log-mel variations; the noises come from the silent clips.

    With people's recordings among the clips (`importance` is given) little is moved, and the last
    epochs are calm. Synthetic speech alone is varied strongly to the end: people sound less alike
    than it does.
    """
    from tinyml_course.training.augmented import fit_augmented

    noises = x_train[y_train == SILENCE][..., 0] / np.float32(FEATURE_SCALE)
    augmenter = MelAugmenter(noises, SILENCE)
    if importance is not None:
        augmenter = replace(augmenter, **WITH_PEOPLE)
    return fit_augmented(
        model,
        x_train,
        y_train,
        *validation,
        augment=augmenter.apply,
        calm=replace(augmenter, **CALM).apply if importance is not None else None,
        importance=importance,
        **options,
    )


def _build(input_shape: tuple[int, ...], n_classes: int) -> Any:
    from tinyml_course.training.ds_cnn import build_ds_cnn

    frames, bands, channels = input_shape
    return build_ds_cnn((frames, bands, channels), n_classes)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.keywords_folder import load_keywords

    return load_keywords(path)


def _cut_windows(clips: Dataset, seed: int) -> Dataset:
    from tinyml_course.datasets.keywords_windows import cut_windows

    return cut_windows(clips, seed)


KEYWORDS = Lab(
    name="keywords",
    title="Yes, no, another word or silence, from a second of sound",
    lesson="12_keyword_spotting",
    make_dataset=make_keywords,
    load_dataset=_load,
    models={
        "ds_cnn": ModelChoice(
            make_preprocessing=make_log_mel,
            build=_build,
            epochs=120,
            batch_size=128,
            learning_rate=4e-3,
            accuracy_floor=0.90,
            fit=fit_keywords,
        ),
    },
    default_model="ds_cnn",
    split=(0.76, 0.04, 0.2),  # nothing is chosen by validation
    fine_tuning=FineTuning(
        split=(0.8, 0.04, 0.16),
        epochs_share=0.55,
        learning_rate_share=0.5,
        weight=1.2,
        enlarge=_cut_windows,
    ),
    sketch="keywords",
    traces=("keywords/yes_no.wav",),
    stream=STREAM,
)
