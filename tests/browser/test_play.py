"""`tinyml play`: a board as a page of its own."""

import os
import sys
import urllib.request

import pytest

from tests.browser.contrast import LEAST, LOW_CONTRAST
from tests.browser.servers import REPOSITORY, running
from tests.notebooks.lesson_files import NOTEBOOKS
from tinyml_course.errors import BoardError
from tinyml_course.live.page_server import serve_notebook, serve_page

pytestmark = pytest.mark.slow  # a browser, JupyterLab and Voila have to start


def test_from_the_command_to_the_serial_monitor(visit, tmp_path):
    command = [sys.executable, "-m", "tinyml_course", "play", "motion", "--board", "wio_terminal"]
    env = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    with running([*command, "--no-browser"], env, tmp_path, r"http://127\.0\.0\.1:\S+") as address:
        page = visit(address)
        page.wait_for_selector(".tc-panel[data-phase=running]")
        page.wait_for_function(
            "document.querySelector('.tc-log').textContent.includes('class:0,still:')"
        )
        page.get_by_label("recorded movement").select_option("run (p003)")
        page.wait_for_function("document.querySelector('.tc-log').textContent.includes('class:2')")
        bare = address.partition("?")[0]
        with urllib.request.urlopen(bare, timeout=20) as answer:
            assert "/login" in answer.url, "without its token the page is not shown"


BUTTONS = """
void setup() {
  Serial.begin(9600); pinMode(2, INPUT); pinMode(3, INPUT_PULLUP); pinMode(13, OUTPUT);
}
void loop() {
  static int was = -1;
  const int is = 2 * digitalRead(2) + digitalRead(3);
  digitalWrite(13, digitalRead(2));
  if (is != was) Serial.println(is == 1 ? "nobody" : is == 3 ? "D2" : is == 0 ? "D3" : "both");
  was = is;
  delay(1);
}
"""


def test_the_pins_that_a_sketch_reads_are_held_from_the_drawing_and_from_the_list(
    visit, write_sketch
):
    """As Arduino's "Button" has it: a button to 3.3 V at D2; and one to GND at D3."""
    with serve_page(write_sketch(BUTTONS, "buttons"), "nano33ble") as address:
        page = visit(address)
        page.wait_for_selector(".tc-panel[data-phase=running]")

        def said(word):
            page.wait_for_function(
                "word => document.querySelector('.tc-log').textContent.trim().endsWith(word)",
                arg=word,
            )

        said("nobody")
        pin = page.get_by_role("button", name="press D2", exact=True)
        pin.hover()
        page.mouse.down()
        said("D2")
        page.locator(".tc-caption", has_text="D2: input, reads high").wait_for()
        page.mouse.up()
        said("nobody")
        pin.focus()
        page.keyboard.down("Enter")
        said("D2")
        page.keyboard.up("Enter")
        said("nobody")
        group = page.get_by_role("radiogroup", name="hold D3")
        group.get_by_role("radio", name="free").focus()
        page.keyboard.press("ArrowLeft")
        said("D3")
        assert group.get_by_role("radio", name="low").get_attribute("aria-checked") == "true"
        page.get_by_role("radiogroup", name="hold D2").get_by_role("radio", name="high").click()
        said("both")
        page.get_by_role("button", name="press D3", exact=True).click()  # lets go to what is held
        said("both")
        page.get_by_label("hold another pin").select_option("D7")
        assert page.get_by_role("radiogroup", name="hold D7").count() == 1


