"""The flatbuffers schema of a .tflite file: opened lazily, unpacked whole, packed again.

The only place that knows the schema's classes, which come from the `ai-edge-litert` wheel. Whoever
asks them questions does it inside `damage_is_one_error`: a damaged file makes flatbuffers and NumPy
raise whatever comes to their minds, and a learner sees one line.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flatbuffers
import numpy as np

from tinyml_course.errors import ExportError

FILE_IDENTIFIER = b"TFL3"
SMALLEST_FILE_BYTES = 32
BUFFER_ALIGNMENT = 16  # what the schema promises (force_align: 16), and what TFLM's kernels rely on

# What flatbuffers and NumPy raise when they are asked to read outside the file.
_DAMAGE = (
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    AttributeError,
    MemoryError,
)


def import_schema() -> Any:
    """The schema's classes; 0.1 s the first time."""
    from ai_edge_litert import schema_py_generated

    return schema_py_generated


@contextmanager
def damage_is_one_error() -> Iterator[None]:
    """Around everything that reads a file: what goes wrong inside becomes an `ExportError`."""
    try:
        yield
    except _DAMAGE as error:
        raise ExportError(
            f"the .tflite file is damaged ({type(error).__name__}: {error}). "
            "Copy or convert the model again"
        ) from error


def check_mark(content: bytes) -> None:
    """Refuse what does not even begin like a .tflite file.

    Raises:
        ExportError: too short, or without the mark at its place.
    """
    if len(content) < SMALLEST_FILE_BYTES or content[4:8] != FILE_IDENTIFIER:
        raise ExportError(
            f"no .tflite model: {len(content)} bytes without the mark 'TFL3' at offset 4. "
            "Pass the file that the TFLite converter wrote"
        )


def open_model(content: bytes) -> Any:
    """The schema's `Model`, which reads a field when it is asked for it.

    Raises:
        ExportError: no .tflite file.
    """
    check_mark(content)
    return import_schema().Model.GetRootAsModel(bytes(content), 0)


def unpack_model(content: bytes) -> Any:
    """The schema's `ModelT`, the whole file as objects that can be changed.

    Raises:
        ExportError: no .tflite file, or damaged.
    """
    check_mark(content)
    with damage_is_one_error():
        return import_schema().ModelT.InitFromPackedBuf(bytes(content), 0)


def pack_model(model: Any) -> bytes:
    """A `ModelT` as the bytes of a file; the same objects give the same bytes."""
    builder = _AlignedBuilder(1024)
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())


class _AlignedBuilder(flatbuffers.Builder):  # type: ignore[misc]  # a wheel without types
    """Weights start at multiples of 16 bytes; flatbuffers' object API in Python forgets to ask."""

    head: int  # where in Bytes the last thing written begins

    def CreateNumpyVector(self, x: np.ndarray) -> Any:
        if x.dtype == np.uint8:
            self.StartVector(1, x.size, BUFFER_ALIGNMENT)
            length = x.size
            self.head = self.head - length
            self.Bytes[self.head : self.head + length] = x.tobytes()
            self.vectorNumElems = x.size
            return self.EndVector()
        return super().CreateNumpyVector(x)
