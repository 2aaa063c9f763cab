"""A .tflite model as a C array for TensorFlow Lite Micro. Lesson 07 writes one and weighs it.

What `xxd -i` writes is neither `const` nor aligned: the start-up code copies it into RAM, and TFLM
reads it through misaligned pointers. This header is both, and carries what a sketch must otherwise
copy by hand: the operators a resolver needs, the quantization of input and output, the class names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tinyml_course
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.export.names import check_name
from tinyml_course.files import write_text
from tinyml_course.network.facts import ModelFacts, resolver_method
from tinyml_course.network.model import TfliteModel

BYTES_A_LINE = 12


@dataclass(frozen=True)
class CArray:
    """What was written, and what it costs.

    Attributes:
        header: the file.
        flash_bytes: the model's bytes, read in place.
        ram_bytes: what the array takes of RAM: nothing, because it is `const`.
        xxd_ram_bytes: what plain `xxd -i` of the same file takes: the array and its length, both
            writable, copied from flash at start-up.
    """

    header: Path
    facts: ModelFacts
    flash_bytes: int
    ram_bytes: int
    xxd_ram_bytes: int


def export_c_array(
    model: bytes,
    out_dir: Path,
    name: str,
    class_names: tuple[str, ...] = (),
    arena_bytes: int | None = None,
    allow_per_channel_dense: bool = False,
) -> CArray:
    """Write `out_dir/NAME_model_data.h`.

    Args:
        model: a .tflite model that TFLM can run: float32, int8 or int16x8.
        name: a C identifier; every name in the header begins with it.
        class_names: written beside the outputs, if given.
        arena_bytes: a tensor arena that was found to work on the host, if known.
        allow_per_channel_dense: TFLM before September 2024, which is what Arduino users have,
            ignores the scales of a dense layer quantized per channel and answers wrongly without
            an error. Such a model is refused unless this is True.

    Raises:
        ExportError: no model, a name that is no C identifier.
        OutputError: a folder that cannot be written.
        UnsupportedOperatorError: a model that TFLM refuses or, on Arduino, answers wrongly.
    """
    model = TfliteModel.of(model)
    facts = model.facts
    check_name(name)
    check_tflm_accepts(facts, allow_per_channel_dense)
    text = render_c_array(model, name, class_names, arena_bytes)
    header = write_text(Path(out_dir) / f"{name}_model_data.h", text)
    length_variable_bytes = 4
    return CArray(header, facts, len(model), 0, len(model) + length_variable_bytes)


def check_tflm_accepts(facts: ModelFacts, allow_per_channel_dense: bool = False) -> None:
    """Refuse what TFLM cannot run, or what Arduino's copies of it run wrongly.

    Raises:
        UnsupportedOperatorError: naming operator and remedy.
    """
    if facts.hybrid:
        raise UnsupportedOperatorError(
            f"{facts.hybrid[0]} has float activations and int8 weights (dynamic-range "
            "quantization): TFLM refuses hybrid models. Convert to full int8 with representative "
            "data (tinyml_course.compress.quantize.convert_int8)"
        )
    if facts.float16:
        raise UnsupportedOperatorError(
            f"tensor {facts.float16[0]!r} is float16: TFLM has no float16 kernels, and a "
            "microcontroller gains nothing from the smaller file. Convert to int8, or to float32"
        )
    for operator in facts.operators:
        if not re.fullmatch("[A-Z0-9_]+", operator):
            raise UnsupportedOperatorError(
                f"{operator}: TFLM's resolver has a method for each standard operator, and this is "
                "none. Build the layer from standard operators"
            )
    if facts.per_channel_dense and not allow_per_channel_dense:
        raise UnsupportedOperatorError(
            f"FULLY_CONNECTED {facts.per_channel_dense[0]!r} has one scale a channel: TFLM before "
            "September 2024, which Arduino's libraries carry, ignores them and answers wrongly "
            "without an error. Convert with per-tensor dense layers (convert_int8 does), or pass "
            "--allow-per-channel-dense if your TFLM is newer"
        )


def render_c_array(
    model: bytes,
    name: str,
    class_names: tuple[str, ...] = (),
    arena_bytes: int | None = None,
) -> str:
    """The header's text; the same model gives the same text, on any day and machine."""
    model = TfliteModel.of(model)
    facts, upper = model.facts, name.upper()
    add = "  \\\n".join(f"    (resolver).{resolver_method(o)}();" for o in facts.operators)
    lines = [
        "// A TensorFlow Lite model as a C array. Generated, do not edit.",
        f"// generator   tinyml_course {tinyml_course.__version__}",
        f"// model       {len(model)} bytes, SHA-256 {model.sha256}",
        f"// operators   {', '.join(facts.operators)}",
        "// memory      const: stays in flash, takes no RAM. Include it in one file only.",
        f"#ifndef {upper}_MODEL_DATA_H_",
        f"#define {upper}_MODEL_DATA_H_",
        "",
        "#include <stdint.h>",
        "",
        "// What a resolver needs, and no more:",
        f"//   static tflite::MicroMutableOpResolver<{upper}_OPERATOR_COUNT> resolver;",
        f"//   {upper}_ADD_OPERATORS(resolver);",
        f"#define {upper}_OPERATOR_COUNT {len(facts.operators)}",
        f"#define {upper}_ADD_OPERATORS(resolver) \\",
        "  do {  \\",
        f"{add}  \\",
        "  } while (0)",
        "",
        *_tensor_macros(facts, upper),
    ]
    if facts.resource_variables:
        lines += [
            "// It keeps state: the interpreter needs tflite::MicroResourceVariables::Create(",
            f"//   allocator, {upper}_RESOURCE_VARIABLES) as one of its arguments.",
            f"#define {upper}_RESOURCE_VARIABLES {facts.resource_variables}",
            "",
        ]
    if arena_bytes is not None:
        lines += [
            "// Found on a 64-bit host with a margin; a 32-bit board needs less.",
            f"#define {upper}_ARENA_BYTES {arena_bytes}",
            "",
        ]
    if class_names:
        quoted = ", ".join('"' + _escape(c) + '"' for c in class_names)
        lines += [
            f"#define {upper}_CLASS_COUNT {len(class_names)}",
            f"static const char *const {name}_class_names[{upper}_CLASS_COUNT] = {{{quoted}}};",
            "",
        ]
    lines += [
        "// TFLM reads 32-bit fields in place: the array must be aligned.",
        "#ifdef __cplusplus",
        f"#define {upper}_ALIGN16 alignas(16)",
        "#else",
        f"#define {upper}_ALIGN16 _Alignas(16)",
        "#endif",
        f"#define {upper}_MODEL_BYTES {len(model)}u",
        f"{upper}_ALIGN16 static const unsigned char {name}_model[{upper}_MODEL_BYTES] = {{",
        *_byte_lines(model),
        "};",
        "",
        f"#endif  // {upper}_MODEL_DATA_H_",
    ]
    return "\n".join(lines) + "\n"


