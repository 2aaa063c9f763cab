"""`tinyml play`: a board as a page of its own."""

import os
import sys
import urllib.request

import pytest

from tests.browser.servers import REPOSITORY, running
from tinyml_course.errors import BoardError
from tinyml_course.live.page_server import serve_page

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


def test_what_cannot_be_played_is_said_before_anything_starts(write_sketch):
    with (
        pytest.raises(BoardError, match=r"\.ino:1"),
        serve_page(write_sketch("void setup() { int x = ; } void loop() {}"), "nano33ble"),
    ):
        pass
