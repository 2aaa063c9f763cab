"""Writes the generated C of every sketch from the shipped Bundles: python arduino_sketches/build.py

A test holds that what lies here is what this writes.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.compress.tflm import smallest_arena
from tinyml_course.export.bundle import SHIPPED, Bundle
from tinyml_course.export.c_array import export_c_array
from tinyml_course.export.c_source import export_c_source
from tinyml_course.export.classify_source import export_classifier, export_preprocess
from tinyml_course.export.listener_source import export_listener
from tinyml_course.export.pictures_source import export_pictures
from tinyml_course.pipeline import with_margin

SKETCHES = Path(__file__).parent
SENSOR_HEADERS = ("sensor.h", "sensor_nano_rev1.h", "sensor_nano_rev2.h", "sensor_wio_terminal.h")


def build_sketches(out: Path = SKETCHES) -> list[Path]:
    """Write every generated file below `out`, laid out like this folder; their paths."""
    motion = Bundle.load(SHIPPED / "motion")
    written = export_classifier(motion, out / "motion", "motion")
    written += export_c_source(motion.model, out / "selftest", "selftest_model")
    # Each sketch folder is complete as it lies: the Arduino IDE opens nothing beside it.
    written += export_preprocess(motion, out / "motion_tflm", "motion")
    arena_bytes = with_margin(smallest_arena(motion.model))
    array = export_c_array(
        motion.model, out / "motion_tflm", "motion", motion.class_names, arena_bytes
    )
    written.append(array.header)
    digits = Bundle.load(SHIPPED / "digits")
    written += export_classifier(digits, out / "digits", "digits")
    written += export_pictures(digits, out / "digits", "digits")
    keywords = Bundle.load(SHIPPED / "keywords_people")
    written += export_listener(keywords, out / "keywords", "keywords")
    for name in SENSOR_HEADERS:
        for sketch in ("motion", "motion_tflm"):
            copy = out / sketch / name
            copy.write_bytes((SKETCHES / "recorder" / name).read_bytes())
            written.append(copy)
    return written


if __name__ == "__main__":
    for path in build_sketches():
        print(path.relative_to(SKETCHES))
