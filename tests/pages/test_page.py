"""A page: whole in one file, escaped, and never written over somebody's own."""

import re

import pytest

from tinyml_course.errors import OutputError
from tinyml_course.pages import page
from tinyml_course.table import Table

NASTY = '<script>alert("1")</script>'


def whole_page():
    one = Table(("name", "bytes"), ((NASTY, "1"), ("b" * 50, "2")), caption=NASTY)
    pieces = [
        page.paragraph(NASTY),
        page.verdict(False, NASTY, (NASTY, NASTY)),
        page.tiles({NASTY: NASTY}),
        page.text_lines([NASTY]),
        page.picture(b"\x89PNG", NASTY),
        page.table(one),
        page.bars({NASTY: 1.0}, {NASTY: NASTY}),
    ]
    return page.render_page(NASTY, pieces, [page.Section(NASTY, pieces)])


def test_what_somebody_else_named_is_text():
    html = whole_page()
    assert "<script" not in html
    assert not re.search(r'alt="[^"]*<', html)
    assert html.count("&lt;script&gt;") > 15


def test_it_asks_for_nothing():
    html = whole_page()
    assert "default-src 'none'; img-src data:" in html
    assert not re.search(r"(src|href)=(?!\"data:)|@import|url\(", html)


def test_bars_begin_at_zero_and_end_at_the_frame():
    html = page.bars({"a": 50, "b": 200, "c": 0}, dict.fromkeys("abc", "x"), full=100, over=["b"])
    assert re.findall(r'(?<!ground") width="([\d.]+)%" h', html) == ["50.00", "100.00", "0.00"]
    assert html.count('class="out"') == 1
    assert 'width="0.00%"' in page.bars({"none": 0.0}, {"none": "0"})


def test_of_many_lines_the_first_and_the_last_are_shown():
    html = page.text_lines([f"line {number}" for number in range(100)])
    assert "line 0" in html
    assert "line 99" in html
    assert "... 87 lines ..." in html
    assert html.count("line ") == 13
    assert "line 50" in page.text_lines([f"line {number}" for number in range(100)], whole=True)


def test_a_page_replaces_a_page_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "report.html"
    page.write_page(path, whole_page())
    page.write_page(path, whole_page())
    diary = tmp_path / "diary.html"
    diary.write_text("<html>mine</html>")
    for wrong, words in ((diary, "was not written by tinyml"), (tmp_path, "it is a folder")):
        with pytest.raises(OutputError, match=words):
            page.refuse_page(wrong)
        with pytest.raises(OutputError, match=words):
            page.write_page(wrong, whole_page())
    assert diary.read_text() == "<html>mine</html>"
