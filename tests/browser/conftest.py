"""A browser that may speak to this machine alone, and hears a recording as its microphone."""

import shutil
from urllib.parse import urlsplit

import pytest

from tests.browser.servers import jupyterlab, write_notebook
from tests.tools import leave_out, need_tool
from tinyml_course.datasets.keywords_shipped import SHIPPED_SOUND
from tinyml_course.extras import is_installed

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
OWN_HOSTS = {"127.0.0.1", "localhost", ""}


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    path = need_tool("chromium")
    if not is_installed("playwright"):
        leave_out("playwright is not installed: run make setup")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        sound = f"--use-file-for-fake-audio-capture={SHIPPED_SOUND}%noloop"
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, sound])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Opens pages; fails the test if one asked anything of another machine, or threw an error."""
    asked, errors, contexts = [], [], []

    def open_page(url, width=1280, height=1000, dark=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["microphone"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url, wait_until="domcontentloaded")
        return page

    yield open_page
    for context in contexts:
        context.close()
    elsewhere = [url for url in asked if urlsplit(url).hostname not in {*OWN_HOSTS, None}]
    assert not elsewhere, f"asked of another machine: {elsewhere[:5]}"
    assert not errors, errors[:5]


@pytest.fixture(scope="session")
def lab(tmp_path_factory, chromium):
    """One JupyterLab for all tests: a function from cells to the address of their notebook."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyterlab(folder) as address:

        def make(name, *cells):
            write_notebook(folder / name, *cells)
            return address(name)

        make.folder, make.address = folder, address
        yield make
    shutil.rmtree(folder, ignore_errors=True)
