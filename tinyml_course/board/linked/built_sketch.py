"""A built sketch as one value: the program, the board it was built for, and whether it fits."""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.catalog import Fit
from tinyml_course.board.linked.program import Program
from tinyml_course.board.models import VirtualModel


@dataclass(frozen=True)
class BuiltSketch:
    """A sketch that is ready to run.

    Attributes:
        flash_bytes, ram_bytes: of the program alone: the sketch, its model, this strict core.
            `ram_bytes` is static; the board's stack comes on top.
        fit: what would be left on the real board, where the vendor's core and those of its
            libraries that were measured take their share.
    """

    name: str
    model: VirtualModel
    program: Program
    flash_bytes: int
    ram_bytes: int
    fit: Fit
