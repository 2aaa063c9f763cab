"""Writes NAME_classify.h and NAME_classify.c: from a window in physical units to a class.

The model's C (`model_c`) takes integers. This adds what stands before and after it on a board,
from the Bundle's fitted objects, so that nobody types a mean or a scale: each preprocessing step's
C twin, the quantization of the input, and the class names. Every operation is one float32 operation
of the Python, in its order, so that the int8 inputs are equal in every bit. Lesson 07 exports it,
lesson 09 runs it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.kernels.files import kernel_needs, kernel_text
from tinyml_course.export.model_c.source import export_model_c, generate_model_c
from tinyml_course.export.names import check_name, with_prefix
from tinyml_course.export.text import comment_safe, float_literal, table_text, text_literal
from tinyml_course.features.vibration_features import (
    BEAT_EDGES,
    N_FEATURES,
    band_edges,
    hann,
    waves,
)
from tinyml_course.files import write_texts
from tinyml_course.network.ir import Tensor
from tinyml_course.network.state import refuse_state

FP_CONTRACT_OFF = """/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif"""


@dataclass(frozen=True)
class StepTwin:
    """A preprocessing step in C.

    Attributes:
        kernel: the file in kernels/ that holds its function.
        tables: constants, as C.
        call: from the C names of its input and its output to the statement that runs it.
        output_shape: of one sample.
        in_place: whether it works in its input, and ignores the output it is given.
    """

    kernel: str
    tables: str
    call: Callable[[str, str], str]
    output_shape: tuple[int, ...]
    in_place: bool = False


def _add_magnitude(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    call = "model_add_magnitude({}, {});".format
    return StepTwin("add_magnitude", "", call, (*shape[:-1], 4))


def _motion_features(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    return StepTwin("motion_features", "", "model_motion_features({}, {});".format, (8,))


def _gas_features(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    return StepTwin("gas_features", "", "model_gas_features({}, {});".format, (11,))


def _axis_features(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    return StepTwin("axis_features", "", "model_axis_features({}, {});".format, (6,))


def _pond_features(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    return StepTwin("pond_features", "", "model_pond_features({}, {});".format, (36,))


def _standardize(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    tables = "\n".join(
        table_text("float", f"{prefix}_{key}", np.asarray(step[key], np.float32))
        for key in ("mean", "scale")
    )
    rows, channels = math.prod(shape[:-1]), shape[-1]

    def call(values: str, _: str) -> str:
        return f"model_standardize({rows}, {channels}, {prefix}_mean, {prefix}_scale, {values});"

    return StepTwin("standardize", tables, call, shape, in_place=True)


def _vibration_features(step: Mapping[str, Any], shape: tuple[int, ...], prefix: str) -> StepTwin:
    window, channels = shape
    if channels != 3:
        raise ExportError(f"vibration_features has a C twin for three axes, not for {channels}")
    tables = {
        "hann": ("float", hann(window)),
        "waves": ("float", waves(window)),
        "edges": ("uint16_t", band_edges(window)),
        "beat_edges": ("uint16_t", np.array(BEAT_EDGES)),
    }
    text = "\n".join(table_text(kind, f"{prefix}_{key}", v) for key, (kind, v) in tables.items())
    names = ", ".join(f"{prefix}_{key}" for key in tables)
    call = f"model_vibration_features({names},\n                             {{}}, {{}});".format
    return StepTwin("vibration_features", text, call, (N_FEATURES,))


# A further step kind brings its twin: a kernel file, and a line here.
STEP_TWINS: dict[str, Callable[[Mapping[str, Any], tuple[int, ...], str], StepTwin]] = {
    "add_magnitude": _add_magnitude,
    "axis_features": _axis_features,
    "gas_features": _gas_features,
    "motion_features": _motion_features,
    "pond_features": _pond_features,
    "standardize": _standardize,
    "vibration_features": _vibration_features,
}


@dataclass(frozen=True)
class ClassifierC:
    """The text of NAME_classify.h and NAME_classify.c."""

    name: str
    header: str
    source: str


def generate_classifier_c(bundle: Bundle, name: str) -> ClassifierC:
    """The C around a Bundle's model.

    Args:
        bundle: with an int8 model of one input and one output.
        name: the prefix that `generate_model_c` was given.

    Raises:
        ExportError: a model with another input or output.
        UnsupportedOperatorError: a preprocessing step without a C twin, or a model with state.
    """
    twins, window_shape, _ = preprocessing_twins(bundle, name)
    upper = name.upper()
    return ClassifierC(
        name,
        _header(bundle, name, upper),
        _source(twins, bundle.class_names, name, upper, window_shape),
    )


def generate_preprocessing_c(bundle: Bundle, name: str) -> ClassifierC:
    """NAME_preprocess.h and .c: what stands before a model that TFLM runs. Errors as above."""
    twins, window_shape, tensor = preprocessing_twins(bundle, name)
    upper = name.upper()
    header = f"""/* {name}_preprocess.h: from a window in {bundle.unit} to the model's int8 input.
 * Generated by tinyml_course from the fitted preprocessing. Do not edit.
 */
