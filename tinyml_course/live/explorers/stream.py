"""An explorer of a detector's rules: threshold and smoothing on a stream of sound. Lesson 12."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.keywords_shipped import SHIPPED_SOUND
from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import DataError
from tinyml_course.features.mel import LogMel
from tinyml_course.features.streaming import detect_keywords
from tinyml_course.interpreters.litert import run_litert_raw
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.sound_plots import plot_scores

LISTED = 7  # reports; a threshold of 1 makes dozens


def explore_stream(
    sound: Path | np.ndarray | None = None, bundle: Bundle | str = "keywords_people"
) -> Explorer:
    """Threshold, smoothing and hold-off: words missed, and words that nobody said. Lesson 12.

    Args:
        sound: int16 samples, or a WAV file; the course's twelve seconds if None.
        bundle: of a keyword lab, or the name of one that ships.

    Raises:
        DataError: a Bundle without the rules of a stream.
    """
    chosen = Bundle.load_shipped(bundle) if isinstance(bundle, str) else bundle
    spec = chosen.stream
    steps = chosen.preprocessing.steps
    if spec is None or not isinstance(steps[0], LogMel):
        raise DataError(f"the Bundle {chosen.name} does not listen: take one of a keyword lab")
    samples = sound if isinstance(sound, np.ndarray) else read_wav(sound or SHIPPED_SOUND)[0]
    front_end = steps[0].spec
    asked: dict[bytes, np.ndarray] = {}  # the network answers once; the rules are what changes

    def invoke(pictures: np.ndarray) -> np.ndarray:
        key = pictures.tobytes()
        if key not in asked:
            batch = np.ascontiguousarray(pictures[..., np.newaxis])
            asked[key] = run_litert_raw(chosen.model, batch)
        return asked[key]

    names = [chosen.class_names[keyword] for keyword in spec.keywords]

    def show(threshold: int, smoothing: int, hold_off: int) -> Shown:
        rules = replace(spec, threshold=threshold, smoothing=smoothing, hold_off=hold_off)
        trail = detect_keywords(samples, rules, front_end, chosen.window, invoke)
        said = [f"{chosen.class_names[d.keyword]} at {d.time_s:.2f} s" for d in trail.detections]
        listed = ", ".join(said[:LISTED]) or "Nothing was reported."
        if len(said) > LISTED:
            listed += f" and {len(said) - LISTED} more"
        words = (
            f"Threshold {threshold} of 255, mean of {smoothing} answers, then {hold_off * 20} ms "
            f"of silence: {len(said)} reports.\n{listed}"
        )
        scores = {
            name: trail.averages[:, keyword]
            for name, keyword in zip(names, spec.keywords, strict=True)
        }
        figure = plot_scores(trail.answered_s, scores, threshold, detections=trail.detections)
        return Shown(figure, words)

    return Explorer(
        "Threshold and smoothing of a detector",
        {
            "threshold": int_slider("threshold", spec.threshold, 1, 255),
            "smoothing": int_slider("answers averaged", spec.smoothing, 1, 8),
            "hold_off": int_slider("hold-off", spec.hold_off, 0, 150, "hops of 20 ms", 2),
        },
        show,
        letters=(78, 130),
    )
