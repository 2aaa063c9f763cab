"""From a board's serial lines to a labelled CSV that no pulled cable can damage.

Each complete record is written at once as one complete line, in the format that
`datasets.recordings` reads: `t_ms,ax_g,ay_g,az_g,label,subject`. Lesson 11 records
gestures with it.
"""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tinyml_course.errors import DataError, LinkError, OutputError
from tinyml_course.observe.link import Link, open_link

ACCELERATION_COLUMNS = ("ax_g", "ay_g", "az_g")
TAKE_GAP_MS = 1000  # between two takes in one file, and across a reset: no window may span it
_WORD = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Recording:
    """What a recording is so far, or was at its end.

    Attributes:
        path: the CSV.
        state: "recording", "complete", "stopped" (by the learner), "silent" or "lost".
        samples: complete records written by this recording.
        seconds: time recorded, by the board's clock.
        rate_hz: samples a second over the last second.
        dropped: samples that the board's clock says are missing.
        damaged: lines that were neither a record nor a note.
        reconnects: how often the port vanished and came back.
        resets: how often the board's clock began again.
    """

    path: Path
    state: str = "recording"
    samples: int = 0
    seconds: float = 0.0
    rate_hz: float = 0.0
    dropped: int = 0
    damaged: int = 0
    reconnects: int = 0
    resets: int = 0

    def __str__(self) -> str:
        troubles = [
            f"{count} {word}"
            for count, word in [
                (self.dropped, "dropped"),
                (self.damaged, "damaged lines"),
                (self.reconnects, "reconnects"),
                (self.resets, "resets"),
            ]
            if count
        ]
        return (
            f"{self.state}: {self.samples} samples, {self.seconds:.1f} s, "
            f"{self.rate_hz:.1f} Hz, {', '.join(troubles) or 'nothing dropped'}"
        )


def record_csv(
    url: str,
    label: str,
    seconds: float,
    out: Path | str,
    subject: str = "me",
    *,
    columns: tuple[str, ...] = ACCELERATION_COLUMNS,
    rate_hz: float = 50.0,
    silence_s: float = 5.0,
    reconnect_s: float = 10.0,
    on_progress: Callable[[Recording], None] | None = None,
) -> Recording:
    """Record `seconds` of a board that runs the `recorder` sketch, appending to `out`.

    Ctrl-C ends a recording early and keeps what is there: its state is then "stopped".

    Args:
        url: a port or a virtual board.
        label: the class that is being recorded, a word without spaces or commas.
        seconds: how long, by the board's own clock.
        out: a CSV, made if it is not there. A half line at its end (a crash) is removed first.
        subject: who moves, a word; splits keep a subject on one side.
        columns: the names the sketch prints after `t_ms`.
        rate_hz: the sketch's sampling rate, to count dropped samples.
        silence_s: how long to wait for a record before giving up.
        reconnect_s: how long to wait for a port that vanished.
        on_progress: called about once a recorded second.

    Raises:
        DataError: `label` or `subject` is no word, or `out` is another kind of CSV.
        LinkError: the port cannot be opened, vanished for good, or sends no records. What was
            complete until then is in `out`.
    """
    for word in (label, subject):
        if not _WORD.fullmatch(word):
            raise DataError(
                f"{word!r} cannot be a label or subject: use letters, digits, '_', '-' and '.'"
            )
    take = _Take(Path(out), label, subject, columns, rate_hz, on_progress)
    with open_link(url, reconnect_s) as link, _open_for_append(take.path, columns) as file:
        try:
            take.run(link, file, seconds, silence_s)
        except KeyboardInterrupt:
            take.update(state="stopped")
        except LinkError as error:
            take.update(state="silent" if link.state == "open" else "lost")
            raise LinkError(
                f"{error}; {take.recording.samples} complete samples are kept in {take.path}"
            ) from error
        finally:
            os.fsync(file.fileno())
    return take.recording


