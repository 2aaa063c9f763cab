"""People's keywords: a folder in the form of Google's Speech Commands, or your own in that form.

    folder/yes/0a7c2a8d_nohash_0.wav      the part before _nohash_ is the speaker
    folder/no/ann_3.wav                   your own: the part before the first _ is the speaker
    folder/marvin/...                     any other word: class "unknown"
    folder/unknown/bed_0ea0e2f4_nohash_1.wav
    folder/silence/...                    clips without a word
    folder/_background_noise_/*.wav       long noises, cut into seconds: class "silence"

Source of the form: Warden, "Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition"
(2018). Lesson 12 shows how to record a folder of your own.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.folders import list_entries, list_files, list_folders
from tinyml_course.datasets.keywords import CLASS_NAMES, CLIP_SAMPLES, SAMPLE_RATE_HZ, to_dataset
from tinyml_course.datasets.wav import CONVERT, read_wav
from tinyml_course.errors import DataError

SILENCE_FOLDERS = {"silence", "_silence_"}
NOISE_FOLDER = "_background_noise_"


def load_keywords(path: Path | str, clips_a_class: int = 2_500) -> Dataset:
    """The clips of a folder as one-second windows of yes, no, unknown and silence.

    Other rates are resampled. A shorter clip stands in the middle of its second; of a longer one,
    the second with the most energy is taken. A group is a speaker, a silent clip or a noise file.

    Args:
        path: holds a folder `yes` and a folder `no` at least.
        clips_a_class: if there are more, so many are drawn by a checksum of their names, which
            does not depend on the machine. The whole public set would take 7 GB of memory.

    Raises:
        DataError: no such folder, no keywords in it, or a file that is no 16-bit WAV.
    """
    path = Path(path)
    if not path.is_dir():
        raise DataError(
            f"{path} is no folder; keywords are read from a folder that holds yes/*.wav, no/*.wav "
            "and, if you have them, silence/*.wav and folders of other words"
        )
    files: dict[str, list[Path]] = {name: [] for name in CLASS_NAMES}
    noises = []
    for folder in list_folders(path):
        found = list_files(folder, ".wav")
        if folder.name == NOISE_FOLDER:
            noises = found
        elif folder.name in SILENCE_FOLDERS:
            files["silence"] += found
        else:
            files[folder.name if folder.name in ("yes", "no") else "unknown"] += found
    for word in ("yes", "no"):
        if not files[word] and (path / word).is_dir() and (others := list_entries(path / word)):
            raise DataError(f"{others[0]} is no .wav file: {CONVERT}")
        if not files[word]:
            raise DataError(
                f"{path} holds no {word}/*.wav; the folders must be named after the words, as in "
                "Speech Commands: yes, no, silence, and any others"
            )
    clips, labels, groups = [], [], []
    for label, name in enumerate(CLASS_NAMES):
        for file in _choose(files[name], clips_a_class):
            samples, _ = read_wav(file, SAMPLE_RATE_HZ)
            clips.append(cut_second(samples))
            labels.append(label)
            groups.append(f"silence {file.stem}" if name == "silence" else find_speaker(file.stem))
    for file in noises:
        samples, _ = read_wav(file, SAMPLE_RATE_HZ)
        seconds = samples[: len(samples) // CLIP_SAMPLES * CLIP_SAMPLES].reshape(-1, CLIP_SAMPLES)
        clips += list(seconds)
        labels += [CLASS_NAMES.index("silence")] * len(seconds)
        groups += [f"noise {file.stem}"] * len(seconds)
    source = _describe_source(path, files)
    return to_dataset(np.stack(clips), labels, groups, source, "speakers and noises")


def find_speaker(stem: str) -> str:
    """The speaker in a file's name, without its ending.

    >>> find_speaker("0a7c2a8d_nohash_0"), find_speaker("bed_0ea0e2f4_nohash_1")
    ('0a7c2a8d', '0ea0e2f4')
    >>> find_speaker("ann_3"), find_speaker("take5")
    ('ann', 'take5')
    """
    if "_nohash_" in stem:
        return stem.split("_nohash_")[0].split("_")[-1]
    return stem.split("_")[0]


def cut_second(samples: np.ndarray) -> np.ndarray:
    """One second of a clip: padded evenly with zeros, or its second with the most energy.

    >>> cut_second(np.ones(15_998, np.int16))[[0, 1, -2, -1]].tolist()
    [0, 1, 1, 0]
    """
    missing = CLIP_SAMPLES - len(samples)
    if missing >= 0:
        return np.pad(samples, (missing // 2, missing - missing // 2))
    energy = np.cumsum(np.r_[0.0, samples.astype(np.float64) ** 2])
    start = int(np.argmax(energy[CLIP_SAMPLES:] - energy[:-CLIP_SAMPLES]))
    return samples[start : start + CLIP_SAMPLES]


def _describe_source(path: Path, files: dict[str, list[Path]]) -> str:
    """Names of the form HASH_nohash_N are those of the public set, which asks to be named."""
    words = [file.stem for name, some in files.items() if name != "silence" for file in some]
    speakers = len({find_speaker(stem) for stem in words})
    public = sum("_nohash_" in stem for stem in words) > len(words) / 2
    origin = "Speech Commands (Warden 2018, CC BY 4.0)" if public else "recordings"
    return f"{origin}, {speakers} speakers in the folder {path.name}"


def _choose(files: list[Path], most: int) -> list[Path]:
    """At most so many files, drawn by a checksum of folder and name; in alphabetical order."""

    def rank(file: Path) -> str:
        return hashlib.sha256(f"{file.parent.name}/{file.name}".encode()).hexdigest()

    return sorted(sorted(files, key=rank)[:most])
