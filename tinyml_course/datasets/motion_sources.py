"""Motion data from outside: a folder is looked at, and the right reader takes it."""

from __future__ import annotations

from pathlib import Path

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.recordings import load_recordings


def load_motion(path: str | Path) -> Dataset:
    """Recordings in the course's CSV format, as windows of still, walk and run."""
    return load_recordings(path)