def render_xxd(model: bytes, name: str) -> str:
    """What `xxd -i NAME.tflite` prints: writable and unaligned, to be weighed in lesson 07.

    >>> print(render_xxd(bytes([28, 0]), "m"))
    unsigned char m_tflite[] = {
      0x1c, 0x00
    };
    unsigned int m_tflite_len = 2;
    <BLANKLINE>
    """
    body = "\n".join(_byte_lines(model)).rstrip(",")
    return (
        f"unsigned char {name}_tflite[] = {{\n{body}\n}};\n"
        f"unsigned int {name}_tflite_len = {len(model)};\n"
    )


def _tensor_macros(facts: ModelFacts, upper: str) -> list[str]:
    lines = ["// real = scale * (q - zero_point); q = round(real / scale) + zero_point, clamped."]
    for role, tensors in (("INPUT", facts.inputs), ("OUTPUT", facts.outputs)):
        for number, tensor in enumerate(tensors):
            prefix = f"{upper}_{role}" + ("" if len(tensors) == 1 else f"_{number}")
            shape = " x ".join(str(size) for size in tensor.shape)
            lines.append(f"#define {prefix}_SIZE {tensor.size}  // {tensor.dtype}, {shape}")
            if tensor.scale is not None:
                lines.append(f"#define {prefix}_SCALE {_float_literal(tensor.scale)}")
                lines.append(f"#define {prefix}_ZERO_POINT ({tensor.zero_point})")
    return [*lines, ""]


def _float_literal(value: float) -> str:
    """The shortest literal that reads back as the same float32."""
    import numpy as np

    text = np.format_float_scientific(np.float32(value), unique=True, trim="0")
    return text + "f"


def _byte_lines(model: bytes) -> list[str]:
    return [
        "  " + ", ".join(f"0x{byte:02x}" for byte in model[i : i + BYTES_A_LINE]) + ","
        for i in range(0, len(model), BYTES_A_LINE)
    ]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
