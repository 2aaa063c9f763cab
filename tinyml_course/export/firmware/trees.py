"""The trees of a Bundle beside its network in a sketch: NAME_tree.h and NAME_tree.c. Lesson 15."""

from __future__ import annotations

from pathlib import Path

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError
from tinyml_course.export.trees.source import export_tree_c


def export_bundle_tree_c(
    bundle: Bundle, out_dir: Path | str, name: str, form: str = "nested"
) -> list[Path]:
    """Write NAME_tree.h and .c: they take the int8 input that NAME_preprocess makes; their paths.

    Raises:
        ExportError: the Bundle has no trees, or as `export_tree_c`.
        OutputError: the folder cannot be written.
    """
    if bundle.forest is None:
        raise ExportError(
            f"the Bundle of {bundle.name} has no trees: give its Lab a tree (Lab.trees) and train "
            "it again"
        )
    return export_tree_c(bundle.forest, out_dir, f"{name}_tree", form)