#ifndef {upper}_PREPROCESS_H
#define {upper}_PREPROCESS_H

#include <stdint.h>

{window_macros(bundle, upper)}

#ifdef __cplusplus
extern "C" {{
#endif

/* A window, sample after sample with its channels, to the model's int8 input. */
void {name}_preprocess(const float *window, int8_t *input);

#ifdef __cplusplus
}}
#endif

#endif
"""
    source = (
        f"/* {name}_preprocess.c: see {name}_preprocess.h. Generated: do not edit. */\n"
        f'#include "{name}_preprocess.h"\n\n'
        f"#define {upper}_INPUT_SIZE {tensor.elements}\n"
        f"#define {upper}_INPUT_SCALE {float_literal(float(tensor.scale))}\n"
        f"#define {upper}_INPUT_ZERO_POINT ({tensor.zero_point})\n"
        + preprocess_source(twins, name, upper, window_shape)
    )
    return ClassifierC(name, header, source)


def export_preprocessing_c(bundle: Bundle, out_dir: Path | str, name: str) -> list[Path]:
    """Write NAME_preprocess.h and .c. Errors as `export_classifier_c`."""
    source = generate_preprocessing_c(bundle, name)
    out = Path(out_dir)
    texts = {
        out / f"{name}_preprocess.h": source.header,
        out / f"{name}_preprocess.c": source.source,
    }
    write_texts(texts)
    return list(texts)


def export_classifier_c(bundle: Bundle, out_dir: Path | str, name: str) -> list[Path]:
    """Write the four files a sketch needs: the model's C and the C around it.

    Raises:
        ExportError: as `generate_classifier_c` and `generate_model_c`, or an unwritable folder.
    """
    around = generate_classifier_c(bundle, name)
    generate_model_c(bundle.model, name)  # refuse before anything is written
    out = Path(out_dir)
    model_files = export_model_c(bundle.model, out, name)
    texts = {
        out / f"{name}_classify.h": around.header,
        out / f"{name}_classify.c": around.source,
    }
    write_texts(texts)
    return [*model_files, *texts]


def preprocessing_twins(
    bundle: Bundle, name: str
) -> tuple[list[StepTwin], tuple[int, int], Tensor]:
    """The twins of a Bundle's steps, the shape of a window, and the model's input."""
    check_name(name)
    graph = bundle.model.network
    refuse_state(graph, f"{name}_classify")
    ends = [graph.tensors[i] for i in (*graph.inputs, *graph.outputs)]
    if len(ends) != 2 or any(tensor.dtype != "int8" for tensor in ends):
        raise ExportError(
            f"{name}_classify needs a model with one int8 input and one int8 output; this one has "
            + ", ".join(tensor.dtype for tensor in ends)
        )
    window_shape = (bundle.window, len(bundle.channel_names))
    shape: tuple[int, ...] = window_shape
    twins = []
    for number, step in enumerate(bundle.preprocessing.to_spec()):
        kind = step["kind"]
        if kind not in STEP_TWINS:
            raise UnsupportedOperatorError(
                f"preprocessing step {number} ({kind}) has no C twin; those with one: "
                f"{', '.join(STEP_TWINS)}"
            )
        twin = STEP_TWINS[kind](step, shape, f"model_step_{number}")
        shape = twin.output_shape
        twins.append(twin)
    if math.prod(shape) != ends[0].elements:
        raise ExportError(
            f"the preprocessing gives {math.prod(shape)} values, the model takes "
            f"{ends[0].elements}: do they belong together?"
        )
    return twins, window_shape, ends[0]


def _header(bundle: Bundle, name: str, upper: str) -> str:
    return f"""/* {name}_classify.h: from a window in {bundle.unit} to a class.
 *
 * Generated by tinyml_course from the fitted preprocessing of the lab
 * '{comment_safe(bundle.name)}'. Do not edit: train again and export again.
 */
