"""The environment of a program to which nothing that trains or speaks is installed.

`without_training/sitecustomize.py`, with which Python begins there, says which packages and hides
them. It is read here, never imported: that would hide them from the tests.
"""

from __future__ import annotations

import os
from pathlib import Path

WITHOUT_TRAINING = Path(__file__).with_name("without_training")


def hide_training() -> dict[str, str]:
    """The environment to start such a program in."""
    return os.environ | {"PYTHONPATH": str(WITHOUT_TRAINING)}
