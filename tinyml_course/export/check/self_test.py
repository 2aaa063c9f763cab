"""Golden vectors as C, and a program that compares: anyone can check the C without Python.

    NAME_golden.h     inputs, and the outputs that the model must give for them
    NAME_self_test.c  int NAME_self_test(void): how many values differ, for a board;
                      with NAME_SELF_TEST_MAIN defined also a `main` that says so, for a host

    cc -DMOTION_SELF_TEST_MAIN motion.c motion_self_test.c -o motion_self_test && ./motion_self_test

The outputs come from TFLM where its wheel runs the model, else from the NumPy reference, whose
integers are the same; the header says from which. Lesson 08 runs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tinyml_course.export.check.verify import Inputs, random_inputs
from tinyml_course.export.model_c.signature import argument_names
from tinyml_course.export.names import check_name
from tinyml_course.export.text import comment_block, table_text
from tinyml_course.files import write_texts
from tinyml_course.interpreters.tflm import is_available, run_tflm_samples
from tinyml_course.interpreters.tflm_apart import may_abort
from tinyml_course.network.ir import Graph, Tensor
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_samples
from tinyml_course.network.state import SEQUENCE

# float32 outputs: a few units in the last place, for exp() and for fused multiply-adds.
FLOAT_BOUND = "1e-5f"
# A last layer that saturates answers noise with one row of numbers, and so does much that is wrong.
_ALIKE = [
    "",
    "All its answers are the same: C that is wrong inside may give them too.",
    "`tinyml verify MODEL.tflite --source NAME.c` looks inside.",
]


def generate_self_test_c(
    model: bytes,
    name: str,
    samples: int = 4,
    seed: int = 0,
    inputs: Sequence[Inputs] | None = None,
) -> dict[str, str]:
    """The two files' texts by name.

    Args:
        name: the prefix that `generate_model_c` was given.
        samples: how many random inputs, if `inputs` is not given; each goes to flash.
        inputs: for each sample one array for each input of the model.

    Raises:
        ExportError: as `TfliteModel.network`.
    """
    check_name(name)
    model = TfliteModel.of(model)
    graph = model.network
    if inputs is None:
        inputs = list(random_inputs(graph, samples, seed))
    if is_available() and not may_abort(graph):
        engine, outputs = "TFLM", run_tflm_samples(model, inputs, in_sequences=True)
    else:
        engine, outputs = "the NumPy reference", run_samples(graph, inputs)
    return {
        f"{name}_golden.h": _golden_header(graph, name, engine, inputs, outputs),
        f"{name}_self_test.c": _program(graph, name, _are_alike(outputs)),
    }


def export_self_test_c(
    model: bytes,
    out_dir: Path | str,
    name: str,
    samples: int = 4,
    seed: int = 0,
    inputs: Sequence[Inputs] | None = None,
) -> list[Path]:
    """Write both files beside the model's C; their paths.

    Raises:
        ExportError: as `generate_self_test_c`.
        OutputError: the folder cannot be written.
    """
    texts = generate_self_test_c(model, name, samples, seed, inputs)
    paths = {Path(out_dir) / file_name: text for file_name, text in texts.items()}
    write_texts(paths)
    return list(paths)


def _are_alike(outputs: Sequence[Inputs]) -> bool:
    """True if every sample has the same answer, as of a detector that hears noise."""
    return len(outputs) > 1 and all(
        np.array_equal(mine, first)
        for row in outputs[1:]
        for mine, first in zip(row, outputs[0], strict=True)
    )


def _golden_header(
    graph: Graph,
    name: str,
    engine: str,
    inputs: Sequence[Inputs],
    outputs: Sequence[Inputs],
) -> str:
    upper = name.upper()
    head = comment_block(
        [
            f"{name}_golden.h: inputs of the model '{name}' and what it must answer.",
            "",
            f"Computed by {engine} from the model with SHA-256",
            f"{graph.sha256}. Do not edit.",
            *(_ALIKE if _are_alike(outputs) else []),
        ],
        "=",
    )
    tables = []
    in_names, out_names = argument_names(graph)
    for names, indices, rows in (
        (in_names, graph.inputs, inputs),
        (out_names, graph.outputs, outputs),
    ):
        for position, (index, argument) in enumerate(zip(indices, names, strict=True)):
            tensor = graph.tensors[index]
            values = np.stack([np.asarray(row[position]).reshape(-1) for row in rows])
            tables.append(table_text(tensor.c_type, f"{name}_golden_{argument}", values))
    return (
        f"{head}\n#ifndef {upper}_GOLDEN_H\n#define {upper}_GOLDEN_H\n\n#include <stdint.h>\n\n"
        f"#define {upper}_GOLDEN_SAMPLES {len(inputs)}\n\n" + "\n".join(tables) + "\n\n#endif\n"
    )


def _comparison(tensor: Tensor, name: str, argument: str) -> str:
    """C that counts the differences of one output."""
    golden = f"{name}_golden_{argument}[sample * {tensor.elements} + i]"
    if tensor.dtype == "float32":
        differs = (
            f"const float difference = {argument}[i] - {golden};\n"
            f"            const float size = {golden} < 0.0f ? 1.0f - {golden} : 1.0f + {golden};\n"
            f"            wrong += !(difference <= {FLOAT_BOUND} * size && "
            f"difference >= -{FLOAT_BOUND} * size); /* a NaN too */"
        )
    else:
        differs = f"wrong += {argument}[i] != {golden};"
    return f"""        for (int32_t i = 0; i < {tensor.elements}; i++) {{
            {differs}
        }}"""


def _program(graph: Graph, name: str, are_alike: bool) -> str:
    upper = name.upper()
    inputs, outputs = argument_names(graph)
    in_tensors = [graph.tensors[i] for i in graph.inputs]
    out_tensors = [graph.tensors[i] for i in graph.outputs]
    buffers = "\n".join(
        f"    static {t.c_type} {argument}[{t.elements}];"
        for t, argument in zip(out_tensors, outputs, strict=True)
    )
    arguments = ", ".join(
        [
            f"{name}_golden_{argument} + sample * {t.elements}"
            for t, argument in zip(in_tensors, inputs, strict=True)
        ]
        + outputs
    )
    comparisons = "\n".join(
        _comparison(t, name, argument) for t, argument in zip(out_tensors, outputs, strict=True)
    )
    values = sum(t.elements for t in out_tensors)
    warning = ""
    if are_alike:
        warning = (
            '\n    printf("all golden answers are the same: C that is wrong inside may give them '
            'too; tinyml verify --source looks inside\\n");'
        )
    reset = ""
    if graph.has_state:
        reset = (
            f"        if (sample % {SEQUENCE} == 0) {{ /* as the golden answers were made */\n"
            f"            {name}_reset();\n        }}\n"
        )
    return f"""/* {name}_self_test.c: does {name}.c give the golden answers? Generated: do not edit.
 *
 * On a computer:  cc -D{upper}_SELF_TEST_MAIN {name}.c {name}_self_test.c -o {name}_self_test
 * On a board:     call {name}_self_test() and show its result; 0 is right. */
#include "{name}.h"
#include "{name}_golden.h"

#ifdef __cplusplus
extern "C"
#endif
int {name}_self_test(void);

/* The number of output values that differ, over all golden samples. */
int {name}_self_test(void)
{{
{buffers}
    int wrong = 0;
    for (int32_t sample = 0; sample < {upper}_GOLDEN_SAMPLES; sample++) {{
{reset}        {name}_invoke({arguments});
{comparisons}
    }}
    return wrong;
}}

#ifdef {upper}_SELF_TEST_MAIN
#include <stdio.h>

int main(void)
{{
    const int wrong = {name}_self_test();
    printf("{name}: %d samples, %d values, %d wrong\\n", {upper}_GOLDEN_SAMPLES,
           {upper}_GOLDEN_SAMPLES * {values}, wrong);{warning}
    return wrong != 0;
}}
#endif
"""
