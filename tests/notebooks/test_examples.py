"""What an exercise's example gives is what the solution gives."""

import math
import re
from ast import literal_eval

import numpy as np
import pytest

from tests.notebooks.lesson_files import SOURCES, derive_notebook
from tinyml_course.features.magnitude import compute_magnitude

EXAMPLE = re.compile(r"^Example: `([^`]+)` gives `([^`]+)`\.$", re.MULTILINE)


def find_examples():
    """The lesson, the source of its solved exercises, a call and what it is said to give."""
    for source in SOURCES:
        cells = derive_notebook(source, solved=True).cells
        asked = ""
        for cell in cells:
            if cell.cell_type == "markdown":
                asked = cell.source
                continue
            for call, gives in EXAMPLE.findall(asked):
                if f"def {call.split('(')[0]}(" in cell.source:
                    yield pytest.param(cell.source, call, gives, id=f"{source.stem}-{call[:24]}")


@pytest.mark.parametrize(("solution", "call", "gives"), find_examples())
def test_an_example_is_true(solution, call, gives):
    names = {"np": np, "math": math, "compute_magnitude": compute_magnitude}
    exec(solution, names)  # a cell of the lesson itself
    given, said = eval(call, names), literal_eval(gives)
    if isinstance(said, str) or (isinstance(said, list) and isinstance(said[0], str)):
        assert given == said
    else:
        assert np.shape(given) == np.shape(said)
        assert np.allclose(given, said, atol=5e-5)


def test_every_example_of_an_exercise_was_tried():
    written = 0
    for source in SOURCES:
        notebook = derive_notebook(source, solved=False)
        texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        found = [text for text in texts if "Example: `" in text]
        assert all("## Exercise" in text for text in found), source
        written += len(found)
        assert found, f"no exercise of {source.stem} has an example"
    assert written == len(list(find_examples()))
