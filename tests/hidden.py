"""An environment in which some installed packages cannot be found, for programs that tests run."""

from __future__ import annotations

import os
from pathlib import Path

TRAINING = ("tensorflow", "tf_keras", "tensorflow_model_optimization", "keras")

_SITECUSTOMIZE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""


def hide(folder: Path, *packages: str) -> dict[str, str]:
    """The environment of a program to which `packages` are not installed.

    Args:
        folder: an empty one, for the file with which Python begins.
        packages: names that one imports.
    """
    (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE.format(hidden=set(packages)))
    return os.environ | {"PYTHONPATH": str(folder)}