def test_a_narrow_panel_shows_every_slider_whole_and_its_last_picture_only_while_it_waits(visit):
    """At 1024 pixels JupyterLab leaves a panel about 850. A late kernel takes the picture away."""
    with serve_page("motion", "wio_terminal") as address:
        page = visit(address, width=880)
        page.wait_for_selector(".tc-panel[data-phase=running]")
        wide = """() => {
          const right = e => e.getBoundingClientRect().right;
          const column = document.querySelector(".tc-right");
          return [...column.querySelectorAll("*")]
            .filter(e => e.getClientRects().length && right(e) > right(column))
            .map(e => e.outerHTML);
        }"""
        assert page.locator(".tc-slider").count() > 5
        assert page.evaluate(wide) == []
        letters = """() => [...document.querySelectorAll(".tc-face text")].map(text => {
          const { a, b } = text.getScreenCTM();
          return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
        })"""
        assert min(page.evaluate(letters)) >= 9, "what is written on the board can be read"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            is_light = str(scheme == "light").lower()
            page.wait_for_selector(f"body[data-jp-theme-light={is_light}]", state="attached")
            assert page.evaluate(LOW_CONTRAST, [".tc-panel", LEAST]) == {}, scheme
        shown = """() => {
          const panel = document.querySelector(".tc-panel");
          const picture = document.createElement("img");
          picture.className = "tc-snapshot";
          panel.prepend(picture);
          const both = () => [picture, panel.querySelector(".tc-desk")].map(e => e.checkVisibility(
            { visibilityProperty: true }));
          const height = panel.offsetHeight;
          panel.classList.add("tc-still");
          const waiting = [...both(), panel.offsetHeight - height];
          panel.classList.remove("tc-still");  // as the first answer of a kernel does
          return [waiting, both()];
        }"""
        assert page.evaluate(shown) == [[True, False, 0], [False, True]]


def test_a_panel_keeps_its_height_from_its_first_moment_on(visit):
    """Names below the plotter and words about a sound come late, and a page must not jump then."""
    heights = """() => {
      window.heights = new Set();
      const look = () => {
        const panel = document.querySelector(".tc-panel");
        if (panel) window.heights.add(Math.round(panel.getBoundingClientRect().height));
        requestAnimationFrame(look);
      };
      look();
    }"""
    for sketch, board, has in (
        ("motion", "wio_terminal", ".tc-legend button:nth-child(3)"),
        ("keywords", "nano33ble", ".tc-heard:not(:empty)"),
    ):
        with serve_page(sketch, board) as address:
            page = visit("about:blank", width=880)
            page.add_init_script(f"({heights})()")
            page.goto(address, wait_until="domcontentloaded")
            page.wait_for_selector(".tc-panel[data-phase=running]")
            page.wait_for_selector(has)
            page.wait_for_timeout(500)
            # A page that is still hidden while it starts has no heights at all.
            seen = [height for height in page.evaluate("[...window.heights]") if height]
            assert len(seen) == 1, (sketch, seen)


def test_what_cannot_be_played_is_said_before_anything_starts(write_sketch):
    with (
        pytest.raises(BoardError, match=r"\.ino:1"),
        serve_page(write_sketch("void setup() { int x = ; } void loop() {}"), "nano33ble"),
    ):
        pass


def test_the_workshop_is_a_page_that_stands_alone(visit):
    """Both boards run, a slider moves, the drawing is there; what is for the desk is not."""
    with serve_notebook(NOTEBOOKS / "solutions" / "20_workshop_demo.ipynb") as address:
        page = visit(address, height=1400)
        page.wait_for_function(
            "document.querySelectorAll('.tc-panel[data-phase=running]').length == 2"
        )
        page.wait_for_function("document.body.innerText.includes('That was the whole chain')")
        text = page.evaluate("document.body.innerText")
        assert text.count(" ready: ") == 7
        assert "This was recorded" not in text
        assert "Exercise" not in text
        drawing = page.locator("img[alt^='Six steps']")
        assert drawing.evaluate("image => image.naturalWidth") > 400
        assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).length") == 0
        page.wait_for_function(
            "[...document.querySelectorAll('.tc-log')].some(l => l.textContent.includes('still:'))"
        )
        page.get_by_label("task", exact=True).select_option("written digits")
        page.wait_for_function("document.body.innerText.includes('64 numbers go in')")
