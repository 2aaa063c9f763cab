"""A sketch of the course with another model in it: ready for the Arduino IDE. Lesson 09."""

from __future__ import annotations

import shutil
from pathlib import Path

from tinyml_course.bundle import Bundle
from tinyml_course.errors import BoardError, OutputError
from tinyml_course.export.firmware.classifier import export_classifier_c
from tinyml_course.export.firmware.detector import export_detector_c
from tinyml_course.export.firmware.learning import export_learner_c
from tinyml_course.export.firmware.listener import export_listener_c
from tinyml_course.export.firmware.pictures import export_pictures_c
from tinyml_course.export.firmware.predictor import export_predictor_c
from tinyml_course.export.firmware.sealed import export_sealed_c
from tinyml_course.export.firmware.trees import export_bundle_tree_c
from tinyml_course.export.firmware.trigger import export_trigger_c
from tinyml_course.export.model_c.source import export_model_c
from tinyml_course.shipped import SKETCHES

SELFTEST_NAME = "selftest_model"
# What a sketch has beside the model's C, it is given anew: by the ending, who writes it.
AROUND_THE_MODEL = {
    "_classify.h": export_classifier_c,
    "_image.h": export_sealed_c,
    "_detect.h": export_detector_c,
    "_head.h": export_learner_c,
    "_pictures.h": export_pictures_c,
    "_predict.h": export_predictor_c,
    "_stream.h": export_listener_c,
    "_tree.h": export_bundle_tree_c,
    "_trigger.h": export_trigger_c,
}


def write_sketch(bundle: Bundle, sketch: str, out_dir: Path | str) -> Path:
    """Copy a sketch of the course and give it the Bundle's model: ready for the Arduino IDE.

    Args:
        sketch: a folder of arduino_sketches/, for instance "motion" or "selftest".
        out_dir: where the folder `sketch` is written; one that is there is replaced.

    Returns:
        The sketch's folder.

    Raises:
        BoardError: there is no such sketch.
        OutputError: the folder cannot be written.
        ExportError: the model cannot become C.
    """
    source, folder = SKETCHES / sketch, Path(out_dir) / sketch
    if not (source / f"{sketch}.ino").is_file():
        raise BoardError(f"the course has no sketch {sketch!r} in {SKETCHES}")
    try:
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(source, folder)
    except OSError as error:
        raise OutputError(
            f"cannot write {error.filename}: {error.strerror}. Choose another folder"
        ) from error
    model_name = SELFTEST_NAME if sketch == "selftest" else sketch
    if (folder / f"{model_name}.c").is_file():  # or the model lies there as data
        export_model_c(bundle.model, folder, model_name)
    for ending, export in AROUND_THE_MODEL.items():
        if (folder / f"{sketch}{ending}").is_file():
            export(bundle, folder, sketch)
    return folder
