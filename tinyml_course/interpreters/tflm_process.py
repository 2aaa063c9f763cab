"""The process behind `tflm_apart.run_apart`: samples on stdin, outputs on stdout, both as .npz.

In: `model` in bytes; `sizes`, the numbers of samples and of inputs and whether in sequences;
`x_i_j`, input j of sample i. Out: `y_i_j`, output j of sample i.
"""

from __future__ import annotations

import io
import sys

import numpy as np

from tinyml_course.interpreters.tflm import run_tflm_here
from tinyml_course.interpreters.tflm_apart import packed
from tinyml_course.network.model import TfliteModel


def answer(sent: bytes) -> bytes:
    """What TFLM gives for what `run_apart` sent."""
    given = np.load(io.BytesIO(sent))
    count, inputs, in_sequences = given["sizes"].tolist()
    samples = [[given[f"x_{i}_{j}"] for j in range(inputs)] for i in range(count)]
    model = TfliteModel.of(given["model"].tobytes())
    outputs = run_tflm_here(model, samples, bool(in_sequences))
    return packed({f"y_{i}_{j}": y for i, row in enumerate(outputs) for j, y in enumerate(row)})


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
