"""The page of a report in a browser: wide and narrow, light and dark, and it asks for nothing."""

import io
import json

import pytest
from PIL import Image

from tinyml_course.pipeline.report_page import render_report_page
from tinyml_course.report import Report
from tinyml_course.shipped import BUNDLES

SQUEEZED = """() => [...document.querySelectorAll('section, figure, .tile, .bars, .wide, pre')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"""


@pytest.fixture
def address(tmp_path):
    report = Report.from_json(json.loads((BUNDLES / "gas" / "report.json").read_text()))
    drawn = io.BytesIO()
    Image.new("RGB", (1200, 400), "white").save(drawn, "png")
    path = tmp_path / "report.html"
    path.write_text(render_report_page(report, {"confusion": drawn.getvalue()}), "utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1024, 380])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off_and_ink_and_paper_differ(visit, address, width, dark):
    page = visit(address, width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SQUEEZED) == []
    assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0)")
    style = "getComputedStyle(document.body)"
    light = [page.evaluate(f"{style}.{name}") for name in ("color", "backgroundColor")]
    levels = [int(colour[4:].split(",")[0]) for colour in light]
    assert (levels[0] > levels[1]) == dark
    assert abs(levels[0] - levels[1]) > 150


def test_on_paper_it_is_light_and_whole(visit, address):
    page = visit(address, dark=True)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf()[:4] == b"%PDF"
