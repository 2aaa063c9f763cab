"""Each case of `link_cases` against the recorder: nothing whole is lost, nothing false let in."""

import re
import time

import pytest

from tests.attack.link_cases import CASES, N
from tests.fake_board import FakeBoard, numbers_in
from tinyml_course.datasets.recordings import read_recordings
from tinyml_course.errors import LinkError
from tinyml_course.observe.recorder import record_csv

pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX only")
LONGEST_CASE_S = 30


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.id, marks=() if case.is_quick else pytest.mark.whole_attack)
        for case in CASES
    ],
)
def test_a_link(case, tmp_path, attack):
    out = tmp_path / "out.csv"
    begun = time.monotonic()
    recording, error = None, ""
    with FakeBoard(tmp_path) as board:
        board.play([board.wait_until_listened, *case.steps(board)], wait_s=0)
        options = {"seconds": N / 50, **case.options}
        try:
            recording = record_csv(board.url, "walk", out=out, subject="ann", **options)
        except LinkError as caught:
            error = str(caught)
    assert time.monotonic() - begun < LONGEST_CASE_S
    found = numbers_in(out)
    expected = case.kept if case.kept is not None else found
    lost = len([number for number in expected if number not in set(found)])
    attack("links: " + case.family, len(expected), lost)

    assert found == list(expected)
    if recording is None:
        assert re.search(case.outcome, error), error
        assert error.isprintable()
        assert f"{len(found)} complete samples are kept" in error
    else:
        assert recording.state == case.outcome
        assert recording.samples == len(found)
        counts = {name: getattr(recording, name) for name in case.counts}
        assert counts == case.counts
    text = out.read_bytes()
    assert text.endswith(b"\n")
    assert b"\r" not in text
    if found:
        read_recordings(out, gaps="cut")  # whatever it is, it can be read


def test_there_are_enough_cases():
    assert len(CASES) >= 80
    assert len({case.id for case in CASES}) == len(CASES)
