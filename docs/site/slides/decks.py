"""Which lessons make a deck, and a deck as one page: style, keys and pictures are inside."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from docs.site.slides.lesson import SOLUTIONS, Lesson, Slide

HERE = Path(__file__).parent
GROUPS = {
    "start": ("Starting", ("00", "00b")),
    "data": ("Signals and features", ("01", "02")),
    "training": ("Training", ("03",)),
    "small": ("Making it small", ("04", "05", "06")),
    "c": ("From a file to C", ("07", "08")),
    "board": ("On the board", ("09", "10", "11")),
    "sound_and_pictures": ("Sound and pictures", ("12", "13")),
}
FURTHER = ("further", "Further lessons")


@dataclass(frozen=True)
class Deck:
    """A group of lessons.

    Attributes:
        name: of its file, without `.html`.
        title: as it is announced.
        lessons: names such as "04_quantization".
    """

    name: str
    title: str
    lessons: tuple[str, ...]


def list_decks() -> list[Deck]:
    """Every lesson in one deck; those that no group names come in the last one."""
    names = {path.stem.split("_")[0]: path.stem for path in sorted(SOLUTIONS.glob("[0-9]*.ipynb"))}
    decks = [
        Deck(name, title, tuple(names.pop(number) for number in numbers))
        for name, (title, numbers) in GROUPS.items()
    ]
    return [*decks, Deck(*FURTHER, tuple(names.values()))] if names else decks


def render_deck(deck: Deck) -> str:
    """The page of a deck."""
    lessons = [Lesson(name) for name in deck.lessons]
    contents = "".join(f"<li>{escape(lesson.title)}</li>" for lesson in lessons)
    keys = (
        '<p class="keys">Keys: <kbd>→</kbd> and <kbd>←</kbd> turn, <kbd>T</kbd> light or dark, '
        "<kbd>P</kbd> prints.</p>"
    )
    slides = [Slide(deck.title, f"<ul>{contents}</ul>{keys}", "front")]
    for lesson in lessons:
        slides += lesson.slides()
    sections = "\n".join(_section(slide, n, len(slides)) for n, slide in enumerate(slides, 1))
    style = (HERE / "deck.css").read_text(encoding="utf-8")
    script = (HERE / "deck.js").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(deck.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<main id="stage">\n{sections}\n</main>\n<script>\n{script}</script>\n</body>\n</html>\n'
    )


def _section(slide: Slide, number: int, slides: int) -> str:
    above = f'<p class="lesson">{escape(slide.lesson)}</p>' if slide.lesson else ""
    level = "h1" if slide.kind in ("front", "title") else "h2"
    return (
        f'<section class="{slide.kind}" id="{number}">{above}<{level}>{escape(slide.title)}'
        f'</{level}><div class="body">{slide.body}</div><footer>{number} / {slides}</footer>'
        "</section>"
    )


def write_decks(folder: Path) -> list[Deck]:
    """Every deck as a file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    decks = list_decks()
    for deck in decks:
        (folder / f"{deck.name}.html").write_text(render_deck(deck), encoding="utf-8")
    return decks
