"""A deck in a window of any size: letters of 14 pixels, and nothing that cannot be reached."""

import pytest

from docs.site.slides.decks import list_decks, write_decks

pytestmark = pytest.mark.slow  # a browser has to start

LEAST_PX = 14
# The letters as they are drawn: a stage that is scaled scales them too.
SMALL = """
least => [...document.querySelectorAll('section')].flatMap(slide => {
  slide.classList.add('shown', 'answered');
  const scale = slide.getBoundingClientRect().width / slide.offsetWidth;
  const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  const small = new Set();
  while (words.nextNode()) {
    const { parentElement: e, textContent } = words.currentNode;
    if (!textContent.trim() || !e.getClientRects().length) continue;
    const px = parseFloat(getComputedStyle(e).fontSize) * scale;
    if (px < least - 0.05) small.add(`${slide.id}: ${e.tagName} ${px}`);
  }
  slide.classList.remove('answered');
  slide.classList.toggle('shown', slide.id === '1');
  return [...small];
})
"""
# Beyond the edge of the window, and in no frame that scrolls.
LOST = """
() => [...document.querySelectorAll('section')].flatMap(slide => {
  slide.classList.add('shown', 'answered');
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
  const lost = [...slide.querySelectorAll('*')].filter(e => {
    const { left, right } = e.getBoundingClientRect();
    if (!e.getClientRects().length || (right <= innerWidth + 1 && left >= -1)) return false;
    for (let above = e.parentElement; above !== slide; above = above.parentElement)
      if (scrolls(above)) return false;
    return true;
  }).map(e => `${slide.id}: ${e.outerHTML.slice(0, 80)}`);
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) lost.push(`${slide.id}: ${page.scrollWidth} wide`);
  slide.classList.remove('answered');
  slide.classList.toggle('shown', slide.id === '1');
  return lost;
})
"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decks")
    write_decks(folder)
    return folder


@pytest.mark.parametrize(("width", "height"), [(400, 800), (320, 560), (800, 600), (1024, 768)])
def test_letters_are_large_enough_and_nothing_is_out_of_reach(visit, decks, width, height):
    page = visit("about:blank", width=width, height=height)
    for deck in list_decks():
        page.goto((decks / f"{deck.name}.html").as_uri(), wait_until="load")
        assert page.evaluate(SMALL, LEAST_PX) == [], deck.name
        assert page.evaluate(LOST) == [], deck.name


def test_a_slide_on_a_phone_scrolls_and_the_next_one_begins_at_its_top(visit, decks):
    page = visit((decks / "small.html").as_uri(), width=400, height=400)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    shown = page.locator("section.shown").get_attribute("id")
    assert page.evaluate("document.documentElement.scrollHeight") > 500
    page.keyboard.press("PageDown")
    page.wait_for_function("scrollY > 50")
    page.wait_for_timeout(1000)  # a browser scrolls smoothly
    assert page.locator("section.shown").get_attribute("id") == shown
    page.keyboard.press("ArrowRight")
    page.wait_for_function("scrollY === 0")
    assert page.locator("section.shown").get_attribute("id") != shown
    page.set_viewport_size({"width": 1024, "height": 768})  # on a projector it is whole again
    page.wait_for_function("!document.documentElement.classList.contains('flow')")
    page.keyboard.press("ArrowDown")
    assert page.locator("section.shown").get_attribute("id") == str(int(shown) + 2)
