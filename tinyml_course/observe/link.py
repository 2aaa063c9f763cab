"""A serial link that survives what cables do: lines in, lines out, reopened when the port vanishes.

Real ports and virtual boards are the same thing here: a pyserial URL. `open_link("COM5")`,
`open_link("/dev/ttyACM0")` and `open_link("virtual://nano33ble?sketch=motion")` give the same
`Link`. The lines themselves are described in docs/serial_protocol.md. Lesson 09 uses it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator

import serial
from serial.tools import list_ports

from tinyml_course.board import urlhandler
from tinyml_course.board.catalog import BOARDS
from tinyml_course.errors import LinkError

BAUD_RATE = 115200
LONGEST_LINE_BYTES = 4096
POLL_S = 0.1  # how long one read of the port waits
WRITE_S = 5.0  # how long a board may take to accept a line


class LineFramer:
    r"""Cuts a stream of bytes into lines, however the bytes arrive.

    A half line stays inside until its end comes or `drop` forgets it. Of a line that grows beyond
    `LONGEST_LINE_BYTES` (noise of a wrong baud rate has no line ends) only the end is kept.

    >>> framer = LineFramer()
    >>> framer.feed(b"t_ms:0,ax")
    []
    >>> framer.feed(b"_g:0.5\r\nt_ms:20")
    [b't_ms:0,ax_g:0.5']
    >>> framer.pending
    b't_ms:20'
    """

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def pending(self) -> bytes:
        """The half line that waits for its end."""
        return bytes(self._pending)

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without their ends, oldest first."""
        self._pending += chunk
        *lines, rest = self._pending.split(b"\n")
        self._pending = rest[-LONGEST_LINE_BYTES:]
        return [bytes(line[-LONGEST_LINE_BYTES:]).rstrip(b"\r") for line in lines]

    def drop(self) -> None:
        """Forget the half line: what comes next belongs to another connection."""
        self._pending.clear()


class Link:
    """An open port as a stream of lines. Use it in a `with` block; made by `open_link`.

    Attributes:
        url: what was opened.
        state: "open", "away" (the port vanished and is looked for), "lost" (it did not come back)
            or "closed".
        reconnects: how often the port vanished and came back.
    """

    def __init__(self, url: str, reconnect_s: float) -> None:
        self.url = url
        self.state = "closed"
        self.reconnects = 0
        self._reconnect_s = reconnect_s
        self._framer = LineFramer()
        self._lines: deque[bytes] = deque()
        self._away_since_s = 0.0
        self._why_away: Exception | None = None
        self._port = _open_port(url)
        self._usb_serial_number = _usb_serial_number(url)
        self.state = "open"

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the port. A second call does nothing."""
        self._port.close()
        self.state = "closed"

    def time_s(self) -> float:
        """Seconds on the link's clock: a virtual board's own, or this computer's."""
        board_s = self.board_time_s
        return time.monotonic() if board_s is None else board_s

    def read_line(self, timeout_s: float = 1.0) -> bytes | None:
        """The next complete line without its end, or None if none was complete after `timeout_s`.

        It ends in time whatever the board sends, and while a port that vanished is looked for. On
        a virtual board the timeout is in the board's own time.

        Raises:
            LinkError: the link is closed, or the port vanished and did not come back in time.
            BoardError: the program on a virtual board crashed.
        """
        if self.state not in ("open", "away"):
            raise LinkError(f"{self.url} is {self.state}: open it again with open_link")
        deadline_s = self.time_s() + timeout_s
        while not self._lines:
            self._lines += self._framer.feed(self._read_chunk())
            if not self._lines and self.time_s() >= deadline_s:
                return None
        return self._lines.popleft()

    @property
    def pending(self) -> bytes:
        """The half line that waits for its end."""
        return self._framer.pending

    @property
    def board_time_s(self) -> float | None:
        """Seconds since a virtual board was switched on; None for a real one."""
        board = getattr(self._port, "board", None)
        return None if board is None else board.time_s

    def lines(self, timeout_s: float = 1.0) -> Iterator[bytes]:
        """Complete lines until none came for `timeout_s`; endless if the board goes on talking."""
        while (line := self.read_line(timeout_s)) is not None:
            yield line

    def write_line(self, text: str) -> None:
        r"""Send `text` in UTF-8 and `\n`.

        Raises:
            LinkError: the port vanished or does not take the bytes.
        """
        try:
            # as it was typed: a terminal that is not UTF-8 hands us its bytes as surrogates
            self._port.write(text.encode("utf-8", "surrogateescape") + b"\n")
        except (serial.SerialException, OSError) as error:
            raise LinkError(f"{self.url} did not take a line: {error}") from error

    def _read_chunk(self) -> bytes:
        if self.state == "away":
            self._look_for_port()
            return b""
        try:
            return self._port.read(max(1, self._port.in_waiting))
        except (serial.SerialException, OSError, TypeError) as error:
            # TypeError: pyserial 3.5 calls os.read with a descriptor that a hang-up just closed.
            self._framer.drop()
            self._port.close()
            self._away_since_s, self._why_away = time.monotonic(), error
            self.state = "away"
            return b""

    def _look_for_port(self) -> None:
        time.sleep(POLL_S)
        try:
            self._port = _open_port(self._find_again())
        except LinkError:
            if time.monotonic() - self._away_since_s < self._reconnect_s:
                return
            self.state = "lost"
            raise LinkError(
                f"{self.url} went away and did not come back within {self._reconnect_s:g} s: "
                "check the cable, press reset once, then look at `tinyml ports` "
                f"({self._why_away})"
            ) from self._why_away
        self.state = "open"
        self.reconnects += 1

    def _find_again(self) -> str:
        """The same board may come back as another port: its USB serial number knows it."""
        for port in list_ports.comports():
            if self._usb_serial_number and port.serial_number == self._usb_serial_number:
                return port.device
        return self.url


