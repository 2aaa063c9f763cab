"""The lessons that train nothing run where TensorFlow is not installed, and answer right.

`make test` runs them so, solved, under nbval: the Makefile's UNTRAINED lists them. Here stands what
that rests on, and one lesson far from its files.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient

from tests.hidden import WITHOUT_TRAINING, hide_training
from tests.notebooks.lesson_files import NOTEBOOKS, build

ROOT = Path(__file__).parents[2]
PACKAGES = ("tensorflow", "tf_keras", "tensorflow_model_optimization", "espeakng_loader")
PROMISED = {"00", "01", "02", "07", "08", "09", "10", "12", "19"}


def test_make_runs_the_promised_lessons_without_what_trains():
    makefile = (ROOT / "Makefile").read_text()
    (listed,) = re.findall(r"^UNTRAINED := (.*)$", makefile, re.MULTILINE)
    assert set(listed.split()) >= PROMISED
    for lesson in listed.split():
        assert len(list((NOTEBOOKS / "solutions").glob(f"{lesson}_*.ipynb"))) == 1
    assert "$(UNTRAINED:%=--untrained %)" in makefile


@pytest.mark.parametrize("package", PACKAGES)
def test_there_it_cannot_be_imported(package):
    done = subprocess.run(
        [sys.executable, "-c", f"import {package}"],
        env=hide_training(),
        capture_output=True,
        text=True,
    )
    assert f"No module named '{package}'" in done.stderr


@pytest.mark.slow
def test_a_lesson_far_from_its_files(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(WITHOUT_TRAINING))
    (source,) = (NOTEBOOKS / "src").glob("10_*.py")
    notebook = build.derive_notebook(source, solved=True)
    resources = {"metadata": {"path": str(tmp_path)}}
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
    assert len(stands_in) == 1, "said in one line, where a model stands in"
