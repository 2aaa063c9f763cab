"""Writes the generated C of every sketch from the shipped Bundles: python arduino_sketches/build.py

A test holds that what lies here is what this writes.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.bundle import Bundle
from tinyml_course.export.c_array import export_c_array
from tinyml_course.export.firmware.classifier import export_classifier_c, export_preprocessing_c
from tinyml_course.export.firmware.detector import export_detector_c
from tinyml_course.export.firmware.learning import export_learner_c
from tinyml_course.export.firmware.listener import export_listener_c
from tinyml_course.export.firmware.pictures import export_pictures_c
from tinyml_course.export.firmware.predictor import export_predictor_c
from tinyml_course.export.firmware.sealed import export_sealed_c
from tinyml_course.export.firmware.trees import export_bundle_tree_c
from tinyml_course.export.firmware.trigger import export_trigger_c
from tinyml_course.export.model_c.source import export_model_c
from tinyml_course.interpreters.tflm import smallest_arena
from tinyml_course.pipeline.run import with_margin
from tinyml_course.shipped import BUNDLES

SKETCHES = Path(__file__).parent
# Headers that several sketches have, by the sketch that they are written in.
SENSOR_HEADERS = (
    "sensor.h",
    "sensor_check.h",
    "sensor_nano_rev1.h",
    "sensor_nano_rev2.h",
    "sensor_wio_terminal.h",
)
SHARED_HEADERS = ("message.h", "rest.h")
SHARING = (
    "motion", "motion_tflm", "keywords", "digits", "gas", "gestures", "personalize", "pond",
    "security", "vibration",
)  # fmt: skip
SENSING = ("motion", "motion_tflm", "personalize", "security")


def build_sketches(out: Path = SKETCHES) -> list[Path]:
    """Write every generated file below `out`, laid out like this folder; their paths."""
    motion = Bundle.load(BUNDLES / "motion")
    written = export_classifier_c(motion, out / "motion", "motion")
    written += export_sealed_c(motion, out / "security", "security")
    written += export_model_c(motion.model, out / "selftest", "selftest_model")
    # Each sketch folder is complete as it lies: the Arduino IDE opens nothing beside it.
    written += export_preprocessing_c(motion, out / "motion_tflm", "motion")
    arena_bytes = with_margin(smallest_arena(motion.model))
    array = export_c_array(
        motion.model, out / "motion_tflm", "motion", motion.class_names, arena_bytes
    )
    written.append(array.header)
    digits = Bundle.load(BUNDLES / "digits")
    written += export_classifier_c(digits, out / "digits", "digits")
    written += export_pictures_c(digits, out / "digits", "digits")
    gas = Bundle.load(BUNDLES / "gas")
    written += export_classifier_c(gas, out / "gas", "gas")
    written += export_bundle_tree_c(gas, out / "gas", "gas")
    written += export_detector_c(Bundle.load(BUNDLES / "vibration"), out / "vibration", "vibration")
    gestures = Bundle.load(BUNDLES / "gestures")
    written += export_classifier_c(gestures, out / "gestures", "gestures")
    written += export_trigger_c(gestures, out / "gestures", "gestures")
    personalize = Bundle.load(BUNDLES / "personalize")
    written += export_learner_c(personalize, out / "personalize", "personalize")
    written += export_predictor_c(Bundle.load(BUNDLES / "pond"), out / "pond", "pond")
    keywords = Bundle.load(BUNDLES / "keywords_people")
    written += export_listener_c(keywords, out / "keywords", "keywords")
    copies = [("recorder", name, sketch) for name in SENSOR_HEADERS for sketch in SENSING]
    copies += [("recorder", name, sketch) for name in SHARED_HEADERS for sketch in SHARING]
    copies += [("recorder", "sensor_check.h", sketch) for sketch in ("vibration", "gestures")]
    copies.append(("personalize", "two_places.h", "vibration"))
    for source, name, sketch in copies:
        copy = out / sketch / name
        copy.write_bytes((SKETCHES / source / name).read_bytes())
        written.append(copy)
    return written


if __name__ == "__main__":
    for path in build_sketches():
        print(path.relative_to(SKETCHES))
