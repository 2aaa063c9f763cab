"""Where the files that come with the course are: the only module that knows.

In a checkout they lie beside the package; an installed wheel carries them inside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSIDE = _PACKAGE / "shipped_files"  # in a wheel
ROOT = _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent

DATA = ROOT / "data"
BUNDLES = DATA / "bundles"
SKETCHES = ROOT / "arduino_sketches"
LESSONS = ROOT / "notebooks"
LOCK = ROOT / "requirements.lock"
