"""A lesson as slides: what its solution says and shows, in the order of its text for slides.

Each lesson gives by itself a title, its objectives, the prediction, "explain it", the takeaways and
its quiz. What comes between stands in docs/teaching/slides/NN_topic.md: a heading of the second
level begins a slide, and three words fetch what the lesson measured, so that no figure on a slide
was typed by hand:

    figure: plot_weights(      the picture below the cell that has this line
    printed: print(f"M =       what that cell printed
    code: def quantize         that cell, solved

A lesson without such a text shows its drawings and figures below their headings.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt

from docs.site.figures import is_line_drawing
from tinyml_course.classroom.question import Question
from tinyml_course.classroom.quiz import quiz

ROOT = Path(__file__).parents[3]
SOLUTIONS = ROOT / "notebooks" / "solutions"
TEXTS = ROOT / "docs" / "teaching" / "slides"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
FETCH = re.compile(r"^(figure|printed|code): (.+)$", re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
FEW_COLUMNS = 62


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        title: its heading, as text.
        body: HTML.
        kind: a class for the style sheet.
        lesson: whose slide it is, for the line above the heading.
    """

    title: str
    body: str
    kind: str = "plain"
    lesson: str = ""


class Lesson:
    """A stored solution, to be asked for its parts.

    Raises:
        FileNotFoundError: there is no such solution.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = name.split("_")[0]
        self.cells = nbformat.read(SOLUTIONS / f"{name}.ipynb", as_version=4).cells
        self.text = "\n\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")
        self.title = re.match(r"# (.+)", self.text)[1]

    def section(self, heading: str) -> str:
        """What stands below a heading of the second level, without what is folded away."""
        found = re.search(rf"^## {heading}\b[^\n]*\n(.*?)(?=^## |\Z)", self.text, re.M | re.S)
        if found is None:
            raise ValueError(f"lesson {self.name} has no section {heading!r}")
        return found[1].split("<details>")[0].strip()

    def cell(self, line: str) -> Any:
        """The one code cell that has `line`.

        Raises:
            ValueError: none has it, or more than one: a text for slides must be followed up.
        """
        found = [c for c in self.cells if c.cell_type == "code" and line in c.source]
        if len(found) != 1:
            raise ValueError(f"lesson {self.name}: {len(found)} cells have {line!r}, 1 is needed")
        return found[0]

    def slides(self) -> list[Slide]:
        """All slides of the lesson."""
        chain = PICTURE.search(self.text)
        title = Slide(self.title, self.picture(chain[2], chain[1]), "title")
        objectives = render(self.section("What you will be able to do"))
        return [
            title,
            self.slide("After this lesson you can", objectives),
            self.slide("Predict", render(self.section("Predict")), "question"),
            *(self.written() if (TEXTS / f"{self.name}.md").exists() else self.pictures()),
            self.slide("Explain it", render(self.section("Explain it")), "question"),
            self.slide("To take away", render(self.section("Takeaways"))),
            *(self.asked(n, question) for n, question in enumerate(quiz(self.number).questions, 1)),
        ]

    def slide(self, title: str, body: str, kind: str = "plain") -> Slide:
        """A slide with this lesson's name on it."""
        return Slide(title, body, kind, self.title)

    def written(self) -> Iterator[Slide]:
        """The slides of the lesson's text."""
        text = (TEXTS / f"{self.name}.md").read_text(encoding="utf-8")
        for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            yield self.slide(title.strip(), self.render(body))

    def pictures(self) -> Iterator[Slide]:
        """A slide for each drawing and each figure, below the heading that it stands under."""
        heading = self.title
        for cell in self.cells[1:]:
            if cell.cell_type == "markdown":
                for found in re.finditer(r"^##+ (.+)$|" + PICTURE.pattern, cell.source, re.M):
                    heading = found[1] or heading
                    if found[3]:
                        yield self.slide(heading, self.picture(found[3], found[2]))
            elif any("image/png" in output.get("data", {}) for output in cell.outputs):
                yield self.slide(heading, figure(cell))

    def render(self, body: str) -> str:
        """A slide's text as HTML, with what it fetches."""
        parts = []
        for block in re.split(r"\n\s*\n", body.strip()):
            if found := FETCH.fullmatch(block.strip()):
                parts.append(self.fetch(found[1], found[2]))
            elif found := PICTURE.fullmatch(" ".join(block.split())):
                parts.append(self.picture(found[2], found[1]))
            else:
                parts.append(render(block))
        return "\n".join(parts)

    def fetch(self, what: str, line: str) -> str:
        """A figure, a print or the code of the cell that has `line`."""
        cell = self.cell(line)
        if what == "figure":
            return figure(cell)
        if what == "code":
            return f"<pre>{escape(cell.source)}</pre>"
        prints = "".join(output.get("text", "") for output in cell.outputs).rstrip()
        if not prints:
            raise ValueError(f"lesson {self.name}: the cell with {line!r} printed nothing")
        # Short lines can be read from the last row.
        few = " few" if max(map(len, prints.splitlines())) <= FEW_COLUMNS else ""
        return f'<pre class="printed{few}">{escape(prints)}</pre>'

    def picture(self, target: str, words: str) -> str:
        """A drawing of the repository, held in the page."""
        file = ROOT / "notebooks" / "pictures" / Path(target).name
        data = base64.b64encode(file.read_bytes()).decode()
        return image(f"data:image/svg+xml;base64,{data}", words, turns=True)

    def asked(self, number: int, question: Question) -> Slide:
        """A question of the quiz; its answers come with the next key."""
        choices = "".join(
            f'<li class="{"right" if choice.is_right else "wrong"}">'
            f"{MARKDOWN.renderInline(choice.text)}"
            f'<p class="why">{MARKDOWN.renderInline(choice.why)}</p></li>'
            for choice in question.choices
        )
        body = f"<p>{MARKDOWN.renderInline(question.text)}</p><ol>{choices}</ol>"
        return self.slide(f"Question {number}", body, "quiz")


def render(text: str) -> str:
    """Markdown as HTML; a link inside the repository becomes its words, a slide lies anywhere."""
    plain = re.sub(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?!https?:)[^)]*\)", r"\1", text)
    return MARKDOWN.render(plain)


def figure(cell: Any) -> str:
    """The first picture below a code cell.

    Raises:
        ValueError: there is none.
    """
    for output in cell.outputs:
        if png := output.get("data", {}).get("image/png"):
            turns = is_line_drawing(base64.b64decode(png))
            words = "The figure that the lesson draws here"
            return image(f"data:image/png;base64,{png.strip()}", words, turns)
    raise ValueError(f"no picture stands below the cell:\n{cell.source}")


def image(address: str, words: str, turns: bool) -> str:
    """An image in a frame; `turns` says that it is inverted where the page is dark.

    The frame is there for a narrow window, where the picture is wider and scrolls in it.
    """
    name = "turns" if turns else "stays"
    picture = f'<img class="{name}" src="{address}" alt="{escape(words, quote=True)}">'
    return f'<div class="frame">{picture}</div>'
