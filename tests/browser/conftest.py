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
OWN_HOSTS = {"127.0.0.1", "localhost", None}  # None: data: and blob:


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


class Visits:
    """Opens pages, and remembers what they asked for and what went wrong in them."""

    def __init__(self, browser):
        self._browser = browser
        self._asked, self._errors, self._contexts = [], [], []

    def __call__(self, url, width=1280, height=1000, dark=False):
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["microphone"],
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: self._asked.append(request.url))
        page.on("websocket", lambda socket: self._asked.append(socket.url))
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.goto(url, wait_until="domcontentloaded")
        return page

    def end(self):
        """Fails if a page asked anything of another machine, or threw an error."""
        for context in self._contexts:
            context.close()
        elsewhere = [url for url in self._asked if urlsplit(url).hostname not in OWN_HOSTS]
        assert self._asked
        assert not elsewhere, f"asked of another machine: {elsewhere[:5]}"
        assert not self._errors, self._errors[:5]


@pytest.fixture
def visit(chromium):
    visits = Visits(chromium)
    yield visits
    visits.end()


@pytest.fixture(scope="module")
def guarded_page(chromium):
    """As `visit`, for a page that all tests of a file share."""
    visits = Visits(chromium)
    yield visits
    visits.end()


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
