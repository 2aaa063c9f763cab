"""A network that learns on in a sketch: a frozen body, and a head beside it. Lesson 18.

NAME.h, NAME.c are the body, NAME_preprocess.h, .c what stands before it, NAME_head.h, .c the last
layer that learns, NAME_classes.h the names of its answers.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError
from tinyml_course.export.firmware.classifier import export_preprocessing_c
from tinyml_course.export.learning.source import export_head_c
from tinyml_course.export.model_c.source import export_model_c
from tinyml_course.export.text import text_literal
from tinyml_course.files import write_text
from tinyml_course.network.rewrite import cut_head
from tinyml_course.on_device.head import Head


def export_learner_c(bundle: Bundle, out_dir: Path | str, name: str) -> list[Path]:
    """Write all of it from a Bundle that learns; the paths.

    Raises:
        ExportError: the Bundle says nothing about learning, or as the exporters it calls.
        OutputError: the folder cannot be written.
    """
    if bundle.learning is None:
        raise ExportError(
            f"the Bundle of {bundle.name} does not learn on: give its Lab a `learning` and "
            "train it again"
        )
    out = Path(out_dir)
    written = [*export_model_c(cut_head(bundle.model), out, name)]
    written += export_preprocessing_c(bundle, out, name)
    written += export_head_c(Head.from_model(bundle.model), bundle.learning, out, f"{name}_head")
    names = ", ".join(text_literal(label) for label in bundle.class_names)
    text = (
        f"/* {name}_classes.h: what the answers are called. Generated: do not edit. */\n"
        f"#ifndef {name.upper()}_CLASSES_H\n#define {name.upper()}_CLASSES_H\n\n"
        f'#include "{name}_head.h"\n\n'
        f"static const char *const {name}_class_names[{name.upper()}_HEAD_CLASSES] = {{{names}}};\n"
        "\n#endif\n"
    )
    return [*written, write_text(out / f"{name}_classes.h", text)]
