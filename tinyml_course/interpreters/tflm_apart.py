"""TFLM in a process of its own, for models that may end it.

TFLM's softmax from int8 to int8 divides by a power of two that it takes to be at most 2^31. Where
the exponentials of a row add up to 512 or more, as with 512 equal classes, the power is 2^32, an
assertion of the wheel fails, and the process is gone. No exception says so.

The process is `tflm_process`.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel

FEWEST_CLASSES = 512  # whose exponentials, each 1 at most, add up to 512


def may_abort(graph: Graph) -> bool:
    """Whether some input ends TFLM: a softmax from int8 to int8 over 512 classes or more."""
    return any(
        operator.kind == "SOFTMAX"
        and graph.input_of(operator, 0).dtype == graph.output_of(operator).dtype == "int8"
        and graph.input_of(operator, 0).shape[-1:] >= (FEWEST_CLASSES,)
        for operator in graph.operators
    )


def run_apart(
    model: TfliteModel, samples: Sequence[Sequence[np.ndarray]], in_sequences: bool
) -> list[list[np.ndarray]]:
    """`tflm.run_tflm_samples` in another process.

    Args:
        model: what TFLM takes, checked before.
        samples: for each one array for each input, checked before.
        in_sequences: as there.

    Raises:
        UnsupportedOperatorError: TFLM ended its process.
        ExportError: the process did not come about.
    """
    sent = {f"x_{i}_{j}": x for i, sample in enumerate(samples) for j, x in enumerate(sample)}
    sizes = np.array([len(samples), len(model.graph.inputs), in_sequences])
    content = np.frombuffer(bytes(model), np.uint8)
    done = subprocess.run(
        [sys.executable, "-m", "tinyml_course.interpreters.tflm_process"],
        input=packed({"model": content, "sizes": sizes, **sent}),
        capture_output=True,
        check=False,
    )
    if done.returncode < 0:
        raise UnsupportedOperatorError(
            f"TFLM itself aborts on this model's softmax over {FEWEST_CLASSES} or more classes, "
            "where its exponentials add up to 512 or more, so bytes cannot be compared. The "
            f"generated C computes it. Use fewer than {FEWEST_CLASSES} classes, or compare with "
            "inputs that tell the classes apart"
        )
    if done.returncode:
        last_words = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ExportError(f"TFLM in a process of its own failed: {''.join(last_words)}")
    answers = np.load(io.BytesIO(done.stdout))
    outputs = range(len(model.graph.outputs))
    return [[answers[f"y_{i}_{j}"] for j in outputs] for i in range(len(samples))]


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """Arrays by name, as the bytes of an .npz."""
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()
