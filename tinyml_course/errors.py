"""Every error the course raises on purpose.

A message says what went wrong, where, which limit was met, and what to do about it, so that a
learner can go on without reading our source. The command line turns each of these into one line on
stderr and exit code 1; anything else that escapes is a bug in the course.
"""

from __future__ import annotations


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
