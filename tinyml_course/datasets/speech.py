"""Synthetic speech without a network: espeak-ng, which comes as a wheel.

espeak-ng is a formant synthesizer: small, quick (about a millisecond a word) and unlike any person.
A voice is an accent ("en-us") and a variant ("f3"): how the vocal tract and the pitch differ. Rate
and pitch are set for each utterance. Lesson 12 uses what it said, and shows what a network that
heard nothing else does with people.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import tinyml_course
from tinyml_course.datasets.speech_engine import NO_SUCH_VOICE
from tinyml_course.datasets.wav import resample
from tinyml_course.errors import DataError
from tinyml_course.extras import require

ACCENTS = (
    "en-us",
    "en-us-nyc",
    "en",  # British
    "en-gb-scotland",
    "en-gb-x-rp",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
    "en-029",  # Caribbean
)
CRASHING_VARIANTS = {"Annie", "Demonic", "rob"}  # end in a segmentation fault for some requests
TRIM_LEVEL = 0.01  # of the peak: what is fainter at both ends is cut


@dataclass(frozen=True)
class Utterance:
    """One request to the synthesizer.

    Attributes:
        text: a word, or a few.
        accent: one of `ACCENTS`.
        variant: one of `list_variants()`.
        words_per_minute: 80 to 450; 175 is espeak-ng's own.
        pitch: 0 to 99; 50 is the variant's own.
        pitch_range: 0 (monotone) to 99.
    """

    text: str
    accent: str = "en-us"
    variant: str = "f3"
    words_per_minute: int = 175
    pitch: int = 50
    pitch_range: int = 50


def list_variants() -> tuple[str, ...]:
    """The voice variants of the installed espeak-ng, in alphabetical order, without robots.

    Left out are those that crash it and those that imitate machines.

    Raises:
        MissingExtraError: the synthesizer is not installed.
    """
    require("espeakng_loader", "speaking new words")
    import espeakng_loader

    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    names = (path.name for path in folder.iterdir() if path.is_file())
    keep = (n for n in names if n not in CRASHING_VARIANTS and "robo" not in n.lower())
    return tuple(sorted(keep))


def synthesize(utterances: Sequence[Utterance], sample_rate_hz: int = 16_000) -> list[np.ndarray]:
    """Speak: for each utterance int16 mono samples, without the silence before and after.

    The same list gives the same samples: a fresh process speaks it in order, with its random
    numbers seeded. An utterance asked for in another order differs in its last bits.

    Raises:
        MissingExtraError: the synthesizer is not installed.
        DataError: it does not start or died, knows no such voice, or returned nothing.

    >>> [samples] = synthesize([Utterance("yes", "en-us", "f3")])
    >>> samples.dtype.name, 4000 < len(samples) < 12000
    ('int16', True)
    """
    require("espeakng_loader", "speaking new words")
    requests = [
        [u.text, f"{u.accent}+{u.variant}", u.words_per_minute, u.pitch, u.pitch_range]
        for u in utterances
    ]
    reply = _ask_engine(json.dumps(requests))
    spoken, position = [], 4
    engine_rate_hz = struct.unpack_from("<i", reply)[0] if len(reply) >= 4 else 0
    for utterance in utterances:
        if position + 4 > len(reply):
            raise DataError(
                f"espeak-ng ended while it spoke {utterance}: some of its voices crash; choose "
                "another variant"
            )
        count = struct.unpack_from("<i", reply, position)[0]
        position += 4
        if count == NO_SUCH_VOICE:
            raise DataError(
                f"espeak-ng has no voice for {utterance}; accents: {', '.join(ACCENTS)}; "
                "variants: tinyml_course.datasets.speech.list_variants()"
            )
        samples = np.frombuffer(reply, np.int16, count, position)
        position += 2 * count
        spoken.append(resample(_trim(samples, utterance), engine_rate_hz, sample_rate_hz))
    return spoken


def _ask_engine(requests: str) -> bytes:
    package_root = str(Path(tinyml_course.__file__).parent.parent)
    search_path = os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "tinyml_course.datasets.speech_engine"],
        input=requests.encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": search_path},
        check=False,
    )
    if done.returncode > 0:
        reason = done.stderr.decode(errors="replace").strip()
        raise DataError(
            f"the speech synthesizer does not start ({reason}). The lessons use the committed "
            "clips and do not need it; to make speech anew, reinstall it: pip install "
            "--force-reinstall espeakng-loader"
        )
    return done.stdout  # a crash leaves it short, and `synthesize` says at which utterance


def _trim(samples: np.ndarray, utterance: Utterance) -> np.ndarray:
    level = np.abs(samples.astype(np.int32))
    if not level.any():
        raise DataError(
            f"espeak-ng returned no sound for {utterance}, three times: is the text empty?"
        )
    loud = np.flatnonzero(level > TRIM_LEVEL * level.max())
    return samples[loud[0] : loud[-1] + 1]
