"""What can be touched: a board on the desk, and explorers for the lessons.

    from tinyml_course.live import BoardPanel
    BoardPanel("motion", "wio_terminal")        # in a notebook

    board       `LiveBoard`: a virtual board that runs at the pace of the clock, in its own thread
    panel       the same as a widget
    page        the same as a page of its own: `tinyml play`
    explorers   one idea each, to move with sliders

Controls only: what is computed is computed in the other rooms. The widgets need the extra `lab`;
importing this room does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinyml_course.extras import require

if TYPE_CHECKING:
    from tinyml_course.live.panel import BoardPanel

__all__ = ["BoardPanel"]


def __getattr__(name: str) -> Any:
    """The widget, imported when somebody asks for it.

    Raises:
        MissingExtraError: the extra `lab` is not installed.
    """
    if name != "BoardPanel":
        raise AttributeError(f"tinyml_course.live has no {name}")
    require("anywidget", "the board's panel")
    from tinyml_course.live.panel import BoardPanel

    return BoardPanel
