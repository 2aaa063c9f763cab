"""Pictures of the panel for README and site: `python -m tests.browser.screenshots [FOLDER]`.

Made in a browser from a running board, so that what they show is what there is. They need
Debian's chromium, as the browser tests do.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.servers import REPOSITORY
from tinyml_course.live.page_server import serve_page

WIDTH, HEIGHT = 1180, 1100
COLORS = 256  # of the palette: half the bytes, and nobody sees it
SEVEN = ((0.3, 0.2), (0.72, 0.2), (0.58, 0.5), (0.46, 0.85))


def draw_a_seven(page: Page) -> None:
    """A hand at the field of the digits sketch."""
    box = page.locator(".tc-field").bounding_box()
    for number, (x, y) in enumerate(SEVEN):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if number == 0:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_function("document.querySelector('.tc-log').textContent.includes('sum:')")


def walk_and_tilt(page: Page) -> None:
    """A recorded walk, then a board that is held up."""
    page.get_by_label("recorded movement").select_option("walk (p003)")
    page.wait_for_function("document.querySelector('.tc-log').textContent.includes('class:1')")
    page.wait_for_timeout(5000)
    page.locator(".tc-stage").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    page.locator(".tc-title").click()


def say_yes(page: Page) -> None:
    """The shipped sound, until the sketch hears its first word and the lamp is green."""
    page.get_by_role("button", name="Play").last.click()
    page.wait_for_selector("[data-lamp=rgb][data-lit=LEDG]")


PICTURES = {
    "panel_digits.png": ("digits", "wio_terminal", False, draw_a_seven),
    "panel_motion.png": ("motion", "wio_terminal", False, walk_and_tilt),
    "panel_keywords.png": ("keywords", "nano33ble", True, say_yes),
}


def main(folder: Path) -> None:
    """Write every picture into `folder`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, (sketch, board, dark, act) in PICTURES.items():
            with serve_page(sketch, board) as address:
                context = browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT},
                    color_scheme="dark" if dark else "light",
                )
                page = context.new_page()
                page.goto(address)
                page.wait_for_selector(".tc-panel[data-phase=running]", timeout=90_000)
                act(page)
                page.wait_for_timeout(400)
                shot = Image.open(io.BytesIO(page.locator(".tc-panel").screenshot()))
                path = folder / name
                small = shot.convert("RGB").quantize(COLORS, Image.Quantize.MAXCOVERAGE)
                small.save(path, optimize=True)
                print(f"{path}: {shot.width} x {shot.height}, {path.stat().st_size:,} bytes")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs")