#ifndef {upper}_CLASSIFY_H
#define {upper}_CLASSIFY_H

#include <stdint.h>

#include "{name}.h"

{window_macros(bundle, upper)}
#define {upper}_CLASSES {len(bundle.class_names)}

#ifdef __cplusplus
extern "C" {{
#endif

/* {comment_safe(", ".join(bundle.class_names))} */
extern const char *const {name}_class_names[{upper}_CLASSES];

/* A window, sample after sample with its channels, to the model's int8 input. */
void {name}_preprocess(const float *window, int8_t *input);

/* The model's int8 output to scores between 0 and 1; the index of the highest. */
int {name}_read_output(const int8_t *output, float *scores);

/* All of it: preprocess, infer, read. `scores` takes {upper}_CLASSES values. */
int {name}_classify(const float *window, float *scores);

#ifdef __cplusplus
}}
#endif

#endif
"""


def window_macros(bundle: Bundle, upper: str) -> str:
    """What a window is, as macros."""
    channels = comment_safe(", ".join(bundle.channel_names))
    return f"""#define {upper}_WINDOW {bundle.window} /* samples */
#define {upper}_CHANNELS {len(bundle.channel_names)} /* {channels}, in {bundle.unit} */
#define {upper}_SAMPLE_RATE_HZ {bundle.sample_rate_hz:g}"""


def preprocess_source(
    twins: list[StepTwin], name: str, upper: str, window_shape: tuple[int, int]
) -> str:
    """The kernels, the tables and NAME_preprocess."""
    stems: list[str] = []
    for stem in [*(twin.kernel for twin in twins), "quantize_input"]:
        stems += [s for s in (*kernel_needs(stem), stem) if s not in stems]
    kernels = "\n".join(re.sub(r"^/\* needs:.*\n", "", kernel_text(stem)) for stem in stems)
    statements, widths = _statements(twins, window_shape)
    buffers = "\n    ".join(
        f"static float values_{number}[{width}];" for number, width in enumerate(widths)
    )
    body = "\n    ".join(statements)
    text = f"""
#include <math.h>
#include <string.h>

{FP_CONTRACT_OFF}

{kernels}
{chr(10).join(twin.tables for twin in twins if twin.tables)}

void model_preprocess(const float *window, int8_t *input)
{{
    {buffers}
    {body}
}}
"""
    return with_prefix(text, name)


_READING = """
int model_read_output(const int8_t *output, float *scores)
{
    int best = 0;
    for (int c = 0; c < MODEL_CLASSES; c++) {
        scores[c] = (float)(output[c] - MODEL_OUTPUT_ZERO_POINT) * MODEL_OUTPUT_SCALE;
        best = output[c] > output[best] ? c : best;
    }
    return best;
}

int model_classify(const float *window, float *scores)
{
    int8_t input[MODEL_INPUT_SIZE], output[MODEL_OUTPUT_SIZE];
    model_preprocess(window, input);
    model_invoke(input, output);
    return model_read_output(output, scores);
}
"""


def _source(
    twins: list[StepTwin],
    class_names: Sequence[str],
    name: str,
    upper: str,
    window_shape: tuple[int, int],
) -> str:
    names = ", ".join(text_literal(label) for label in class_names)
    return (
        f"/* {name}_classify.c: see {name}_classify.h. Generated: do not edit. */\n"
        f'#include "{name}_classify.h"\n'
        + preprocess_source(twins, name, upper, window_shape)
        + with_prefix(_READING, name)
        + f"\nconst char *const {name}_class_names[{upper}_CLASSES] = {{{names}}};\n"
    )


def _statements(
    twins: list[StepTwin], window_shape: tuple[int, ...]
) -> tuple[list[str], list[int]]:
    """The steps as statements, and the sizes of the buffers that they hand values through."""
    statements, widths, at = [], [], "window"

    def new_buffer(width: int) -> str:
        widths.append(width)
        return f"values_{len(widths) - 1}"

    for twin in twins:
        if twin.in_place and at == "window":  # the caller's window stays as it is
            width = math.prod(window_shape)
            at = new_buffer(width)
            statements.append(f"memcpy({at}, window, {width} * sizeof(float));")
        target = at if twin.in_place else new_buffer(math.prod(twin.output_shape))
        statements.append(twin.call(at, target))
        at = target
    statements.append(f"model_quantize_input({at}, input);")
    return statements, widths
