"""Every lesson as a page of 1024 by 768, light and dark: nothing is cut off, nothing is missing.

The pages are those that nbconvert makes of the stored solutions, with JupyterLab's own style. What
would come from a network is turned away.
"""

import pytest
from nbconvert import HTMLExporter

from tests.notebooks.lesson_files import NOTEBOOKS, SOURCES
from tests.notebooks.test_lessons import NOT_CONVERTED, number_of

WIDTH, HEIGHT = 1024, 768
# What is wider inside than its own frame hides a part, or makes a reader scroll sideways.
CUT_OFF = """
() => [...document.querySelectorAll('pre, table, img, .jp-RenderedMarkdown, .jp-RenderedHTML')]
  .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2)
  .map(e => e.tagName + ': ' + (e.innerText || e.alt || '').slice(0, 80))
"""
MISSING = "() => [...document.images].filter(i => !i.naturalWidth).map(i => i.alt || i.src)"


@pytest.fixture(scope="module")
def lesson_page(chromium, tmp_path_factory):
    """Opens a solution as a page, with its pictures where it expects them; one page for them all.

    A browser takes longer over a new window than over a lesson.
    """
    folder = tmp_path_factory.mktemp("pages")
    (folder / "solutions").mkdir()
    (folder / "pictures").symlink_to(NOTEBOOKS / "pictures")
    exporter = HTMLExporter()
    context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.route("**/*", lambda r: r.continue_() if r.request.url[:4] == "file" else r.abort())

    def show(source):
        body, _ = exporter.from_filename(NOTEBOOKS / "solutions" / f"{source.stem}.ipynb")
        file = folder / "solutions" / f"{source.stem}.html"
        file.write_text(body, encoding="utf-8")
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        page.wait_for_function("document.readyState === 'complete'")
        return page

    yield show
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [s for s in SOURCES if number_of(s) not in NOT_CONVERTED], ids=lambda s: s.stem
)
def test_nothing_is_cut_off_and_every_picture_is_there(lesson_page, source):
    page = lesson_page(source)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, scheme
        assert page.evaluate(CUT_OFF) == [], scheme
        assert page.evaluate(MISSING) == [], scheme
