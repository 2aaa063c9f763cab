"""Makes `data/keywords/words.npz`, so that no lesson needs the synthesizer.

    python -m tinyml_course.datasets.keywords_shipped [FILE]

31 voices, each saying yes twice, no twice and four other words. espeak-ng 1.52 on Linux gives the
same bytes every time; a test repeats it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tinyml_course.datasets.keywords import SHIPPED_WORDS, Words, save_words, speak_words
from tinyml_course.datasets.speech import list_variants

SEED = 2018


def speak_shipped_words() -> Words:
    """What the file holds, spoken anew."""
    return speak_words(SEED, yes=2, no=2, unknown=4, variants=list_variants()[::3])


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED_WORDS
    target.parent.mkdir(parents=True, exist_ok=True)
    words = speak_shipped_words()
    save_words(words, target)
    print(f"{target}: {len(words)} words, {target.stat().st_size:,} bytes")
