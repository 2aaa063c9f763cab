"""What a wheel carries beside the package; pyproject.toml says everything else.

Recordings, Bundles, sketches and lessons lie at the top of a checkout, where people look for them.
A wheel has them in `tinyml_course/shipped_files`; `tinyml_course/shipped.py` finds them in both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
SHIPPED = (
    "data/**/*",
    "arduino_sketches/*/**/*",
    "notebooks/*.ipynb",
    "notebooks/solutions/*.ipynb",
    "notebooks/pictures/*.svg",
    "docs/*",
    "docs/teaching/ethics.md",  # which lessons and pages lead to
)


def list_shipped() -> list[Path]:
    """The files that a wheel carries, relative to the checkout, in alphabetical order."""
    found = {path for pattern in SHIPPED for path in ROOT.glob(pattern) if path.is_file()}
    relative = (path.relative_to(ROOT) for path in found)
    made_by_tools = ("__pycache__", ".ipynb_checkpoints", ".DS_Store")
    return sorted(path for path in relative if not set(path.parts) & set(made_by_tools))


class BuildWithShippedFiles(build_py):
    """Begins with nothing: what an earlier build left behind must not get into a wheel."""

    def run(self) -> None:
        if self.editable_mode:  # the checkout itself is what gets imported
            super().run()
            return
        for left_over in (self.build_lib, self.get_finalized_command("bdist").bdist_base):
            shutil.rmtree(left_over, ignore_errors=True)
        super().run()
        for path in list_shipped():
            target = Path(self.build_lib) / "tinyml_course" / "shipped_files" / path
            self.mkpath(str(target.parent))
            self.copy_file(str(ROOT / path), str(target))


setup(cmdclass={"build_py": BuildWithShippedFiles})
