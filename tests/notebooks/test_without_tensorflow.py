"""The lessons that train nothing run where TensorFlow is not installed, and answer right."""

import re

import pytest
from nbclient import NotebookClient

from tests.hidden import TRAINING, hide
from tests.notebooks.lesson_files import NOTEBOOKS, build

LESSONS = ("00", "00b", "01", "02", "07", "08", "09", "10", "12", "15")


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_without_tensorflow(lesson, tmp_path, monkeypatch):
    (tmp_path / "begin").mkdir()
    for name, value in hide(tmp_path / "begin", *TRAINING, "espeakng_loader").items():
        monkeypatch.setenv(name, value)
    (source,) = (NOTEBOOKS / "src").glob(f"{lesson}_*.py")
    notebook = build.derive_notebook(source, solved=True)
    resources = {"metadata": {"path": str(tmp_path)}}  # its files lie nowhere near
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    printed = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    answers = re.findall(r"^exercise \S+: (.*)", printed, re.MULTILINE)
    assert len(answers) >= 2
    assert all(answer.startswith("correct") for answer in answers), answers
    stands_in = re.findall(r".*no TensorFlow here.*", printed)
    assert len(stands_in) == (lesson == "10"), "said in one line, where a model stands in"
