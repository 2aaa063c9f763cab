"""A virtual board that runs as on a desk: at the pace of the clock, with hands on it.

    live = LiveBoard("motion", "wio_terminal", push=show)
    live.start()
    live.post({"kind": "g", "g": [0.0, 0.7, 0.7]})
    live.stop()

One thread owns the board and is the only code that touches it. `post` puts a message into a queue;
the thread takes it between two slices of 20 ms at most, and wakes for it. `push` is called from
that thread with what has changed. There is no lock and no browser in here. Lesson 09 uses it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tinyml_course.board.build.sketch import build_sketch, find_sketch
from tinyml_course.board.build.sketch_folder import read_sketch_folder
from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.models import get_model
from tinyml_course.board.virtual.traces import Trace, read_trace
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.live.desk import Desk
from tinyml_course.live.faces.face import make_face
from tinyml_course.live.sketch_text import CLEAN_AIR_COUNTS, find_uses

PUSH_S = 1 / 15  # between two messages to the page
QUIET_PUSH_S = 0.2  # if nothing but the clock has changed
ANSWER_S = 0.02  # from an input to the message that shows what it did
IDLE_S = 0.01  # asleep, until a message wakes us
UNWATCHED_S = 1.0  # the same, while nobody looks

Push = Callable[[dict[str, Any], list[bytes]], None]


class LiveBoard:
    """One board with one sketch, from power-on to `stop`.

    Args:
        sketch: its folder, or the name of one of the course's own.
        board: one that can be emulated.
        push: called with a message (plain JSON) and its buffers (a picture as PNG, or none).
        traces: what its sensors feel until a hand does something else.
        watch_s: pause if no message came for so long: nobody looks. None: never.

    Raises:
        BoardError: no such board, or a trace that cannot be read.
    """

    def __init__(
        self,
        sketch: Path | str,
        board: str,
        push: Push = lambda message, buffers: None,
        *,
        traces: Sequence[Trace | Path | str] = (),
        watch_s: float | None = None,
    ) -> None:
        self.folder = find_sketch(str(sketch))
        self.name = Path(self.folder).stem
        self.model = get_model(board)
        self.face = make_face(self.model)
        self._traces = [t if isinstance(t, Trace) else read_trace(t) for t in traces]
        has_gas = "gas" in find_uses(self.folder) and all(t.kind != "gas" for t in self._traces)
        self.gas_counts = CLEAN_AIR_COUNTS if has_gas else None  # else its trace, or none
        self._push = push
        self._watch_s = watch_s
        self._queue: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._built: BuiltSketch | None = None
        self._build_lock = threading.Lock()  # a notebook's picture is drawn from the main thread
        self._last: dict[str, Any] = {}
        self._wishes = _Wishes()
        self.pushes = 0

    # ---- from any thread -----------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def build(self) -> BuiltSketch:
        """The built sketch; the first call compiles it.

        Raises:
            BoardError: the sketch does not build; DoesNotFitError: it does not fit.
        """
        with self._build_lock:
            if self._built is None:
                name = self.model.board.name
                if self.folder.parent.name == "examples":  # its library is built with it
                    self._built = build_sketch(self.folder, name)
                else:
                    self._built = _build_once(self.folder, name, _fingerprint(self.folder))
            return self._built

    def start(self) -> None:
        """Power on. A board that runs already goes on."""
        if not self.is_running:
            name = f"board {self.name} on {self.model.board.name}"
            self._thread = threading.Thread(target=self._live, name=name, daemon=True)
            self._thread.start()

    def post(self, message: dict[str, Any], data: bytes = b"") -> None:
        """A message from the page: `kind` and what belongs to it; see `Desk`."""
        self._queue.put((message, data))

    def stop(self, reason: str = "stopped") -> None:
        """End its thread and wait for that. A stopped board can be started again."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            return
        self._queue.put(({"kind": "stop", "reason": reason}, b""))
        if thread is not threading.current_thread():
            thread.join(timeout=5)

    def snapshot(self) -> dict[str, Any]:
        """The state that was pushed last, whole."""
        return dict(self._last)

    def preview(self, seconds: float) -> tuple[dict[str, Any], str, bytes | None]:
        """State, serial text and screen of another such board after `seconds` on nobody's desk.

        It is computed at once, faster than real, and is the same every time.
        """
        desk = Desk(self.face, self._traces, self.gas_counts)
        try:
            desk.power_on(self.build())
        except TinyMLCourseError as error:
            desk.fail(error)
        desk.pass_time(seconds)
        picture = desk.read_picture(is_wanted=True)
        return desk.read_state(), desk.serial.history, picture.png if picture else None

    # ---- the thread ----------------------------------------------------------------------------

    def _live(self) -> None:
        desk = Desk(self.face, self._traces, self.gas_counts)
        wishes = self._wishes = _Wishes()
        wishes.full = True
        self._last = {}
        try:
            self._send({"phase": "building"}, [])
            desk.power_on(self.build())
        except TinyMLCourseError as error:
            desk.fail(error)
        last_message_s = time.monotonic()
        is_busy = False
        while True:
            reason = None
            asleep_s = IDLE_S if desk.is_watched else UNWATCHED_S
            while (item := self._next(0.0 if is_busy else asleep_s)) is not None:
                is_busy = True
                last_message_s = time.monotonic()
                reason = self._take(desk, *item) or reason
            if reason:
                break
            now_s = time.monotonic()
            desk.is_watched = self._watch_s is None or now_s - last_message_s < self._watch_s
            is_busy = desk.advance(now_s)
            self._push_if_due(desk, time.monotonic())
        # No picture in a last message: the page may be gone, and its buffer would wait for ever.
        self._send({**desk.read_state(), "phase": "stopped", "note": reason}, [])

    def _next(self, timeout_s: float) -> tuple[dict[str, Any], bytes] | None:
        try:
            return self._queue.get(timeout=timeout_s) if timeout_s else self._queue.get_nowait()
        except queue.Empty:
            return None

    def _take(self, desk: Desk, message: dict[str, Any], data: bytes) -> str | None:
        """Do what a message asks; a reason to end, or None."""
        kind = message.get("kind")
        if kind == "stop":
            return str(message.get("reason", "stopped"))
        if kind == "hello":
            self._wishes.full = True
        elif kind != "heartbeat":
            desk.take(message, data)
            if kind != "audio":
                self._wishes.answer_at_s = time.monotonic() + ANSWER_S
        return None

    def _push_if_due(self, desk: Desk, now_s: float) -> None:
        wishes = self._wishes
        is_answer = wishes.answer_at_s is not None and now_s >= wishes.answer_at_s
        if not (wishes.full or is_answer or now_s - wishes.pushed_s >= PUSH_S):
            return
        if is_answer:
            wishes.answer_at_s = None
        state = desk.read_state()
        news = {k: v for k, v in state.items() if wishes.full or self._last.get(k, wishes) != v}
        serial = desk.serial.take_news()
        picture = desk.read_picture(wishes.full)
        only_clock = not serial and picture is None and set(news) <= desk.CLOCKS
        if only_clock and not is_answer and now_s - wishes.pushed_s < QUIET_PUSH_S:
            return
        if not news and not serial and picture is None:
            return
        if wishes.full:
            news["serial_history"] = desk.serial.history
        elif serial:
            news["serial"] = serial
        wishes.full, wishes.pushed_s = False, now_s
        if picture is not None:
            news["screen"] = {"width": picture.width, "height": picture.height}
        self._send(news, [] if picture is None else [picture.png])

    def _send(self, news: dict[str, Any], buffers: list[bytes]) -> None:
        kept = {k: v for k, v in news.items() if k not in ("serial", "serial_history")}
        self._last = {**self._last, **kept}
        self.pushes += 1
        self._push({"kind": "state", **news}, buffers)


def _fingerprint(sketch: Path) -> tuple[tuple[str, int, int], ...]:
    """What would differ if a file of the sketch had been changed."""
    files = read_sketch_folder(sketch)
    stats = [(path, path.stat()) for path in sorted({*files.texts})]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=16)
def _build_once(
    sketch: Path, board: str, _fingerprint: tuple[tuple[str, int, int], ...]
) -> BuiltSketch:
    """Looking into the compiler's cache takes a second and a half; a cell is run again at once."""
    return build_sketch(sketch, board)


class _Wishes:
    """What the next message owes its reader.

    Attributes:
        full: all of the state, for a page that has just come.
        answer_at_s: when to show what an input did.
        pushed_s: when the last message went out.
    """

    def __init__(self) -> None:
        self.full = False
        self.answer_at_s: float | None = None
        self.pushed_s = 0.0
