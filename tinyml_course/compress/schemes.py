"""One table over all number formats of a model: what each costs and what each gets wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import QuantizationError
from tinyml_course.interpreters import litert, tflm
from tinyml_course.table import Table
from tinyml_course.training.kinds import CLASSES, AnswerKind


@dataclass(frozen=True)
class SchemeRow:
    """One number format.

    Attributes:
        name: of the format.
        accuracy: on the samples given (or what else measures the kind of answer), computed by TFLM
            if it takes the model, else by LiteRT.
        file_bytes: size of the .tflite file, which is what it takes of flash.
        arena_bytes: the smallest TFLM arena that works here; None if TFLM refuses or is not here.
        refusal: why there is no arena; empty if there is one.
        max_error, mean_error: absolute differences of the real outputs from the reference's.
        changed: how many samples get another class than the reference gives them; None where the
            answers are values.
    """

    name: str
    accuracy: float
    file_bytes: int
    arena_bytes: int | None
    refusal: str
    max_error: float
    mean_error: float
    changed: int | None


@dataclass(frozen=True)
class SchemeTable:
    """Rows in the order given. Printed, it is an aligned table; in a notebook, a real one."""

    rows: tuple[SchemeRow, ...]
    reference: str
    samples: int
    measure: str = "accuracy"

    def __getitem__(self, name: str) -> SchemeRow:
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def __iter__(self) -> Iterator[SchemeRow]:
        return iter(self.rows)

    def table(self) -> Table:
        """The same as text cells."""
        return Table(
            (
                "scheme",
                self.measure,
                "file bytes",
                "arena bytes",
                "max error",
                "mean error",
                "changed",
                "TFLM",
            ),
            tuple(
                (
                    row.name,
                    f"{row.accuracy:.3f}",
                    f"{row.file_bytes:,}",
                    "-" if row.arena_bytes is None else f"{row.arena_bytes:,}",
                    f"{row.max_error:.4f}",
                    f"{row.mean_error:.5f}",
                    "-" if row.changed is None else str(row.changed),
                    row.refusal or "runs it",
                )
                for row in self.rows
            ),
            f"{self.samples} samples; errors of the outputs, and changed classes, "
            f"against {self.reference}",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def compare_schemes(
    models: Mapping[str, bytes],
    x: np.ndarray,
    y: np.ndarray,
    *,
    reference: str = "fp32",
    answers: AnswerKind = CLASSES,
) -> SchemeTable:
    """Accuracy, size, arena and output errors of the same model in several number formats.

    Args:
        models: .tflite files by the name of the format, for instance `{"fp32": ..., "int8": ...}`.
        x: `(n, *input_shape)` floats, after preprocessing. Use the validation part while choosing,
            the test part once at the end.
        y: `(n,)` labels, or what else the model was trained on.
        reference: the name of the model whose outputs count as exact.
        answers: what kind of answer the models give.

    Raises:
        QuantizationError: `reference` is not among the models.
    """
    if reference not in models:
        raise QuantizationError(
            f"no model is called {reference!r} among {', '.join(models) or 'none'}: name the one "
            "that the others are compared with"
        )
    exact = litert.run_litert(models[reference], x)
    rows = []
    for name, content in models.items():
        refusal = _find_refusal(content)
        scores = tflm.score_model(content, x)
        errors = np.abs(scores - exact)
        rows.append(
            SchemeRow(
                name=name,
                accuracy=answers.score(scores, y),
                file_bytes=len(content),
                arena_bytes=None if refusal else tflm.smallest_arena(content),
                refusal=refusal,
                max_error=float(errors.max()),
                mean_error=float(errors.mean()),
                changed=(
                    int(np.sum(scores.argmax(axis=1) != exact.argmax(axis=1)))
                    if answers is CLASSES
                    else None
                ),
            )
        )
    return SchemeTable(tuple(rows), reference, len(x), answers.measure)


def _find_refusal(content: bytes) -> str:
    """Why there is no TFLM figure; empty if there is one."""
    if not tflm.is_available():
        return "not on this computer"
    reason = tflm.find_refusal(content) or ""
    return reason.replace("TFLM refuses this model", "refuses")
