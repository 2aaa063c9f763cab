"""The repository's texts as a tree that Sphinx can read: pages, pictures, and links between them.

A page keeps its text. What changes: links lead to pages of the site, a lesson says where it can be
opened, and cells that test the lesson are folded away.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from docs.site.figures import keeps_its_colours
from docs.site.open_here import render_open_here

ROOT = Path(__file__).parents[2]
PICTURES = (".svg", ".png", ".jpg")
CODE = re.compile(r"(^```.*?^```[^\n]*$|^(?: {4}[^\n]*\n)+|`[^`\n]+`(?!\]))", re.M | re.S)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)\)")


def list_pages() -> dict[Path, str]:
    """Where each text of the repository stands in the site; paths are relative to the checkout.

    A learner's notebook and its solution are one page.
    """
    pages = {
        "README.md": "readme.md",
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
        "data/README.md": "data.md",
        "examples/README.md": "examples.md",
        "docs/teaching/README.md": "teaching/index.md",
        "docs/site/slides.md": "teaching/slides.md",
    }
    found = {Path(source): page for source, page in pages.items()}
    for path in sorted((ROOT / "docs").glob("*.md")):
        found[path.relative_to(ROOT)] = path.name
    for path in sorted((ROOT / "docs" / "teaching").glob("*.md")):
        found.setdefault(path.relative_to(ROOT), f"teaching/{path.name}")
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        page = f"lessons/{path.name}"
        found[path.relative_to(ROOT)] = page
        found[Path("notebooks/solutions") / path.name] = page
    return found


@dataclass
class Stage:
    """A folder that fills with pages; `pages` says what stands where."""

    folder: Path
    pages: dict[Path, str] = field(default_factory=list_pages)

    def copy_picture(self, source: Path) -> str:
        """The picture's place in the site, relative to its root."""
        target = f"pictures/{source.name}"
        (self.folder / "pictures").mkdir(exist_ok=True)
        shutil.copyfile(ROOT / source, self.folder / target)
        return target

    def convert_links(self, text: str, source: Path, page: str) -> str:
        """`text` of the file `source`, its links leading to where the site has what they name.

        A file of the repository that is no page becomes its name: no dead link.

        Raises:
            ValueError: a link to a file that does not exist.
        """

        def convert(found: re.Match[str]) -> str:
            mark, words, target = found.groups()
            if re.match(r"[a-z]+:|#", target):
                return found[0]
            name, _, anchor = target.partition("#")
            place = Path(os.path.normpath(source.parent / name))
            if not (ROOT / place).exists():
                raise ValueError(f"{source} links to {place}, which does not exist")
            if place in self.pages:
                to = self.pages[place]
            elif place.suffix in PICTURES:
                to = self.copy_picture(place)
            else:
                return f"{words} (`{place}`)" if words.strip("`") != str(place) else words
            to = os.path.relpath(to, Path(page).parent)
            return f"{mark}[{words}]({to}{'#' + anchor if anchor else ''})"

        return outside_code(text, lambda part: LINK.sub(convert, part))

    def write(self, page: str, text: str) -> None:
        """Write a page's text."""
        target = self.folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def add_text(self, source: Path) -> None:
        """A page from Markdown."""
        text = (ROOT / source).read_text(encoding="utf-8")
        page = self.pages[source]
        if "\n## " not in text:  # a list of words: its level is the second
            text = text.replace("\n### ", "\n## ")
        self.write(page, self.convert_links(text, source, page))

    def add_lesson(self, source: Path) -> None:
        """A page from a stored solution, with the learner's notebook to take home."""
        notebook = nbformat.read(ROOT / source, as_version=4)
        page = self.pages[source]
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = self.convert_links(cell.source, source, page)
                cell.source = cell.source.replace("<details>", '<details class="course-answer">')
                continue
            tags = set(cell.metadata.get("tags", []))
            if "bounds" in tags:
                tags.add("hide-cell")
            if any(keeps_its_colours(output) for output in cell.outputs):
                tags.add("keeps-colours")
            cell.metadata["tags"] = sorted(tags)
        learners = f"learners/{source.name}"
        (self.folder / "learners").mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "notebooks" / source.name, self.folder / learners)
        notice = nbformat.v4.new_markdown_cell(render_open_here(source.stem, f"/{learners}"))
        notebook.cells.insert(1, notice)
        target = self.folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """`change` applied to what is neither fenced, indented as code, nor between backticks."""
    parts = re.split(CODE, text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))


def stage_pages(folder: Path) -> Stage:
    """All pages in an empty `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stage = Stage(folder)
    for source in stage.pages:
        if source.suffix == ".md" and source.parent != Path("docs/site"):
            stage.add_text(source)
        elif source.parent.name == "solutions":
            stage.add_lesson(source)
    return stage
