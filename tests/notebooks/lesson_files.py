"""The sources of the lessons and the builder, for the tests that read them."""

import importlib.util
from functools import cache
from pathlib import Path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted((NOTEBOOKS / "src").glob("[0-9][0-9]*_*.py"))

_spec = importlib.util.spec_from_file_location("notebooks_build", NOTEBOOKS / "src" / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)


def derive_notebook(source: Path, solved: bool, seconds: int | None = None):
    """The builder's notebook, made once: many tests read it, and none may change it."""
    return _derived(source, solved, seconds)


_derived = cache(build.derive_notebook)
