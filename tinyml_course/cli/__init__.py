"""The `tinyml` command."""

from tinyml_course.cli.main import main

__all__ = ["main"]
