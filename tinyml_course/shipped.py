"""Where the files that come with the course are: the only module that knows.

In a checkout they lie beside the package. An installed wheel carries them inside it, put there by
setup.py. They are read, never written: an installed package may belong to somebody else.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSIDE = _PACKAGE / "shipped_files"  # in a wheel
IS_CHECKOUT = not _INSIDE.is_dir()
ROOT = _PACKAGE.parent if IS_CHECKOUT else _INSIDE

DATA = ROOT / "data"
BUNDLES = DATA / "bundles"
MODELS = DATA / "models"
SKETCHES = ROOT / "arduino_sketches"
LESSONS = ROOT / "notebooks"
DOCS = ROOT / "docs"
LOCK = ROOT / "requirements.lock"  # of a checkout alone
