"""Writes NAME.h and NAME.c: a network as C that needs no interpreter.

A generated file reads from top to bottom: what it is, the kernels it uses, a block for each layer
with its tables and one short function, the memory plan, and `NAME_invoke`, one call a layer.
Every symbol begins with the model's name, so several models fit into one program. Each layer has a
readable variant and may have a fast one behind `NAME_FAST_KERNELS`; `layers.code.LayerCode` is the
interface between the two and this writer, `kernels/README.md` its description. Lesson 08 reads a
generated file.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.export.model_c.program import build_program
from tinyml_course.export.model_c.writer import ModelC, write_program
from tinyml_course.export.names import check_name
from tinyml_course.files import write_texts
from tinyml_course.network.model import TfliteModel


def generate_model_c(model: bytes, name: str, allow_fast: bool = True) -> ModelC:
    """The C of a model, as text.

    Args:
        model: a .tflite file.
        name: prefix of all symbols; lower-case letters, digits, underscores.
        allow_fast: False leaves the fast kernels out, for a file with nothing but the readable.

    Raises:
        ExportError, UnsupportedOperatorError: as `TfliteModel.network`.
    """
    check_name(name)
    program = build_program(TfliteModel.of(model).network, allow_fast)
    return write_program(program, name)


def export_model_c(
    model: bytes, out_dir: Path | str, name: str, allow_fast: bool = True
) -> tuple[Path, Path]:
    """Write NAME.h and NAME.c into a folder; nothing is written if the model is refused.

    Returns:
        The paths of the header and the source.

    Raises:
        ExportError: the model cannot be exported.
        OutputError: the folder cannot be written.
    """
    return write_model_c(generate_model_c(model, name, allow_fast), out_dir)


def write_model_c(code: ModelC, out_dir: Path | str) -> tuple[Path, Path]:
    """Write what `generate_model_c` made: the second half of `export_model_c`."""
    name, out_dir = code.name, Path(out_dir)
    paths = out_dir / f"{name}.h", out_dir / f"{name}.c"
    write_texts(dict(zip(paths, (code.header, code.source), strict=True)))
    return paths
