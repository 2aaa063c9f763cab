"""What the base installation leaves out, and the line that brings it.

The base turns a .tflite into checked C and runs it on a virtual board. Training, the room for
the lessons, and speech are extras. Whatever needs one asks at its door, before it computes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec

from tinyml_course.errors import MissingExtraError
from tinyml_course.shipped import IS_CHECKOUT, ROOT

PACKAGE = "tinyml-course"


@dataclass(frozen=True)
class Needed:
    """A package that the base installation leaves out.

    Attributes:
        title: what people call it.
        package: its name for pip.
        extras: those that bring it; the first is the one that is advised.
        purpose: what it is for.
    """

    title: str
    package: str
    extras: tuple[str, ...]
    purpose: str


# By the name that one imports.
NEEDED = {
    "tensorflow": Needed("TensorFlow", "tensorflow", ("train",), "training and conversion"),
    "tf_keras": Needed("tf-keras", "tf-keras", ("train",), "models that can be pruned"),
    "tensorflow_model_optimization": Needed(
        "TensorFlow's model optimization toolkit",
        "tensorflow-model-optimization",
        ("train",),
        "pruning, clustering, QAT",
    ),
    "ai_edge_quantizer": Needed(
        "ai-edge-quantizer", "ai-edge-quantizer", ("train",), "a float file of any origin in int8"
    ),
    "sklearn": Needed("scikit-learn", "scikit-learn", ("train", "lab"), "reports, baselines"),
    "scipy": Needed("SciPy", "scipy", ("train",), "MATLAB files of recordings"),
    "jupyterlab": Needed("JupyterLab", "jupyterlab", ("lab",), "the lessons"),
    "IPython": Needed("IPython", "ipython", ("lab",), "grading"),
    "ipywidgets": Needed("ipywidgets", "ipywidgets", ("lab",), "sliders"),
    "anywidget": Needed("anywidget", "anywidget", ("lab",), "the board panel"),
    "traitlets": Needed("traitlets", "traitlets", ("lab",), "a widget's state"),
    "psutil": Needed("psutil", "psutil", ("lab",), "free memory"),
    "voila": Needed("Voila", "voila", ("lab",), "the board panel as a page"),
    "espeakng_loader": Needed("espeak-ng", "espeakng-loader", ("speech",), "new words"),
}


def is_installed(module: str) -> bool:
    """Whether `module` can be imported; it is looked for, not imported. Lesson 10.

    >>> is_installed("numpy"), is_installed("no_such_package")
    (True, False)
    """
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # somebody hides it
        return False


def require(module: str, purpose: str) -> None:
    """Go on if `module` is installed; else say what to install.

    Args:
        module: a key of `NEEDED`, for instance "tensorflow".
        purpose: what needs it, as the first words of a sentence: "training".

    Raises:
        MissingExtraError: it is not there.
    """
    if not is_installed(module):
        needed = NEEDED[module]
        raise MissingExtraError(purpose, f"needs {needed.title}: {pip_line(needed.extras[0])}")


def require_extra(extra: str, purpose: str) -> None:
    """Go on if all of an extra is installed; else name the first package that is not.

    Raises:
        MissingExtraError: one is missing.
    """
    for module, needed in NEEDED.items():
        if extra in needed.extras:
            require(module, purpose)


def pip_line(extra: str = "") -> str:
    """What to type for an extra, or for the base: from where this installation came.

    >>> pip_line("train").startswith("pip install "), pip_line("train").endswith('[train]"')
    (True, True)
    """
    from urllib.parse import urlsplit  # slow to import, and seldom needed
    from urllib.request import url2pathname

    brackets = f"[{extra}]" if extra else ""
    if IS_CHECKOUT:
        return f'pip install -e "{ROOT}{brackets}"'
    came_from = _came_from()
    if came_from.startswith("file:"):
        return f'pip install "{url2pathname(urlsplit(came_from).path)}{brackets}"'
    at = f" @ {came_from}" if came_from else ""
    return f'pip install "{PACKAGE}{brackets}{at}"'


def _came_from() -> str:
    """The URL that pip was given; empty if it found the package by its name."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        noted = distribution(PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:  # on the path, and not installed
        return ""
    facts = json.loads(noted or "{}")
    version_control = facts.get("vcs_info", {}).get("vcs")
    url: str = facts.get("url", "")
    return f"{version_control}+{url}" if version_control else url
