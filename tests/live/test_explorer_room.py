"""The words below an explorer's picture never need more room than was kept for them."""

import pytest

from tests.live.moves import all_moves
from tinyml_course.live import explorers
from tinyml_course.observe.figure import LessonFigure


@pytest.fixture
def without_pictures(monkeypatch):
    """Only the words are looked at, and drawing is most of the time."""
    monkeypatch.setattr(LessonFigure, "_repr_png_", lambda _: b"")
    monkeypatch.setattr(LessonFigure, "draw_without_rendering", lambda _: None)


@pytest.mark.parametrize("name", explorers.__all__)
def test_the_words_stay_in_the_room_that_is_kept(name, without_pictures):
    explorer = getattr(explorers, name)()
    sizes = set()
    for values in all_moves(explorer):
        shown = explorer._show(**values)
        lines = shown.words.splitlines()
        letters = [len(line) for line in lines]
        assert len(lines) <= len(explorer.letters), (values, shown.words)
        for line, room in zip(letters, explorer.letters, strict=False):
            assert line <= room, (values, letters, explorer.letters)
        sizes.add(tuple(shown.figure.get_size_inches()))
    assert len(sizes) == 1, "the picture has one size, whatever it shows"


def test_room_is_kept_for_words_that_are_not_shown():
    explorer = explorers.explore_windows()
    assert 'class="tc-room" aria-hidden="true"' in explorer._text.value
    room = explorer._text.value.split('aria-hidden="true">')[1].split("</div>")[0]
    kept = [len(line) for line in room.split("<br>")]
    assert all(k >= n for k, n in zip(kept, explorer.letters, strict=True))