def open_link(url: str, reconnect_s: float = 10.0) -> Link:
    """Open a port or a virtual board as a `Link`.

    Args:
        url: a port (`COM5`, `/dev/ttyACM0`), or any pyserial URL, `virtual://BOARD?sketch=...` too.
        reconnect_s: how long to wait for a port that vanished.

    Raises:
        LinkError: the port is not there, is in use, or may not be opened by this user.
        BoardError: the sketch of a virtual board does not build or does not fit.
    """
    return Link(url, reconnect_s)


def _open_port(url: str) -> serial.SerialBase:
    urlhandler.register()
    try:
        # exclusive: of two programs that read one port, each would get a part of the lines
        return serial.serial_for_url(
            url, baudrate=BAUD_RATE, timeout=POLL_S, write_timeout=WRITE_S, exclusive=True
        )
    except (serial.SerialException, OSError, ValueError) as error:
        raise LinkError(f"cannot open {url}: {_remedy(url, error)}") from error


def _remedy(url: str, error: Exception) -> str:
    words = str(error).removeprefix(f"{url}: ")
    if url.startswith("virtual:"):
        return words
    if any(word in words for word in ("Permission", "Access is denied", "exclusively lock")):
        return (
            "another program (the Serial Monitor?) has it open, or you may not use it; on Linux "
            "run  sudo usermod -a -G dialout $USER  and log in again"
        )
    if url in BOARDS:
        return f"that is a board and no port; a virtual one is  virtual://{url}?sketch=motion"
    if "No such file" in words or "FileNotFound" in words:
        return (
            "there is no such port; `tinyml ports` lists those there are. No board in the list: "
            "try another cable (some only charge), then press reset twice quickly"
        )
    if any(word in words for word in ("ioctl", "Is a directory", "No such device or address")):
        return "that is no serial port; `tinyml ports` lists those there are"
    if isinstance(error, TypeError) or "not supported between" in words:
        return "the address is not complete, for instance  socket://HOST:PORT"
    return words


def _usb_serial_number(url: str) -> str | None:
    return next((p.serial_number for p in list_ports.comports() if p.device == url), None)
