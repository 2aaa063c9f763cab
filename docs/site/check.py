"""What must hold for the built pages: `python docs/site/check.py FOLDER`.

Every link inside the site leads to a file, and to a place in it if it names one; no page loads
anything from another host.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {
    "img": "src",
    "script": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
    "embed": "src",
}
# Links that a browser only notes: the page's own address, its neighbours.
NOTED = {"canonical", "index", "search", "next", "prev", "author", "copyright", "license"}
FROM_ELSEWHERE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


@dataclass
class Page(HTMLParser):
    """What a page of HTML asks for, links to and can be linked to."""

    text: str
    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        found = {name: value or "" for name, value in attributes}
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        elif tag == "link" and set(found.get("rel", "").split()) & NOTED:
            if found.get("href"):
                self.links.append(found["href"])
        elif found.get(LOADS.get(tag, "")):
            self.loads.append(found[LOADS[tag]])


def check_site(folder: Path) -> list[str]:
    """One line for each dead link and each address that is loaded from elsewhere."""
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.parts
    }
    mistakes = []
    for path, page in pages.items():
        name = path.relative_to(folder.resolve())
        for address in page.loads + FROM_ELSEWHERE.findall(page.text):
            if urlsplit(address).netloc:
                mistakes.append(f"{name}: loads {address} from another host")
        for address in page.loads + page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                mistakes.append(f"{name}: {address} leads nowhere")
            elif parts.fragment and target in pages and not _has(pages[target], parts.fragment):
                mistakes.append(f"{name}: {address}: no such place on that page")
    for path in sorted(folder.rglob("*.css")):
        for address in FROM_ELSEWHERE.findall(path.read_text(encoding="utf-8", errors="replace")):
            mistakes.append(f"{path.relative_to(folder)}: loads {address} from another host")
    return mistakes


def _has(page: Page, fragment: str) -> bool:
    return unquote(fragment) in page.anchors | {"top"}


if __name__ == "__main__":
    found = check_site(Path(sys.argv[1]))
    print(*found, sep="\n")
    sys.exit(1 if found else 0)
