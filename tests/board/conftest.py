"""Long emulations run untraced."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """The emulator asks Python at each register: traced, a long run takes seven times as long.

    The files beside this one emulate for long; those in the folders reach the same lines quickly.
    """
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.no_cover)
