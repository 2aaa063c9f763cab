"""Every error the course raises on purpose.

A message says what went wrong, where, which limit was met, and what to do about it, so that a
learner can go on without reading our source. The command line turns each of these into one line on
stderr and exit code 1; anything else that escapes is a bug in the course.
"""

from __future__ import annotations

from collections.abc import Iterable


class TinyMLCourseError(Exception):
    """The root of the tree: catch this one to catch everything the course raises on purpose."""


class OutputError(TinyMLCourseError):
    """A file or folder that cannot be written: a full disk, no permission, something in the way."""


class DataError(TinyMLCourseError):
    """A recording, a data set or a split that cannot be what it claims to be."""


class QuantizationError(TinyMLCourseError):
    """A model or representative data set that cannot be quantized as asked."""


class ExportError(TinyMLCourseError):
    """A model that cannot become C: no model at all, damaged, or outside what is supported."""


class UnsupportedOperatorError(ExportError):
    """A well-formed model that uses an operator, type or shape which the exporter refuses."""


class BoardError(TinyMLCourseError):
    """Something about a board, real or virtual, or about the program built for it.

    Attributes:
        printed: what a sketch had printed before it crashed.
    """

    printed: str = ""


class DoesNotFitError(BoardError):
    """Flash, RAM or stack that a program needs and the board does not have."""


class BusFaultError(BoardError):
    """A program on a virtual board touched an address that the board does not have."""


class LinkError(TinyMLCourseError):
    """A serial port, real or virtual, that cannot be opened or that went away."""


class MissingExtraError(TinyMLCourseError):
    """Something that the base installation leaves out, asked for where it is missing.

    Attributes:
        needs: what is missing and what to type, for whoever puts another subject before it.
    """

    def __init__(self, purpose: str, needs: str) -> None:
        super().__init__(f"{purpose} {needs}")
        self.needs = needs


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not known: which one is near, if any.

    >>> meant("moton", ["motion", "gas"]), meant("Wio", ["pico", "wio_terminal"])
    ('; did you mean motion?', '; did you mean wio_terminal?')
    >>> meant("x", ["gas"])
    ''
    """
    from difflib import get_close_matches  # only where something went wrong

    names, low = list(known), name.lower()
    begins = [each for each in names if low and each.lower().startswith(low)]
    near = begins or get_close_matches(low, names, 1)
    return f"; did you mean {near[0]}?" if near else ""
