"""The pictures beside a Bundle: how training went, what each stage costs, what the answers are."""

from __future__ import annotations

from pathlib import Path

from tinyml_course.compress.schemes import SchemeRow, SchemeTable
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.features.commissioning import LIMIT
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.observe import plots
from tinyml_course.observe.anomaly_plots import plot_deviations
from tinyml_course.observe.value_plots import plot_values
from tinyml_course.pipeline.stages import Trained
from tinyml_course.training import DEVIATIONS, confusion_matrix
from tinyml_course.training.detection import deviations_by_method, find_commissioning


def write_plots(
    folder: Path, trained: Trained, model: bytes, rows: list[SchemeRow], test: Dataset
) -> None:
    """The report's three pictures as PNG files; its page shows what is here."""
    scores = run_litert(model, trained.inputs["test"])
    table = SchemeTable(tuple(rows), "fp32", len(test), trained.answers.measure)
    pictures = {
        "training": plots.plot_history(trained.history),
        "stages": plots.plot_schemes(table),
    }
    if trained.answers is DEVIATIONS:
        strays = deviations_by_method(trained.inputs["test"], test, scores)["autoencoder"]
        judged = ~find_commissioning(test)
        pictures["deviations"] = plot_deviations(
            {
                name: strays[judged & (test.y == label)]
                for label, name in enumerate(test.class_names)
            },
            LIMIT,
        )
    elif trained.targets is None:
        matrix = confusion_matrix(scores, test.y)
        pictures["confusion"] = plots.plot_confusion_matrix(matrix, test.class_names)
    else:
        pictures["values"] = plot_values(
            test.y, trained.targets.decode(test.x, scores), test.target_names, test.target_units
        )
    folder.mkdir()
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", dpi=120, bbox_inches="tight")
