"""A step of a demonstration, or what was recorded of it when it last ran: never an error alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinyml_course.errors import DataError, TinyMLCourseError
from tinyml_course.live.board import LiveBoard
from tinyml_course.shipped import LESSONS

RECORDING = LESSONS / "solutions" / "20_workshop_demo.ipynb"
_KINDS = ("image/png", "text/plain")


class Recorded:
    """What a step showed when it was recorded: its picture, its words.

    Args:
        data: from MIME type to what was shown, as a stored notebook has it.
    """

    def __init__(self, data: dict[str, str]) -> None:
        self.data = data

    @property
    def png(self) -> bytes:
        """The picture; empty if the step showed none."""
        return base64.b64decode(self.data.get("image/png", ""))

    def __repr__(self) -> str:
        return self.data.get("text/plain", "")

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        return dict(self.data)


def on_stage(step: str, make: Callable[[], Any], recording: Path = RECORDING) -> Any:
    """What `make` makes; if it cannot, a line that says why, and what was recorded of the step.

    Args:
        step: its name; the recording is the cell of lesson 20, solved, that calls this with it.
        make: of a panel, an explorer, a figure, a result. A panel's sketch is compiled here, so
            that what is wrong with it is known before it is shown.
        recording: a stored notebook.

    Returns:
        What was made, or a `Recorded`.

    Raises:
        DataError: it failed, and there is no recording of it either; the message has both.
    """
    try:
        made = make()
        live = getattr(made, "live", None)
        if isinstance(live, LiveBoard):
            live.build()
        return made
    except (TinyMLCourseError, ImportError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        recorded = find_recording(step, reason, recording)
        print(f"{step}: not here, because {reason}. This was recorded:")
        return recorded


def find_recording(step: str, reason: str = "", recording: Path = RECORDING) -> Recorded:
    """What the stored notebook shows of `step`.

    Raises:
        DataError: it cannot be read, or shows nothing of it.
    """
    because = f"{step} failed ({reason}), and " if reason else ""
    try:
        cells = json.loads(recording.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if f'on_stage("{step}"' in "".join(cell["source"]):
                shown = [out["data"] for out in cell.get("outputs", ()) if "data" in out]
                if shown:
                    return Recorded({k: "".join(shown[-1][k]) for k in _KINDS if k in shown[-1]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{because}the recording {recording} cannot be read: {error}") from error
    raise DataError(f"{because}the recording {recording} shows nothing of the step {step!r}")
