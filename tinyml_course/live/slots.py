"""One live board a slot: whoever starts one stops the one before, and the kernel's end stops all.

A learner runs a cell ten times and makes ten boards; nine of them would compute for nobody.
"""

from __future__ import annotations

import atexit
import sys
import threading

from tinyml_course.live.board import LiveBoard

# How long one thread of Python keeps the others waiting. Another cell's loop would slow the board
# to nine tenths of its pace with Python's own 5 ms.
SWITCH_INTERVAL_S = 0.0001

_boards: dict[str, LiveBoard] = {}
_lock = threading.Lock()


def start_in_slot(slot: str, live: LiveBoard) -> None:
    """Start a board in the place of the one that runs there."""
    with _lock:
        before = _boards.get(slot)
        _boards[slot] = live
    if before is not None and before is not live:
        before.stop("this board was switched on elsewhere: in another cell, or the same one again")
    sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
    live.start()


def is_in_slot(slot: str, live: LiveBoard) -> bool:
    """Whether nobody else has taken the slot."""
    return _boards.get(slot) is live


def running_boards() -> list[LiveBoard]:
    """The boards whose threads live."""
    return [live for live in list(_boards.values()) if live.is_running]


def stop_all() -> None:
    """Stop every board."""
    for live in list(_boards.values()):
        live.stop("the kernel ended")


atexit.register(stop_all)
