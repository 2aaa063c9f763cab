"""The board as a widget: `BoardPanel("motion", "wio_terminal")` in a cell. Lesson 09 shows it.

A thin cover of `LiveBoard`: it hands messages on and loads the page's files as text. It needs the
extra `lab`. Nothing runs until a page says hello, so that a notebook that is executed without a
browser stays still and comes out the same every time.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from tinyml_course.board.virtual.traces import Trace, read_trace
from tinyml_course.live.board import LiveBoard
from tinyml_course.live.picture import draw_state
from tinyml_course.live.recordings import SOUNDS, list_movements
from tinyml_course.live.sketch_text import find_feelings, find_uses
from tinyml_course.live.slots import start_in_slot

PAGE = Path(__file__).parent / "page"
WATCH_S = 90.0  # without a sign of a page, a board stands still; a page gives one every 15 s
MOST_PRINTED = 4_000  # characters kept for the picture
PICTURE_S = 3.0  # of virtual time, for the picture in a notebook that nobody has touched


def _moving_trace(traces: Sequence[Trace | Path | str]) -> str | None:
    """What to call the trace that moves the board, None if none does."""
    for trace in traces:
        if isinstance(trace, Trace):
            name, kind = "as given", trace.kind
        else:
            name, kind = Path(trace).name, read_trace(trace).kind
        if kind == "acceleration":
            return name
    return None


def read_script() -> str:
    """The page's JavaScript: its files, joined in their order."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.js")))


class BoardPanel(anywidget.AnyWidget):
    """A board to touch, with a sketch on it.

    Args:
        sketch: a folder, or the name of one of the course's own sketches.
        board: one that can be emulated.
        trace: what its sensors feel until a hand does something else: a file, a `Trace`, several.
        slot: boards of one slot replace each other; by default, one a sketch and board.

    Raises:
        BoardError: no such sketch or board. What the compiler has to say appears in the panel.
    """

    _esm = read_script()
    _css = (PAGE / "panel.css").read_text(encoding="utf-8")
    spec = traitlets.Dict().tag(sync=True)
    snapshot = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        sketch: Path | str,
        board: str = "nano33ble",
        trace: Trace | Path | str | Sequence[Trace | Path | str] = (),
        *,
        slot: str | None = None,
    ) -> None:
        traces = [trace] if isinstance(trace, (Trace, Path, str)) else list(trace)
        self.live = LiveBoard(sketch, board, self._send_to_page, traces=traces, watch_s=WATCH_S)
        self._slot = slot or f"{self.live.name} on {board}"
        self._has_begun = False
        self._screen_png: bytes | None = None
        self._printed = ""
        model = self.live.model
        super().__init__(
            spec={
                "sketch": self.live.name,
                "face": self.live.face.as_dict(),
                "uses": find_uses(self.live.folder),
                "feelings": find_feelings(self.live.folder),
                "movements": list(list_movements()),
                "trace": _moving_trace(traces),
                "gas_counts": self.live.gas_counts,
                "sounds": list(SOUNDS),
                "has_accelerometer": model.has_accelerometer,
                "has_microphone": model.has_microphone,
                "described": f"{self.live.name} on the {model.board.title}, when it was saved",
            }
        )
        self.on_msg(self._take)

    # ---- the page's side -----------------------------------------------------------------------

    def _take(self, _widget: object, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """A message from the page, in whichever thread the kernel takes it."""
        is_first = not self._has_begun and message.get("kind") == "hello"
        # Switched off, because another cell took its place: the reset key switches it on again.
        is_again = message.get("kind") == "control" and not self.live.is_running
        if is_first or is_again:
            self._has_begun = True
            start_in_slot(self._slot, self.live)
        if not is_again:
            self.live.post(message, bytes(buffers[0]) if buffers else b"")

    def _send_to_page(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        """From the board's thread to every page that shows this panel."""
        if buffers:
            self._screen_png = buffers[0]
        self._printed = message.get("serial_history", self._printed) + message.get("serial", "")
        self._printed = self._printed[-MOST_PRINTED:]
        self.send(message, buffers)
        # ipykernel 7.4 takes what a comm gets for an answer to what it sent last, and hands it to
        # the thread that runs cells: a click would wait for the end of a cell. Nothing here is an
        # answer.
        if hasattr(self.comm, "_reply_subshell_id"):
            del self.comm._reply_subshell_id
        if message.get("phase") == "stopped":
            self.snapshot = self._draw(self.live.snapshot(), self._printed, self._screen_png)

    def close(self) -> None:
        """Take the panel off the page and stop its board."""
        if hasattr(self, "live"):  # not where its sketch was not found
            self.live.stop("the panel was closed")
        super().close()

    # ---- where no kernel runs ------------------------------------------------------------------

    def picture(self) -> bytes:
        """The board as a PNG: as it is, or after three seconds if nobody has looked at it yet."""
        if self._has_begun:
            state, printed, screen_png = self.live.snapshot(), self._printed, self._screen_png
        else:
            state, printed, screen_png = self.live.preview(PICTURE_S)
        return draw_state(self.live.face, self.live.name, state, printed, screen_png)

    def _draw(self, state: dict[str, Any], printed: str, screen_png: bytes | None) -> str:
        png = draw_state(self.live.face, self.live.name, state, printed, screen_png)
        return base64.b64encode(png).decode()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and a PNG for readers without one: an untrusted notebook shows no SVG."""
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None:
            return None
        data, metadata = bundle
        png = base64.b64encode(self.picture()).decode()
        self.snapshot = png
        return {**data, "image/png": png, "text/plain": self.spec["described"]}, metadata
