"""The site's front page, and the order in which its pages stand at the side."""

from __future__ import annotations

import re
from pathlib import Path

from docs.site.slides.decks import Deck
from docs.site.stage import ROOT, Stage

REFERENCE = "api/tinyml_course/tinyml_course"
FIRST = ["readme", "panel", "first_upload"]
NAMES = {"readme": "README", REFERENCE: "The package, from its docstrings"}
JOIN = ["contributing", "add_a_lab", "data", "examples", "links", "changelog"]
TEACHING = ["monday", "syllabus", "lessons", "slides", "no_code", "assessment", "ethics", "sheet"]


def render_toctree(pages: list[str], caption: str = "") -> str:
    """A list of pages for the side; without a caption it is for pages below this one."""
    lines = ["```{toctree}", ":hidden:", ":maxdepth: 1"]
    lines += [f":caption: {caption}"] if caption else []
    named = [f"{NAMES[page]} <{page}>" if page in NAMES else page for page in pages]
    return "\n".join([*lines, "", *named, "```"]) + "\n"


def read_lesson_table() -> str:
    """The README's table of lessons."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(r"<!-- lessons: .*?-->\n(.*?)<!-- end of lessons -->", text, re.DOTALL)[1]


def add_slides_page(stage: Stage, decks: list[Deck]) -> None:
    """The teachers' page of the slides, with a link to each deck."""
    source = Path("docs/site/slides.md")
    text = stage.convert_links(
        (ROOT / source).read_text(encoding="utf-8"), source, "teaching/slides.md"
    )
    rows = ["| deck | lessons |", "|---|---|"]
    for deck in decks:
        lessons = ", ".join(f"[](../lessons/{name}.ipynb)" for name in deck.lessons)
        rows.append(f'| <a href="../slides/{deck.name}.html">{deck.title}</a> | {lessons} |')
    stage.write("teaching/slides.md", text.replace("{decks}", "\n".join(rows)))


def add_front_page(stage: Stage, with_reference: bool) -> None:
    """index.md with the lessons' table and the lists of pages; the teacher's page gets its own."""
    source = Path("docs/site/index.md")
    text = stage.convert_links((ROOT / source).read_text(encoding="utf-8"), source, "index.md")
    table = stage.convert_links(read_lesson_table(), Path("README.md"), "index.md")
    # A file's name is one long word; in parts it leaves a phone room for the next column.
    table = re.sub(r"(?<=\| \[)\w+(?=\]\()", lambda name: name[0].replace("_", " "), table)
    names = {Path(page).with_suffix("").as_posix() for page in stage.pages.values()}
    lessons = sorted(name for name in names if name.startswith("lessons/"))
    taught = {name.removeprefix("teaching/") for name in names if name.startswith("teaching/")}
    others = {name for name in names if "/" not in name} - set(FIRST + JOIN)
    look_up = sorted(others, key=lambda name: (name != "glossary", name != "faq", name))
    parts = [
        text.replace("{lessons}", table),
        render_toctree(FIRST, "Begin"),
        render_toctree(lessons, "The lessons, solved"),
        render_toctree(look_up + [REFERENCE] * with_reference, "Look up"),
        render_toctree(["teaching/index"], "Teach"),
        render_toctree(JOIN, "Join in"),
    ]
    stage.write("index.md", "\n".join(parts))
    further = sorted(taught - set(TEACHING) - {"index"})
    path = stage.folder / "teaching" / "index.md"
    tree = render_toctree([*TEACHING, *further])
    path.write_text(path.read_text(encoding="utf-8") + "\n" + tree, encoding="utf-8")
