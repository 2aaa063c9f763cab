"""A whole test set through a board that runs the `selftest` sketch. Lesson 09 teaches it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError, LinkError
from tinyml_course.observe.link import Link

TRIES = 3
_ANSWER = re.compile(rb"sum:(\d{1,10}),latency_us:(\d{1,10})((?:,q\d{1,5}:-?\d{1,3})+)$")
_SIZES = re.compile(rb"inputs:(\d{1,10}),outputs:(\d{1,10})$")


@dataclass(frozen=True)
class SelfTest:
    """What a board answered.

    Attributes:
        outputs: `(n, outputs)` int8, the model's own integers.
        latency_us: `(n,)` int64, of one inference by the board's clock.
        repeated: vectors that had to be sent again because a line was damaged.
    """

    outputs: np.ndarray
    latency_us: np.ndarray
    repeated: int

    @property
    def median_latency_us(self) -> float:
        """The middle one of the board's own times."""
        return float(np.median(self.latency_us))


def run_selftest(
    link: Link,
    vectors: np.ndarray,
    *,
    timeout_s: float = 5.0,
    on_progress: Callable[[int], None] | None = None,
) -> SelfTest:
    """Send int8 vectors one by one and collect the outputs and times.

    Args:
        link: a board, real or virtual, that runs `selftest` with the model in question.
        vectors: `(n, ...)` int8; each is flattened.
        timeout_s: for one inference.
        on_progress: called with the count after every 50 vectors.

    Raises:
        DataError: vectors that are not int8, or not of the model's size.
        LinkError: no or wrong answers.
    """
    vectors = np.asarray(vectors)
    if vectors.dtype != np.int8 or vectors.ndim < 2:
        raise DataError(
            f"selftest vectors are (n, ...) int8, not {vectors.shape} {vectors.dtype}: quantize "
            "them with the model's own scale and zero point"
        )
    flat = vectors.reshape(len(vectors), -1)
    inputs, n_outputs = read_sizes(link, timeout_s)
    if flat.shape[1] != inputs:
        raise DataError(
            f"the board's model takes {inputs} bytes, the vectors have {flat.shape[1]}: "
            "is another model on the board?"
        )
    outputs, latency_us, repeated = [], [], 0
    for number, vector in enumerate(flat, start=1):
        output, latency, tries = _ask(link, vector, n_outputs, timeout_s)
        outputs.append(output)
        latency_us.append(latency)
        repeated += tries
        if on_progress and number % 50 == 0:
            on_progress(number)
    return SelfTest(
        np.array(outputs, np.int8).reshape(len(flat), -1), np.array(latency_us, np.int64), repeated
    )


def read_sizes(link: Link, timeout_s: float = 5.0) -> tuple[int, int]:
    """The bytes that the board's model takes and gives."""
    for _ in range(TRIES):
        link.write_line("?")
        until_s = link.time_s() + timeout_s  # a board with another sketch may talk for ever
        while (left_s := until_s - link.time_s()) > 0:
            line = link.read_line(left_s)
            if line is not None and (match := _SIZES.search(line)):
                return int(match[1]), int(match[2])
    raise LinkError(f"{link.url} does not answer `?`: is the sketch `selftest` on the board?")


def _ask(
    link: Link, vector: np.ndarray, n_outputs: int, timeout_s: float
) -> tuple[list[int], int, int]:
    expected_sum = int(vector.view(np.uint8).sum(dtype=np.int64))
    said = b"nothing"
    for tries in range(TRIES):
        link.write_line("v " + vector.tobytes().hex())
        line = link.read_line(timeout_s)
        said = line or said
        match = _ANSWER.search(line) if line else None
        if match and int(match[1]) == expected_sum:
            values = [int(field.split(b":")[1]) for field in match[3][1:].split(b",")]
            if len(values) == n_outputs and all(-128 <= value <= 127 for value in values):
                return values, int(match[2]), tries
    raise LinkError(
        f"{link.url} gave no whole answer to a vector in {TRIES} tries; the last line was "
        f"{said.decode('ascii', 'replace')!r}"
    )