class _Take:
    """One run of the recorder: follows the board's clock and keeps the count."""

    def __init__(
        self,
        path: Path,
        label: str,
        subject: str,
        columns: tuple[str, ...],
        rate_hz: float,
        on_progress: Callable[[Recording], None] | None,
    ) -> None:
        self.path = path
        self.recording = Recording(path)
        self._tail = f",{label},{subject}\n".encode()
        self._period_ms = 1000.0 / rate_hz
        self._record = _record_pattern(columns)
        self._on_progress = on_progress
        self._board_ms: int | None = None  # the board's clock at the last record
        self._recorded_ms = 0.0  # time recorded, the gaps of resets left out
        self._recent: deque[float] = deque(maxlen=max(2, round(rate_hz) + 1))

    def run(self, link: Link, file: BinaryIO, seconds: float, silence_s: float) -> None:
        file_ms = _last_time_ms(self.path)
        heard = time.monotonic()
        silent_s = 0.0
        while self._recorded_ms + self._period_ms / 2 < seconds * 1000:
            line = link.read_line(timeout_s=min(1.0, silence_s))
            self.update(reconnects=link.reconnects)
            match = self._record.search(line) if line else None
            if match is None:
                # Silence is counted in the link's time, chatter without records in ours.
                silent_s += min(1.0, silence_s) if line is None else 0.0
                if max(silent_s, time.monotonic() - heard) >= silence_s:
                    raise LinkError(
                        f"{link.url} sent no record for {silence_s:g} s: is the sketch "
                        "`recorder` on the board?"
                    )
                if line and not line.startswith(b"#"):
                    self.update(damaged=self.recording.damaged + 1)
                continue
            heard, silent_s = time.monotonic(), 0.0
            board_ms = int(match["t_ms"])
            step_ms = self._step_ms(board_ms)
            first_of_take = self.recording.samples == 0
            if first_of_take and file_ms is None:
                file_ms = board_ms
            else:
                file_ms += TAKE_GAP_MS if first_of_take or step_ms is None else step_ms
            values = b",".join(field.split(b":")[1] for field in match["values"].split(b","))
            # The file is unbuffered: one write is one complete line.
            file.write(b"%d,%b%b" % (file_ms, values, self._tail))
            self._count(step_ms)
        self.update(state="complete")

    def _step_ms(self, board_ms: int) -> int | None:
        """Milliseconds since the last record; None if there is none or the clock began again."""
        last, self._board_ms = self._board_ms, board_ms
        if last is None:
            return None
        if board_ms < last:
            self.update(resets=self.recording.resets + 1)
            return None
        return board_ms - last

    def _count(self, step_ms: int | None) -> None:
        missing = 0 if step_ms is None else max(0, round(step_ms / self._period_ms) - 1)
        self._recorded_ms += self._period_ms if step_ms is None else step_ms
        self._recent.append(self._recorded_ms)
        span_ms = self._recent[-1] - self._recent[0]
        self.update(
            samples=self.recording.samples + 1,
            dropped=self.recording.dropped + missing,
            seconds=self._recorded_ms / 1000,
            rate_hz=1000 * (len(self._recent) - 1) / span_ms if span_ms else 0.0,
        )
        second = int(self._recorded_ms // 1000)
        if self._on_progress and second != int((self._recorded_ms - (step_ms or 0)) // 1000):
            self._on_progress(self.recording)

    def update(self, **changes: object) -> None:
        self.recording = replace(self.recording, **changes)


def _record_pattern(columns: tuple[str, ...]) -> re.Pattern[bytes]:
    """A record at the end of a line. What stands before it is the rest of a torn line."""
    values = ",".join(rf"{re.escape(name)}:-?\d+(?:\.\d+)?" for name in columns)
    return re.compile(rf"t_ms:(?P<t_ms>\d+),(?P<values>{values})$".encode())


def _open_for_append(path: Path, columns: tuple[str, ...]) -> BinaryIO:
    """`path`, unbuffered, ending in a complete line, with its header."""
    header = ",".join(("t_ms", *columns, "label", "subject")) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        present = path.read_bytes() if path.exists() else b""
        complete = present[: present.rfind(b"\n") + 1]
        if complete and complete.splitlines()[0].decode("utf-8", "replace") != header.strip():
            raise DataError(
                f"{path} begins with another header than {header.strip()!r}: "
                "choose a new file for this recording"
            )
        file = open(path, "r+b" if path.exists() else "w+b", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}. Choose another folder"
        ) from error
    file.truncate(len(complete))
    file.seek(0, os.SEEK_END)
    if not complete:
        file.write(header.encode())
    return file


def _last_time_ms(path: Path) -> int | None:
    last = path.read_bytes().splitlines()[-1].split(b",")[0]
    return int(last) if last.isdigit() else None
