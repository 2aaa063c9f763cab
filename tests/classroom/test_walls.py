"""What stands inside a submission's walls."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.tools import need_tool
from tinyml_course.classroom.grading import walls
from tinyml_course.classroom.grading.walls import Limits, wall_in


@pytest.fixture
def under_tmp():
    """A folder in /tmp itself, wherever pytest has its own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def _run(notebook: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        wall_in(command, notebook, Limits()), capture_output=True, text=True, check=False
    )


def test_a_course_that_lies_under_tmp_is_seen_and_nothing_else_there_is(monkeypatch, under_tmp):
    need_tool("bwrap")
    course, notebook = under_tmp / "clone" / "tinyml_course", under_tmp / "ada.ipynb"
    course.mkdir(parents=True)
    (course / "lesson.py").write_text("lesson")
    (under_tmp / "marks.csv").write_text("of last year")
    notebook.write_text("{}")
    monkeypatch.setattr(walls, "PACKAGE", course)
    monkeypatch.setattr(walls, "HIDDEN", ())
    assert _run(notebook, "/bin/cat", str(course / "lesson.py")).stdout == "lesson"
    assert _run(notebook, "/bin/cat", str(under_tmp / "marks.csv")).returncode != 0
    written = f"echo x > {course}/lesson.py || echo refused; echo y > /tmp/free && cat /tmp/free"
    assert _run(notebook, "/bin/sh", "-c", written).stdout == "refused\ny\n"
    assert (course / "lesson.py").read_text() == "lesson"
