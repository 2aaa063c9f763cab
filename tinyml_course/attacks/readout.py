"""Models in a dump of flash, found by somebody who knows the formats and not the program.

A format that others can read can be found by others: an image by its first four bytes and by the
sizes that must add up, a .tflite file by "TFL3" at its fifth byte. Hiding the four bytes would not
help: the sizes alone tell. Lesson 19 reads a board's flash and answers with what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator

from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.sealed.image import MAGIC, ModelImage
from tinyml_course.network.model import TfliteModel

TFLITE_MARK = b"TFL3"
MARK_AT = 4  # behind the offset of the root table
SHORTEST_TFLITE = 64


def find_images(dump: bytes) -> list[tuple[int, ModelImage]]:
    """Every image in a dump, with its offset.

    >>> find_images(bytes(1000))
    []
    """
    found = []
    for at in _places(dump, MAGIC):
        try:
            found.append((at, ModelImage.read(dump[at:])))
        except DataError:
            continue  # four letters that happen to stand there
    return found


def find_tflite_models(dump: bytes, most_bytes: int = 1 << 20) -> list[tuple[int, TfliteModel]]:
    """Every .tflite file in a dump, with its offset, cut to its own length.

    A FlatBuffer does not say how long it is. All of it is reached by offsets from its beginning, so
    the shortest piece that the reader takes whole is the file.
    """
    found = []
    for at in _places(dump, TFLITE_MARK):
        piece = dump[max(at - MARK_AT, 0) : at + most_bytes]
        if _reads(piece):
            short, enough = SHORTEST_TFLITE, len(piece)
            while enough - short > 1:
                middle = (short + enough) // 2
                short, enough = (short, middle) if _reads(piece[:middle]) else (middle, enough)
            found.append((at - MARK_AT, TfliteModel(piece[:enough])))
    return found


def _places(dump: bytes, mark: bytes) -> Iterator[int]:
    at = dump.find(mark)
    while at >= 0:
        yield at
        at = dump.find(mark, at + 1)


def _reads(piece: bytes) -> bool:
    try:
        graph = TfliteModel(piece).network
        return bool(graph.operators) and all(t.values is not None for t in graph.constants())
    except ExportError:
        return False
