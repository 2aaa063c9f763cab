"""The course's web pages: built once, opened in a browser, searched and followed.

The reference of the package is left out here: it is most of the time and none of the pictures.
"""

import ast
import doctest
import functools
import http.server
import io
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from docutils.core import publish_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.readers.standalone import Reader

from docs.site import docstrings
from docs.site.check import check_site
from docs.site.figures import is_line_drawing
from docs.site.open_here import render_open_here
from docs.site.slides.decks import list_decks
from docs.site.slides.lesson import Lesson
from docs.site.stage import ROOT, Stage
from tests.notebooks.lesson_files import SOURCES

PHONE = 390
MISSING = "() => [...document.images].filter(i => !i.naturalWidth).map(i => i.alt || i.src)"


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing about it."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built pages."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "docs/site/build.py", "--no-reference", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return out / "html"


@pytest.fixture(scope="module")
def address(site):
    """The pages on loopback."""
    handler = functools.partial(Silent, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_zero_point_is_found_and_a_link_leads_on(visit, address):
    page = visit(f"{address}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("zero point")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    page.wait_for_function("document.querySelectorAll('#search-results li').length >= 3")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Glossary" in text for text in found), found
    page.get_by_role("link", name="04 Quantization").last.click()
    page.wait_for_url("**/lessons/04_quantization.html*")
    page.wait_for_selector("mjx-container")  # a formula, drawn
    page.locator("article a", has_text="zero point").first.click()
    page.wait_for_url("**/glossary.html#zero-point")
    assert page.locator("#zero-point").is_visible()


def in_both_schemes(page):
    """Light and dark, one after the other on the page that is open; it must have followed."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"html[data-theme={scheme}]")
        yield scheme


@pytest.mark.slow
def test_every_lesson_fits_a_phone_and_has_its_pictures(visit, address):
    page = visit(f"{address}/index.html", width=PHONE)
    for source in SOURCES:
        page.goto(f"{address}/lessons/{source.stem}.html", wait_until="load")
        for scheme in in_both_schemes(page):
            where = f"{source.stem}, {scheme}"
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, where
            assert page.evaluate(MISSING) == [], where
            assert page.locator("article img").count() >= 2
            assert page.locator(".open-here").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_is_one_page_of_paper_black_on_white(visit, address, scheme):
    page = visit(f"{address}/teaching/sheet.html", dark=scheme == "dark")
    page.wait_for_load_state("load")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('td')).color") == "rgb(17, 17, 17)"
    )
    assert not page.locator(".bd-sidebar-primary").is_visible()


@pytest.mark.slow
def test_other_pages_fit_a_phone_too(visit, address, site):
    page = visit(f"{address}/index.html", width=PHONE)
    for path in sorted([*site.glob("*.html"), *site.glob("teaching/*.html")]):
        page.goto(f"{address}/{path.relative_to(site)}", wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, path
        assert page.evaluate(MISSING) == [], path


# Every slide is shown with its answers; what is larger inside than its frame is cut off there.
CUT_OFF = """
() => [...document.querySelectorAll('section')].flatMap(slide => {
  slide.classList.add('shown', 'answered');
  const wide = [slide, ...slide.querySelectorAll('.body, pre, table')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
  const tiny = [...slide.querySelectorAll('img')].filter(i => i.clientHeight < 90);
  slide.classList.remove('answered');
  slide.classList.toggle('shown', slide.id === '1');
  return [...wide, ...tiny].map(e => `${slide.id}: ${e.tagName} ${e.outerHTML.slice(0, 60)}`);
})
"""


@pytest.mark.slow
def test_no_slide_overflows_and_the_keys_turn_them(visit, address, site):
    decks = list_decks()
    assert {path.stem for path in site.glob("slides/*.html")} == {deck.name for deck in decks}
    assert sorted(name for deck in decks for name in deck.lessons) == [s.stem for s in SOURCES]
    page = visit(f"{address}/index.html", 1024, 768)
    for deck in decks:
        page.goto(f"{address}/slides/{deck.name}.html", wait_until="load")
        for scheme in in_both_schemes(page):
            assert page.evaluate(MISSING) == []
            assert page.evaluate(CUT_OFF) == [], f"{deck.name}, {scheme}"
            assert page.locator("section.shown").get_attribute("id") == "1"
            page.keyboard.press("ArrowRight")
            assert page.locator("section.shown h1").inner_text()[:2] == deck.lessons[0][:2]
            page.keyboard.press("End")
            assert not page.locator("section.shown .why").first.is_visible()
            page.keyboard.press(" ")
            assert page.locator("section.shown .why").first.is_visible()
            page.keyboard.press("Backspace")
            page.keyboard.press("Home")


def test_a_slide_that_names_what_a_lesson_has_lost_is_refused():
    lesson = Lesson("04_quantization")
    assert "0.992" in lesson.render('printed: print(f"{name:<22} {share:.3f}")')
    assert lesson.render("figure: plot_schemes(table)").startswith('<div class="frame"><img')
    with pytest.raises(ValueError, match="0 cells have 'no such line', 1 is needed"):
        lesson.render("printed: no such line")
    with pytest.raises(ValueError, match="printed nothing"):
        lesson.render("printed: def scale_and_zero_point")
    with pytest.raises(ValueError, match="no picture"):
        lesson.render("figure: def scale_and_zero_point")


def test_the_checker_names_what_leads_nowhere_and_what_is_loaded_from_elsewhere(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">fine</a><a href="b.html#there">x</a><a href="c.html">x</a>'
        '<a href="https://example.org">fine</a><img src="https://example.org/x.png">'
        '<img src="gone.png"><style>@import "//example.org/font.css";</style>'
    )
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1><a href="#nowhere">x</a>')
    assert check_site(tmp_path) == [
        "a.html: loads https://example.org/x.png from another host",
        "a.html: loads //example.org/font.css from another host",
        "a.html: gone.png leads nowhere",
        "a.html: b.html#there: no such place on that page",
        "a.html: c.html leads nowhere",
        "b.html: #nowhere: no such place on that page",
    ]


def test_a_link_leads_to_the_page_of_what_it_names(tmp_path):
    stage = Stage(tmp_path)

    def convert(text):
        return stage.convert_links(text, Path("docs/teaching/x.md"), "teaching/x.md")

    assert convert("[a](../../README.md#the-lessons)") == "[a](../readme.md#the-lessons)"
    lesson = "../lessons/04_quantization.ipynb"
    assert convert("[a](../../notebooks/04_quantization.ipynb)") == f"[a]({lesson})"
    assert convert("[a](../../notebooks/solutions/04_quantization.ipynb)") == f"[a]({lesson})"
    assert convert("![p](../panel_motion.png)") == "![p](../pictures/panel_motion.png)"
    assert (tmp_path / "pictures" / "panel_motion.png").exists()
    assert convert("[the lock](../../requirements.lock)") == "the lock (`requirements.lock`)"
    assert convert("`[a](b)` [c](https://x.org)") == "`[a](b)` [c](https://x.org)"
    with pytest.raises(ValueError, match="does not exist"):
        convert("[a](gone.md)")


def test_a_lesson_says_where_it_opens_and_links_to_a_hub_that_is_named(monkeypatch):
    for name in ("HUB", "CLASS", "REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    text = render_open_here("04_quantization", "/learners/04_quantization.ipynb")
    assert "/lab/tree/04_quantization.ipynb" in text
    assert "Reopen in Container" in text
    assert "(../server.md)" in text
    monkeypatch.setenv("HUB", "https://hub.school.example/")
    monkeypatch.setenv("CLASS", "https://git.school.example/class")
    monkeypatch.setenv("REPOSITORY", "https://git.school.example/tinyml.git")
    text = render_open_here("04_quantization", "/learners/04_quantization.ipynb")
    # As docs/server.md writes it.
    link = re.search(r"\S+git-pull\?\S+", (ROOT / "docs/server.md").read_text())[0]
    assert link.replace("00_start_here", "04_quantization") in text
    assert "cloneInVolume%3Furl%3Dhttps%253A%252F%252Fgit.school.example%252Ftinyml.git" in text


def test_docstrings_become_restructured_text():
    assert doctest.testmod(docstrings).failed == 0
    doc = "A `sum` of *all*.\n\n    a    b\n\nRaises:\n    ValueError: if `x`."
    assert docstrings.mark_code("the `n`th") == "the ``n``\\ th"
    text = docstrings.to_restructured_text(doc)
    assert "A ``sum`` of \\*all\\*." in text
    assert "::\n\n        a    b" in text
    assert ":raises ValueError: if ``x``." in text


@pytest.mark.slow
def test_every_docstring_can_be_set():
    """What Sphinx would say about the reference, which these tests leave out."""
    # Docutils takes longer over its settings than over a docstring: once is enough.
    settings = get_default_settings(Parser, Reader)
    settings.default_role = "literal"
    said = {}
    for path in sorted((ROOT / "tinyml_course").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                continue
            if doc := ast.get_docstring(node):
                settings.warning_stream = warnings = io.StringIO()
                publish_doctree(docstrings.to_restructured_text(doc), settings=settings)
                if warnings.getvalue():
                    said[f"{path.name}: {getattr(node, 'name', 'module')}"] = warnings.getvalue()
    assert said == {}


def test_a_plot_turns_dark_and_a_picture_does_not():
    import matplotlib.pyplot as plt
    import numpy as np

    def png(draw):
        figure, axes = plt.subplots()
        draw(axes)
        file = io.BytesIO()
        figure.savefig(file)
        plt.close(figure)
        return file.getvalue()

    assert is_line_drawing(png(lambda axes: axes.plot([1, 2, 4])))
    grey = np.linspace(0, 1, 400).reshape(20, 20)
    assert not is_line_drawing(png(lambda axes: axes.imshow(grey, cmap="gray")))
