"""`virtual://BOARD?sketch=PATH&trace=PATH`: a virtual board behind pyserial's ordinary interface.

    serial.serial_for_url("virtual://nano33ble?sketch=arduino_sketches/motion&trace=walk.csv")

pyserial loads this module by its name once `tinyml_course.board.urlhandler.register()` has run
(importing `tinyml_course.observe.link` does it). The parameters:

    sketch   a sketch folder, or the name of one in arduino_sketches/
    trace    what the sensors feel: CSV or WAV; may be given several times
    pace     "fast" (default): virtual time passes only while you wait for the board, faster than
             real. "real": it follows the clock on the wall, for people who watch.

Opening compiles the sketch and switches the board on. Closing stops its time; opening the same
object again goes on, and what the sketch would have printed in between was never computed. No
thread or process runs at any time, so nothing is left over when a notebook is interrupted: the
board computes inside `read`, `in_waiting` and `flush`. With "fast", the bytes are the same in every
run. Lesson 09 uses it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

from serial import PortNotOpenError, SerialBase, SerialException, Timeout

from tinyml_course.board.build.sketch import build_sketch, find_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.errors import BoardError

STEP_S = 0.02  # of virtual time a turn, so that another thread may write in between
LOOK_S = 0.001  # of virtual time that one look at in_waiting takes
REAL_NAP_S = 0.005


class Serial(SerialBase):
    """The port. `board` is the `VirtualBoard` behind it once the port was opened."""

    BAUDRATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1000000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.board: VirtualBoard | None = None
        self._crash: BoardError | None = None
        self._lock = threading.RLock()
        self._cancelled = False
        self._is_real_pace = False
        self._opened_at = 0.0
        super().__init__(*args, **kwargs)

    # ---- opening and closing -------------------------------------------------------------------

    def open(self) -> None:
        """Build the sketch and switch the board on, or go on with it after `close`.

        Raises:
            SerialException: a URL that cannot be understood, or a port that is open already.
            BoardError: the sketch does not build or a trace cannot be read.
        """
        if self._port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        if self.board is None or self._crash is not None:
            self.board = self._switch_on(self.portstr)
            self._crash = None
        self.board.uart.is_connected = True
        self._opened_at = time.monotonic() - self.board.time_s
        self.is_open = True

    def close(self) -> None:
        """The board's time stands still and whoever waits in `read` returns."""
        self._cancelled = True
        with self._lock:
            if self.is_open and self.board is not None:
                self.board.uart.is_connected = False
                self.board.uart.sent.clear()
                self.board.uart.received.clear()
            self.is_open = False
            self._cancelled = False

    def _switch_on(self, url: str) -> VirtualBoard:
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        unknown = set(query) - {"sketch", "trace", "pace"}
        pace = query.get("pace", ["fast"])[-1]
        if parts.scheme != "virtual" or not parts.netloc or unknown or pace not in ("fast", "real"):
            what = f"unknown {', '.join(sorted(unknown))}; " if unknown else ""
            raise SerialException(
                f"{url}: {what}expected virtual://BOARD?sketch=PATH, then &trace=PATH and "
                "&pace=fast or real if you like"
            )
        twice = [name for name in ("sketch", "pace") if len(query.get(name, [])) > 1]
        if twice:
            raise SerialException(
                f"{url}: {twice[0]}= stands there twice; a board runs one sketch at one pace. "
                "Only trace= may be given several times"
            )
        if not query.get("sketch", [""])[-1]:
            raise SerialException(
                f"{url}: a virtual board needs a sketch: {url.partition('?')[0]}?sketch=recorder"
            )
        self._is_real_pace = pace == "real"
        sketch = build_sketch(find_sketch(query["sketch"][-1]), unquote(parts.netloc))
        return VirtualBoard(
            sketch, [t for path in query.get("trace", []) for t in read_traces(path)]
        )

    def _reconfigure_port(self) -> None:
        """Any speed and format will do."""

    # ---- bytes ---------------------------------------------------------------------------------

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once. Each look takes the board a millisecond."""
        with self._lock:
            self._check_open()
            if self._crash is None or not self.board.uart.sent:
                self._pass_time(LOOK_S, lambda: False)
            return len(self.board.uart.sent)

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes; fewer if `timeout` passes first, in the board's time.

        Raises:
            BoardError: the sketch crashed; every later read says so again.
        """
        self._check_open()
        self._cancelled = False
        waited_s = 0.0
        deadline = Timeout(self._timeout)  # of the wall clock, for pace=real
        uart = self.board.uart
        while True:
            with self._lock:
                if not self.is_open or self._cancelled:
                    return b""
                if len(uart.sent) < size and not self._has_waited(waited_s, deadline):
                    left_s = STEP_S if self._timeout is None else self._timeout - waited_s
                    waited_s += self._pass_time(
                        max(min(STEP_S, left_s), 1e-6), lambda: len(uart.sent) >= size
                    )
                has_crashed = self._crash is not None and bool(uart.sent)
                if len(uart.sent) >= size or has_crashed or self._has_waited(waited_s, deadline):
                    data = bytes(uart.sent[:size])
                    del uart.sent[:size]
                    return data
            if self._is_real_pace:
                time.sleep(REAL_NAP_S)

    def write(self, data: bytes) -> int:
        """Hand bytes to the board; the sketch finds them the next time it looks."""
        with self._lock:
            self._check_open()
            self.board.uart.received += bytes(data)
            return len(data)

    def flush(self) -> None:
        """Wait until the sketch has taken what was written, a second of its time at most."""
        with self._lock:
            self._check_open()
            self._pass_time(1.0, lambda: not self.board.uart.received)

    def reset_input_buffer(self) -> None:
        """Throw away what the board has sent so far."""
        with self._lock:
            self._check_open()
            self.board.uart.sent.clear()

    def reset_output_buffer(self) -> None:
        """Throw away what the sketch has not taken yet."""
        with self._lock:
            self._check_open()
            self.board.uart.received.clear()

    @property
    def out_waiting(self) -> int:
        """Bytes that the sketch has not taken yet."""
        return len(self.board.uart.received) if self.is_open else 0

    def cancel_read(self) -> None:
        """Let a `read` in another thread return what it has."""
        self._cancelled = True

    def _check_open(self) -> None:
        if not self.is_open:
            raise PortNotOpenError()

    def _has_waited(self, waited_s: float, deadline: Timeout) -> bool:
        if self._timeout is None:
            return False
        return deadline.expired() if self._is_real_pace else waited_s >= self._timeout

    def _pass_time(self, seconds: float, until: Callable[[], bool]) -> float:
        """Let the board run; the virtual seconds that passed."""
        if self._crash is not None:
            raise self._crash
        if self._is_real_pace:
            behind_s = time.monotonic() - self._opened_at - self.board.time_s
            seconds = min(behind_s, STEP_S)
            if seconds <= 0:
                return 0.0
        before_s = self.board.time_s
        try:
            self.board.run(seconds, until)
        except BoardError as error:
            self._crash = error
            if not self.board.uart.sent:
                raise
            # What the sketch printed before it crashed is handed out first, then the error.
        return self.board.time_s - before_s

    # ---- lines that a virtual cable does not have ----------------------------------------------

    def _update_break_state(self) -> None: ...

    def _update_rts_state(self) -> None: ...

    def _update_dtr_state(self) -> None: ...

    @property
    def cts(self) -> bool:
        """Clear to send: always."""
        return True

    @property
    def dsr(self) -> bool:
        """Data set ready: always."""
        return True

    @property
    def ri(self) -> bool:
        """Ring indicator: never."""
        return False

    @property
    def cd(self) -> bool:
        """Carrier detect: always."""
        return True
