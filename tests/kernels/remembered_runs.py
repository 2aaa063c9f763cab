"""What a virtual board did once, it need not do again: runs of sketches, remembered.

Known by all that a run depends on: every file of the sketch's folder, what the sensors feel, keys
and text. Not remembered: a run that somebody watches or keeps something of (`show`, `keep`), one
whose notes name files, and one that ends in an error.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kernels.keeping import Unknown, remember
from tinyml_course.board.build.sketch import find_sketch
from tinyml_course.board.run import SketchRun
from tinyml_course.board.virtual.board import VirtualBoard


@dataclasses.dataclass(frozen=True)
class Part:
    """What lessons look at of a board's peripheral, under the peripheral's names."""

    image: Any = None
    changes: Any = None
    content: bytes = b""


@dataclasses.dataclass(frozen=True)
class BoardThatRan:
    """What lessons look at of a board after its run, under the board's names."""

    screen: Part | None
    gpio: Part
    storage: Part
    awake_share: float


def look_at(board: VirtualBoard) -> BoardThatRan:
    """What will be looked at."""
    return BoardThatRan(
        None if board.screen is None else Part(image=board.screen.image),
        Part(changes=board.gpio.changes),
        Part(content=board.storage.content),
        board.awake_share,
    )


def remembers_run(run_sketch: Callable[..., SketchRun]) -> Callable[..., Any]:
    """`run_sketch`, remembered; its first run gives the board itself."""

    @functools.wraps(run_sketch)
    def remembered(
        sketch: Path | str, board: str, traces: Any = (), *given: Any, **named: Any
    ) -> Any:
        made: list[SketchRun] = []

        def make() -> SketchRun:
            made.append(run_sketch(sketch, board, traces, *given, **named))
            if made[0].notes:
                raise Unknown
            return dataclasses.replace(made[0], board=look_at(made[0].board))

        functools.update_wrapper(make, run_sketch)
        try:
            if named.get("show") is not None or named.get("keep") is not None:
                raise Unknown
            felt = [read_trace(each) for each in _several(traces)]
            run, _ = remember(make, read_folder(sketch), board, felt, given, sorted(named.items()))
        except Unknown:
            return made[0] if made else run_sketch(sketch, board, traces, *given, **named)
        return made[0] if made else run

    return remembered


def read_folder(sketch: Path | str) -> list[tuple[str, bytes]]:
    """A sketch's files, by their names.

    Raises:
        Unknown: there is no such folder.
    """
    folder = find_sketch(str(sketch))
    if not folder.is_dir():
        raise Unknown
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(path.relative_to(folder.parent)), path.read_bytes()) for path in files]


def read_trace(given: Any) -> Any:
    """A trace, or what stands in its file.

    Raises:
        Unknown: the file cannot be read; the run will say so.
    """
    if not isinstance(given, Path | str):
        return given
    try:
        return Path(given).suffix, Path(given).read_bytes()
    except OSError as error:
        raise Unknown from error


def _several(given: Any) -> Any:
    return given if isinstance(given, list | tuple) else [given]
