"""Every explorer in JupyterLab at 1024 pixels: it holds its place, and follows the theme."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.contrast import LEAST, LOW_CONTRAST
from tinyml_course.live import explorers

pytestmark = pytest.mark.slow  # a browser and JupyterLab have to start

WIDTH = 1024
MAKE = """
import io
from PIL import Image
from tinyml_course.live import explorers
from tinyml_course.observe.figure import LessonFigure

def blank(figure):
    file = io.BytesIO()
    width, height = (round(100 * inches) for inches in figure.get_size_inches())
    Image.new("1", (width, height), 1).save(file, "png")
    return file.getvalue()

made = {{name: getattr(explorers, name)() for name in {names}}}

def move_all():
    LessonFigure._repr_png_ = blank  # of the same size: drawing is most of the time
    LessonFigure.draw_without_rendering = lambda figure: None
    for explorer in made.values():
        for control in explorer.controls.values():
            begun = control.value
            for value in getattr(control, "_options_values", None) or (control.min, control.max):
                control.value = value
            control.value = begun
"""
KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
# Every height that an explorer has had since, by its heading.
WATCH = """() => {
  window.heights = {};
  const watch = new ResizeObserver(entries => {
    for (const { target } of entries) {
      const name = target.querySelector("b").textContent;
      (window.heights[name] ??= new Set()).add(Math.round(target.getBoundingClientRect().height));
    }
  });
  document.querySelectorAll(".tc-explorer").forEach(each => watch.observe(each));
}"""


@pytest.fixture(scope="module")
def notebook(lab, guarded_page):
    cells = [f"made[{name!r}]" for name in explorers.__all__]
    address = lab("explorers.ipynb", MAKE.format(names=explorers.__all__), *cells)
    # So high that no cell is out of sight and unrendered.
    page = guarded_page(address, width=WIDTH, height=700 * (len(cells) + 1))
    page.wait_for_function("window.jupyterapp !== undefined")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(f"{KERNEL.replace('.', '?.')}?.status === 'idle'")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        "count => [...document.querySelectorAll('.tc-explorer img')]"
        ".filter(image => image.naturalWidth).length === count",
        arg=len(cells),
    )
    return page


def test_a_picture_is_dark_where_the_page_is_and_follows_a_theme_that_is_switched(notebook):
    picture = notebook.locator(".tc-explorer img").nth(explorers.__all__.index("explore_windows"))
    for theme, is_dark in (("Dark", "false"), ("Light", "true"), ("Dark", "false")):
        notebook.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        notebook.wait_for_selector(f"body[data-jp-theme-light={is_dark}]", state="attached")
        notebook.wait_for_timeout(300)
        assert notebook.evaluate(LOW_CONTRAST, [".tc-explorer", LEAST]) == {}, theme
        grey = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("L"))
        paper, ink = np.median(grey), np.percentile(grey, 0.5 if theme == "Light" else 99.5)
        assert (paper > 240, paper < 40) == (theme == "Light", theme == "Dark"), (theme, paper)
        assert abs(float(paper) - float(ink)) > 150, (theme, paper, ink)


def test_no_explorer_scrolls_sideways(notebook):
    wide = """() => [...document.querySelectorAll(".tc-explorer, .tc-explorer *")]
      .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible"
        && e.clientWidth)
      .map(e => e.outerHTML.slice(0, 200))"""
    assert notebook.evaluate(wide) == []


def test_nothing_below_an_explorer_moves_when_its_controls_do(notebook):
    notebook.evaluate(WATCH)
    status = notebook.evaluate(
        f"async () => (await {KERNEL}.requestExecute({{ code: 'move_all()' }}).done).content.status"
    )
    assert status == "ok"
    notebook.wait_for_timeout(500)
    heights = notebook.evaluate(
        "Object.fromEntries(Object.entries(window.heights).map(([name, all]) => [name, [...all]]))"
    )
    assert len(heights) == len(explorers.__all__)
    assert {name: seen for name, seen in heights.items() if len(seen) > 1} == {}
