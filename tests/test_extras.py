"""What is missing is said in one line, at the door, before anything is computed."""

import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tests.hidden import hide_training
from tinyml_course import extras, training
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.datasets.speech import Utterance, list_variants, synthesize
from tinyml_course.errors import MissingExtraError
from tinyml_course.extras import pip_line
from tinyml_course.labs import get_lab
from tinyml_course.pipeline.run import run_lab
from tinyml_course.shipped import ROOT


@pytest.fixture
def missing(monkeypatch):
    """A function that hides a module from `import` and from whoever looks for it."""
    return lambda name: monkeypatch.setitem(sys.modules, name, None)


DOORS = {
    "tensorflow": ("training needs TensorFlow", "train", training.import_keras),
    "tf_keras": ("training needs tf-keras", "train", lambda: training.build_dense((4,), 2)),
    "tensorflow_model_optimization": (
        "compressing by training needs TensorFlow's model optimization toolkit",
        "train",
        training.import_toolkit,
    ),
    "sklearn": (
        "a confusion matrix needs scikit-learn",
        "train",
        lambda: training.confusion_matrix(np.eye(2), np.array([0, 1])),
    ),
    "espeakng_loader": (
        "speaking new words needs espeak-ng",
        "speech",
        lambda: synthesize([Utterance("yes")]),
    ),
}


@pytest.mark.parametrize("module", DOORS)
def test_a_missing_package_is_one_line_with_what_to_type(missing, module):
    says, extra, door = DOORS[module]
    missing(module)
    with pytest.raises(MissingExtraError) as caught:
        door()
    assert str(caught.value) == f"{says}: {pip_line(extra)}"


def test_the_other_doors_of_the_same_packages(missing):
    missing("sklearn")
    missing("espeakng_loader")
    with pytest.raises(MissingExtraError, match="handwritten digits needs scikit-learn"):
        make_digits_dataset()
    with pytest.raises(MissingExtraError, match="speaking new words"):
        list_variants()


@pytest.mark.parametrize(
    "module", ["tensorflow", "tf_keras", "tensorflow_model_optimization", "sklearn"]
)
def test_a_lab_asks_for_all_it_needs_before_it_makes_data(missing, tmp_path, module):
    missing(module)
    lines: list[str] = []
    with pytest.raises(MissingExtraError):
        run_lab(get_lab("motion"), tmp_path / "out", log=lines.append)
    assert lines == []
    assert not (tmp_path / "out").exists()


def test_a_package_that_somebody_hides_is_not_installed():
    ask = "from tinyml_course.extras import is_installed as i; print(i('tensorflow'), i('numpy'))"
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=hide_training())
    assert done.stdout.split() == ["False", "True"]


def test_what_is_there_is_not_complained_about():
    extras.require_extra("train", "a lab's whole chain")
    with pytest.raises(KeyError):
        extras.require("no_such_module", "nothing")


@pytest.mark.parametrize(
    ("noted", "line"),
    [
        ("", '"tinyml-course[lab]"'),
        ('{"url": "file:///home/ann/my%20clone", "dir_info": {}}', '"/home/ann/my clone[lab]"'),
        ('{"url": "file:///tmp/t-1.whl", "archive_info": {}}', '"/tmp/t-1.whl[lab]"'),
        (
            '{"url": "https://host/t.git", "vcs_info": {"vcs": "git", "commit_id": "1"}}',
            '"tinyml-course[lab] @ git+https://host/t.git"',
        ),
        (
            '{"url": "https://host/t.whl", "archive_info": {}}',
            '"tinyml-course[lab] @ https://host/t.whl"',
        ),
    ],
)
def test_pip_is_sent_where_this_installation_came_from(monkeypatch, noted, line):
    """A name that no registry has would be no help."""
    monkeypatch.setattr(extras, "IS_CHECKOUT", False)
    installed = SimpleNamespace(read_text=lambda _: noted or None)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: installed)
    assert pip_line("lab") == f"pip install {line}"


def test_in_a_checkout_it_is_the_checkout():
    assert pip_line("lab") == f'pip install -e "{ROOT}[lab]"'
