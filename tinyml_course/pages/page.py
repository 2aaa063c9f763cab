"""One page of HTML from titles, tables, bars and pictures: one file, no script, no network.

Every text is escaped, pictures stand inside as data, and the page forbids itself to load anything.
Colours follow the reader's system, light or dark; on paper they are light.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import tinyml_course
from tinyml_course.errors import OutputError
from tinyml_course.files import write_text
from tinyml_course.table import Table

STYLE = Path(__file__).with_name("page.css")
GENERATOR = "tinyml_course"
_MARK = f'<meta name="generator" content="{GENERATOR} '
_HEAD_CHARACTERS = 2_000  # where the mark stands
_SENTENCE = 40  # characters of a cell
_LONG = 14  # lines of text that are shown at once


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, and pieces of HTML made by the functions below."""

    title: str
    pieces: Sequence[str]


def render_page(title: str, lead: Sequence[str], sections: Sequence[Section]) -> str:
    """The page as text.

    Args:
        title: its heading, and what the browser's tab shows.
        lead: pieces of HTML above the first section.
        sections: those without pieces are left out.

    >>> page = render_page("a < b", [paragraph("1 & 2")], [Section("none", [])])
    >>> "<h1>a &lt; b</h1>" in page, "1 &amp; 2" in page, "none</h2>" in page, "<script" in page
    (True, True, False, False)
    """
    parts = [f"<h1>{escape(title)}</h1>", *lead]
    for section in sections:
        if section.pieces:
            parts.append(f"<section><h2>{escape(section.title)}</h2>")
            parts += [*section.pieces, "</section>"]
    version = tinyml_course.__version__
    parts.append(f"<footer>Made by tinyml_course {version}. One file: it can be sent on.</footer>")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'{_MARK}{version}">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{STYLE.read_text(encoding='utf-8')}</style></head><body>",
            *parts,
            "</body></html>\n",
        ]
    )


def refuse_page(path: Path) -> None:
    """Refuse, before anything is computed, to write a page over what is no page of the course.

    Raises:
        OutputError: a folder, or a file that something else wrote.
    """
    if path.is_dir():
        example = path / "report.html"
        raise OutputError(
            f"cannot write the page to {path}: it is a folder. Name a file: {example}"
        )
    if path.is_file():
        with open(path, encoding="utf-8", errors="replace") as file:
            if _MARK not in file.read(_HEAD_CHARACTERS):
                raise OutputError(
                    f"{path} was not written by tinyml, and is not overwritten: choose another file"
                )


def write_page(path: Path, page: str) -> Path:
    """Write what `render_page` made, whole or not at all.

    Raises:
        OutputError: as `refuse_page`, and where nothing can be written.
    """
    refuse_page(path)
    return write_text(path, page)


def paragraph(text: str, soft: bool = False) -> str:
    """A paragraph; `soft` for what matters less."""
    return f"<p{' class=soft' if soft else ''}>{escape(text)}</p>"


def verdict(passed: bool, text: str, words: tuple[str, str] = ("equal", "NOT equal")) -> str:
    """A line that says whether something holds: in one of the two `words`, not in colour alone."""
    word, style = (words[0], "good") if passed else (words[1], "bad")
    return f'<p class="verdict {style}"><b>{escape(word)}</b>: {escape(text)}</p>'


def tiles(figures: Mapping[str, str]) -> str:
    """The few figures that one reads first: from what it is to the figure with its unit."""
    shown = (
        f'<div class="tile"><b>{escape(value)}</b>{escape(name)}</div>'
        for name, value in figures.items()
    )
    return f'<div class="tiles">{"".join(shown)}</div>'


def text_lines(lines: Sequence[str], whole: bool = False) -> str:
    r"""Lines as a program printed them; unless `whole`, of many the first and the last few.

    >>> text_lines([str(number) for number in range(30)]).count("\n")
    13
    """
    if len(lines) > _LONG and not whole:
        half = _LONG // 2
        between = f"... {len(lines) - _LONG + 1:,} lines ..."
        lines = [*lines[:half], between, *lines[half + 1 - _LONG :]]
    return f"<pre>{escape(chr(10).join(lines))}</pre>"


def picture(png: bytes, words: str) -> str:
    """A PNG file's bytes as a figure; `words` stand below it, and are read aloud."""
    data = base64.b64encode(png).decode("ascii")
    alt = escape(words, quote=True)
    return (
        f'<figure><img alt="{alt}" src="data:image/png;base64,{data}">'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )


def table(one: Table, sides: str = "") -> str:
    """A `Table`; it scrolls by itself where the page is narrower than it."""
    sides = sides or one.align or "l" + "r" * (len(one.rows[0]) - 1 if one.rows else 0)

    def row(cells: Sequence[str], kind: str) -> str:
        shown = (
            f"<{kind}{_kind_of(cell, side)}>{escape(cell)}</{kind}>"
            for cell, side in zip(cells, sides, strict=True)
        )
        return f"<tr>{''.join(shown)}</tr>"

    caption = f"<caption>{escape(one.caption)}</caption>" if one.caption else ""
    head = f"<thead>{row(one.header, 'th')}</thead>" if one.header else ""
    body = "".join(row(cells, "td") for cells in one.rows)
    return f'<div class="wide"><table>{caption}{head}<tbody>{body}</tbody></table></div>'


def _kind_of(cell: str, side: str) -> str:
    """A cell's class: a number stands right, and a sentence gets room."""
    return " class=r" if side == "r" else " class=long" if len(cell) > _SENTENCE else ""


def bars(
    values: Mapping[str, float],
    texts: Mapping[str, str],
    full: float | None = None,
    over: Sequence[str] = (),
) -> str:
    """Named values as bars from zero, each with its figure.

    Args:
        values: from name to a value of at least 0.
        texts: from name to what stands beside the bar, with the unit.
        full: the value of a bar of full width; the largest one if None.
        over: names whose bar has the colour of what is wrong.
    """
    full = full or max(values.values(), default=0.0) or 1.0
    rows = []
    for name, value in values.items():
        width = min(max(value / full, 0.0), 1.0)
        style = ' class="out"' if name in over else ""
        rows.append(
            f"<div><span>{escape(name)}</span>"
            f'<svg aria-hidden="true"><rect class="ground" width="100%" height="100%" rx="2"/>'
            f'<rect{style} width="{width:.2%}" height="100%" rx="2"/></svg>'
            f"<span>{escape(texts[name])}</span></div>"
        )
    return f'<div class="bars">{"".join(rows)}</div>'


def pair(*pieces: str) -> str:
    """Pieces side by side where there is room."""
    return f'<div class="pair">{"".join(f"<div>{piece}</div>" for piece in pieces)}</div>'
