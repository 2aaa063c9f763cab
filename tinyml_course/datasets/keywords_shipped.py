"""Makes what lies in `data/keywords`, so that no lesson and no test needs the synthesizer.

    python -m tinyml_course.datasets.keywords_shipped [FOLDER]

`words.npz`: 31 voices, each saying yes twice, no twice and four other words. `yes_no.wav`: twelve
seconds of such words, for a virtual board's microphone. espeak-ng 1.52 on Linux gives the same
bytes every time; a test repeats it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tinyml_course.datasets.keywords import SHIPPED_WORDS, Words, save_words, speak_words
from tinyml_course.datasets.keywords_recording import Recording, make_recording
from tinyml_course.datasets.speech import list_variants
from tinyml_course.datasets.wav import write_wav
from tinyml_course.shipped import IS_CHECKOUT

SHIPPED_SOUND = SHIPPED_WORDS.with_name("yes_no.wav")
WORDS_SEED = 2018
SOUND_SEED = 6


def speak_shipped_words() -> Words:
    """What words.npz holds, spoken anew."""
    return speak_words(WORDS_SEED, yes=2, no=2, unknown=4, variants=list_variants()[::3])


def make_shipped_sound(words: Words) -> Recording:
    """What yes_no.wav holds, and what is said in it when; `words` are the shipped ones."""
    return make_recording(words, 12, SOUND_SEED, every_s=1.2)


def main(folder: Path) -> None:
    """Write the shipped words and the shipped minutes of sound into the data folder anew."""
    folder.mkdir(parents=True, exist_ok=True)
    words = speak_shipped_words()
    save_words(words, folder / SHIPPED_WORDS.name)
    sound = make_shipped_sound(words)
    write_wav(folder / SHIPPED_SOUND.name, sound.samples)
    for path in (folder / SHIPPED_WORDS.name, folder / SHIPPED_SOUND.name):
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 2 and not IS_CHECKOUT:
        sys.exit("give a folder: the files of an installed package are not written to")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED_WORDS.parent)
