"""Does every vector find its leaf in the C? Compares with scikit-learn's own answers. Lesson 15.

The C runs behind a small driver that walks over many vectors, the same on this computer and on an
emulated core (`board.tree_cores`).
"""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.trees.source import TreeC, generate_tree_c
from tinyml_course.trees.forest import Forest

# Leaves `(n, trees)` and classes `(n,)`, int64.
Answers = tuple[np.ndarray, np.ndarray]
TEST_NAME = "forest"


@dataclass(frozen=True)
class TreeVerification:
    """What a comparison found.

    Attributes:
        vectors: how many were tried.
        leaves_compared, leaves_differing: one a vector and tree; differing from scikit-learn's
            `apply`, or from the NumPy reference where no estimator was given.
        classes_differing: from the NumPy reference's `predict`.
        target: where the C ran.
        form: of the C.
    """

    vectors: int
    leaves_compared: int
    leaves_differing: int
    classes_differing: int
    target: str
    form: str

    @property
    def passed(self) -> bool:
        """Not one leaf and not one class differs."""
        return self.leaves_differing == 0 and self.classes_differing == 0


@dataclass(frozen=True)
class TreeRunner:
    """A place where the C of trees can run, and its name, for instance "host"."""

    name: str
    run: Callable[[Forest, TreeC, np.ndarray], Answers]


def driver_text(forest: Forest, name: str) -> str:
    """C that walks over `n` vectors: `NAME_run_all`."""
    m = name.upper()
    return f"""#include "{name}.h"

void {name}_run_all(const {forest.dtype}_t *x, int32_t n, uint16_t *leaves, uint8_t *classes);

void {name}_run_all(const {forest.dtype}_t *x, int32_t n, uint16_t *leaves, uint8_t *classes)
{{
    for (int32_t i = 0; i < n; i++) {{
        {name}_leaves(&x[i * {m}_FEATURES], &leaves[i * {m}_TREES]);
        classes[i] = (uint8_t){name}_predict(&x[i * {m}_FEATURES]);
    }}
}}
"""


def run_on_host(forest: Forest, code: TreeC, x: np.ndarray) -> Answers:
    """The C, compiled for this computer with every warning an error."""
    name = code.name
    leaves = np.zeros((len(x), len(forest.trees)), np.uint16)
    classes = np.zeros(len(x), np.uint8)
    with tempfile.TemporaryDirectory(prefix="tinyml-", ignore_cleanup_errors=True) as folder:
        files = {
            f"{name}.h": code.header,
            f"{name}.c": code.source,
            "driver.c": driver_text(forest, name),
        }
        library = compile_c(files, Path(folder), f"{name}.so", STRICT_FLAGS)
        run_all = getattr(ctypes.CDLL(str(library)), f"{name}_run_all")
        run_all.restype = None
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (x, leaves, classes)]
        run_all(pointers[0], ctypes.c_int32(len(x)), *pointers[1:])
    return leaves.astype(np.int64), classes.astype(np.int64)


HOST = TreeRunner("host", run_on_host)


def verify_forest(
    forest: Forest,
    x: np.ndarray,
    applied: np.ndarray | None = None,
    *,
    form: str = "nested",
    runner: TreeRunner = HOST,
) -> TreeVerification:
    """Run the C of `forest` over `x` and compare leaves and classes.

    Args:
        x: `(n, features)` of the forest's type.
        applied: `(n, trees)` or `(n,)`, what scikit-learn's `apply(x)` answered; without it the
            NumPy reference is the judge of the leaves as well.
        form: of the C, "nested" or "table".
        runner: where it runs; `board.tree_cores.tree_runner` has emulated processors.

    Raises:
        DataError: features or answers of another shape.
        ExportError: a form that cannot be, or no compiler.
        BoardError: an emulated processor that the C does not fit.
    """
    x = forest.check_features(x)
    code = generate_tree_c(forest, TEST_NAME, form)
    leaves, classes = runner.run(forest, code, x)
    origins = np.stack(
        [np.asarray(tree.origin)[leaves[:, k]] for k, tree in enumerate(forest.trees)], axis=1
    )
    wanted = forest.find_origins(x) if applied is None else np.asarray(applied)
    wanted = wanted[:, None] if wanted.ndim == 1 else wanted
    if wanted.shape != origins.shape:
        raise DataError(
            f"apply answered {wanted.shape}, {origins.shape} leaves were found: give the answers "
            "of the same estimator for the same vectors"
        )
    return TreeVerification(
        vectors=len(x),
        leaves_compared=int(origins.size),
        leaves_differing=int(np.count_nonzero(origins != wanted)),
        classes_differing=int(np.count_nonzero(classes != forest.predict(x))),
        target=runner.name,
        form=form,
    )
