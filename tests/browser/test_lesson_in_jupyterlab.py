"""A lesson as a learner opens it: JupyterLab runs it to its end in a browser."""

import shutil

import nbformat
import pytest

from tinyml_course.shipped import LESSONS

pytestmark = pytest.mark.slow  # a browser, JupyterLab and Voila have to start

LESSON = "00_start_here.ipynb"


def test_jupyterlab_opens_a_lesson_and_runs_it(lab, visit):
    shutil.copy(LESSONS / LESSON, lab.folder / LESSON)
    page = visit(lab.address(LESSON))
    page.wait_for_function("window.jupyterapp !== undefined")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    done = page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    assert done is not False
    cells = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
             .filter(cell => cell.cell_type === "code")
             .map(cell => [cell.execution_count, cell.getOutputs().map(o => o.output_type)])"""
    )
    notebook = nbformat.read(LESSONS / LESSON, as_version=4)
    written = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) == len(written)
    assert all(count for count, _ in cells), cells
    assert not [outputs for _, outputs in cells if "error" in outputs]
    if any("BoardPanel(" in cell.source for cell in written):
        page.wait_for_selector(".tc-panel[data-phase=running]", state="attached")
