"""A lab's chain without the number formats that its test does not ask for: they take half its time.

tests/e2e/test_pipeline.py makes them all, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tinyml_course.compress.quantize import convert_fp32
from tinyml_course.network.model import TfliteModel
from tinyml_course.pipeline import run as pipeline
from tinyml_course.pipeline.stages import Trained, convert_to_int8


def make_two_formats(trained: Trained, seed: int) -> dict[str, TfliteModel]:
    """fp32 and int8, which every later stage needs."""
    int8 = convert_to_int8(trained.model, trained.inputs["train"])
    return {"fp32": convert_fp32(trained.model), "int8": int8}


@contextmanager
def two_formats() -> Iterator[None]:
    """`run_lab` makes two formats while this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "make_formats", make_two_formats)
        yield
