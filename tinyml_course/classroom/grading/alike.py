"""Submissions that look alike: a place to begin a talk, no proof of anything."""

from __future__ import annotations

import io
import itertools
import tokenize
from collections.abc import Mapping, Sequence

from tinyml_course.classroom.grading.submissions import Lesson, Notebook

Runs = set[tuple[str, ...]]

RUN = 6  # tokens in a row
LEAST_RUNS = 60  # of a learner's own; less is alike by nature
ALIKE = 0.8
_SKIPPED = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


def collect_runs(notebooks: Sequence[tuple[str, Notebook]], lesson: Lesson) -> dict[str, Runs]:
    """The runs of tokens of each learner's own code.

    What the lesson itself holds is left out, and so are comments, layout and empty answers.
    """
    given = set(itertools.chain.from_iterable(_runs(cell) for cell in lesson.cells))
    own = {}
    for name, notebook in notebooks:
        runs: Runs = set()
        for cell in notebook.cells:
            if cell not in lesson.cells:
                runs |= _runs(cell)
        own[name] = runs - given
    return own


def find_alike(own: Mapping[str, Runs]) -> list[tuple[str, str, float]]:
    """Pairs of learners whose own code shares most of its runs, the most alike first.

    Returns:
        Two names and the share, 0.8 to 1, of the shorter one's runs that the other has too.
    """
    pairs = []
    for (one, first), (other, second) in itertools.combinations(own.items(), 2):
        shorter = min(len(first), len(second))
        if shorter >= LEAST_RUNS and len(first & second) / shorter >= ALIKE:
            pairs.append((one, other, round(len(first & second) / shorter, 2)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def count_short(own: Mapping[str, Runs]) -> int:
    """How many have too little code of their own to be compared; 0 where nobody else is there.

    The right answers to a short lesson are much the same, whoever wrote them.
    """
    return sum(len(runs) < LEAST_RUNS for runs in own.values()) if len(own) > 1 else 0


def _runs(cell: str) -> Runs:
    words = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(cell).readline):
            if token.type not in _SKIPPED:
                words.append(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass  # what was read until then counts
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
