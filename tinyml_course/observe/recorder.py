"""From a board's serial lines to a labelled CSV that no pulled cable can damage.

Each complete record is written at once as one complete line, in the format that
`datasets.recordings` reads: `t_ms,ax_g,ay_g,az_g,label,subject`. Lesson 11 records
gestures with it.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.datasets.recording_rows import MAX_AXIS_G
from tinyml_course.errors import DataError, LinkError
from tinyml_course.observe.board_clock import LARGEST_MS, BoardClock, Sample
from tinyml_course.observe.link import Link, open_link
from tinyml_course.observe.recording_file import RecordingFile, check_recordable

ACCELERATION_COLUMNS = ("ax_g", "ay_g", "az_g")
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_NUMBER = r"-?\d{1,10}(?:\.\d{1,10})?"  # longer ones are noise, whatever they are made of


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
        damaged: lines that were neither a record nor a note, or whose time cannot be right.
        reconnects: how often the port vanished and came back.
        resets: how often the board's clock began again; there, the file begins another take.
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
    """Record `seconds` of a board that runs the `recorder` sketch, appending a take to `out`.

    Ctrl-C ends a recording early and keeps what is there: its state is then "stopped". It ends in
    any case after `2 * seconds + silence_s + 3 * reconnect_s` of the link's time.

    Args:
        url: a port or a virtual board.
        label: the class that is being recorded, a word without spaces or commas.
        seconds: how long, by the board's own clock.
        out: a CSV, made if it is not there. A half line at its end (a crash) is removed first.
        subject: who moves, a word; splits keep a subject on one side.
        columns: the names the sketch prints after `t_ms`; one in g holds +-16 at most.
        rate_hz: the sketch's sampling rate, to count dropped samples.
        silence_s: how long to wait for a record before giving up.
        reconnect_s: how long to wait for a port that vanished.
        on_progress: called about once a recorded second.

    Raises:
        DataError: `label` or `subject` is no word, a time is not above 0, or `out` is another
            kind of file.
        LinkError: the port cannot be opened, vanished for good, or sends no records, or too few.
            What was complete until then is in `out`.
        OutputError: `out` is a device or a folder, cannot be written, or another recorder writes
            it; or the disk is full. What was complete until then is in `out`.
    """
    for word in (label, subject):
        if not _WORD.fullmatch(word):
            raise DataError(
                f"{word!r} cannot be a label or subject: use letters, digits, '_', '-' and '.'"
            )
    for name, value in (("seconds", seconds), ("rate_hz", rate_hz), ("silence_s", silence_s)):
        if not (math.isfinite(value) and value > 0):
            raise DataError(f"{name} is {value:g}: give a number above 0")
    path = Path(out)
    header = (",".join(("t_ms", *columns, "label", "subject")) + "\n").encode()
    check_recordable(path, header)
    take = _Take(path, label, subject, columns, rate_hz, on_progress)
    limit_s = 2 * seconds + silence_s + 3 * reconnect_s
    with open_link(url, reconnect_s) as link, RecordingFile(path, header) as file:
        try:
            take.run(link, file, seconds, silence_s, limit_s)
        except KeyboardInterrupt:
            file.settle()
            take.finish(file, "stopped")
        except LinkError as error:
            take.finish(file, "lost" if link.state != "open" else "silent")
            raise LinkError(f"{error}; {file.rows} complete samples are kept in {path}") from error
        file.save()
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
        self._path = path
        self._tail = f",{label},{subject}\n".encode()
        self._period_ms = 1000.0 / rate_hz
        self._pattern = _record_pattern(columns)
        self._in_g = [place for place, name in enumerate(columns) if name.endswith("_g")]
        self._on_progress = on_progress
        self._clock = BoardClock(self._period_ms)
        self._state = "recording"
        self._samples = self._dropped = self._not_understood = self._reconnects = 0
        self._file_ms = 0  # of the last row, from where its take begins
        self._recorded_ms = 0.0  # time recorded, the gaps of resets left out
        self._recent: deque[float] = deque(maxlen=max(2, round(rate_hz) + 1))

    @property
    def recording(self) -> Recording:
        """What there is so far."""
        span_ms = self._recent[-1] - self._recent[0] if self._recent else 0.0
        return Recording(
            self._path,
            self._state,
            self._samples,
            self._recorded_ms / 1000,
            1000 * (len(self._recent) - 1) / span_ms if span_ms else 0.0,
            self._dropped,
            self._not_understood + self._clock.damaged,
            self._reconnects,
            self._clock.resets,
        )

    def run(
        self, link: Link, file: RecordingFile, seconds: float, silence_s: float, limit_s: float
    ) -> None:
        """Write records until `seconds` are recorded."""
        begun_s = heard_s = link.time_s()
        while True:
            line = link.read_line(timeout_s=min(1.0, silence_s))
            self._reconnects = link.reconnects
            now_s = link.time_s()
            record = self._read(line) if line is not None else None
            if record is not None or link.state == "away":
                heard_s = now_s  # a port that is away is the link's to give up
            for sample in self._clock.feed(*record) if record is not None else ():
                self._write(file, sample)
                if self._recorded_ms + self._period_ms / 2 >= seconds * 1000:
                    self.finish(file, "complete")
                    return
            if now_s - heard_s >= silence_s:
                raise LinkError(
                    f"{link.url} sent no record for {silence_s:g} s: is the sketch "
                    "`recorder` on the board?"
                )
            if now_s - begun_s >= limit_s:
                raise LinkError(
                    f"{link.url} sent records of {self._recorded_ms / 1000:.1f} s in "
                    f"{now_s - begun_s:.0f} s: look at the cable, and at what the board does"
                )

    def finish(self, file: RecordingFile, state: str) -> None:
        """Write the record that waited for another one, and say how it ended."""
        self._samples = file.rows
        for sample in self._clock.finish() if state != "complete" else ():
            self._write(file, sample)
        self._state = state

    def _read(self, line: bytes) -> tuple[int, bytes] | None:
        """Time and values of a record; None if the line is none, and then it may be damaged."""
        match = self._pattern.search(line)
        if match is not None:
            values = [field.split(b":")[1] for field in match["values"].split(b",")]
            t_ms = int(match["t_ms"])
            worst_g = max((abs(float(values[place])) for place in self._in_g), default=0.0)
            if t_ms <= LARGEST_MS and worst_g <= MAX_AXIS_G:
                return t_ms, b",".join(values)
        if line and not line.startswith(b"#"):
            self._not_understood += 1
        return None

    def _write(self, file: RecordingFile, sample: Sample) -> None:
        step_ms = sample.step_ms
        self._file_ms = 0 if step_ms is None else self._file_ms + step_ms
        file.add_row(b"%d,%b%b" % (self._file_ms, sample.values, self._tail))
        self._samples = file.rows
        if step_ms is None:
            step_ms = self._period_ms
        self._dropped += max(0, round(step_ms / self._period_ms) - 1)
        before_s, self._recorded_ms = self._recorded_ms // 1000, self._recorded_ms + step_ms
        self._recent.append(self._recorded_ms)
        if self._recorded_ms // 1000 != before_s:
            file.check_in_place()
            if self._on_progress:
                self._on_progress(self.recording)


def _record_pattern(columns: tuple[str, ...]) -> re.Pattern[bytes]:
    """A record at the end of a line. What stands before it is the rest of a torn line."""
    values = ",".join(rf"{re.escape(name)}:{_NUMBER}" for name in columns)
    return re.compile(rf"t_ms:(?P<t_ms>\d{{1,10}}),(?P<values>{values})$".encode())
