"""Sound for a live board's microphone: from the computer's own, or from a recording.

Sound drives time. While the sketch listens, the board may run only up to what was heard: then no
sample is missing and none comes twice, whatever the two clocks think of each other. Should no
sound come for SILENCE_AFTER_S, the board hears silence at the pace of the clock on the wall.
"""

from __future__ import annotations

import math

import numpy as np

from tinyml_course.board.virtual.microphone import LIVE_RATE_HZ, Microphone

SILENCE_AFTER_S = 2.0  # without a chunk: the page is hidden, or its microphone was pulled out
MOST_LATE_S = 0.3  # of what comes after a silence; older sound is dropped, silence stands for it
MOST_AHEAD_S = 5.0  # heard and not yet computed: the computer does not keep up
STALL_S = 0.25  # between two looks at the clock: another cell holds Python
SILENCE_STEP_S = 0.02
TAIL_S = 1.5  # of silence after a recording, in which a sketch still decides


class LiveSound:
    """One source of sound at a time.

    Attributes:
        source: "microphone", another name, or None.
        chunk_samples: how many the page sent.
        lost_samples: that the page sent and the board never heard.
        peak: of the last sound, 0 to 1.
    """

    def __init__(self) -> None:
        self.source: str | None = None
        self.chunk_samples = 0
        self.lost_samples = 0
        self.peak = 0.0
        self._heard_at_s = 0.0  # on the wall, when sound or silence came last
        self._is_silent = False
        self._next_number: int | None = None
        self._least_delay_s = math.inf  # from the page's clock to ours
        self._looked_at_s = 0.0
        self._recording: np.ndarray | None = None
        self._begun_s = 0.0
        self._fed = 0

    def begin(self, source: str, now_s: float, recording: np.ndarray | None = None) -> None:
        """Listen to the page's microphone, or to a recording (int16 at 16,000 Hz)."""
        self.source = source
        self.chunk_samples = self.lost_samples = 0
        self.peak = 0.0
        self._heard_at_s, self._is_silent, self._next_number = now_s, False, None
        self._least_delay_s, self._looked_at_s = math.inf, now_s
        self._recording = recording
        if recording is not None:
            tail = np.zeros(int(TAIL_S * LIVE_RATE_HZ), np.int16)
            self._recording = np.concatenate([recording, tail])
            self._begun_s, self._fed = now_s, 0

    def end(self) -> None:
        """Nobody makes a sound any more."""
        self.source, self._recording, self.peak = None, None, 0.0

    def take(
        self,
        microphone: Microphone,
        samples: np.ndarray,
        number: int,
        page_s: float,
        now_s: float,
    ) -> None:
        """A chunk of the page's microphone.

        Args:
            number: counts the chunks, so that a lost one is seen.
            page_s: when it was heard, by the page's clock.
        """
        if self.source is None or self._recording is not None:
            return
        if self._next_number is not None and number > self._next_number:
            self.lost_samples += (number - self._next_number) * len(samples)
        self._next_number = number + 1
        self.chunk_samples += len(samples)
        self.peak = float(np.abs(samples.astype(np.int32)).max(initial=0)) / 32768
        self._least_delay_s = min(self._least_delay_s, now_s - page_s)
        late_s = now_s - page_s - self._least_delay_s
        if (self._is_silent and late_s > MOST_LATE_S) or microphone.ahead_us > MOST_AHEAD_S * 1e6:
            self.lost_samples += len(samples)
            return
        microphone.feed(samples)
        self._heard_at_s, self._is_silent = now_s, False

    def keep_up(self, microphone: Microphone, now_s: float) -> None:
        """What has sounded up to now: the next piece of a recording, or silence."""
        if self._recording is not None:
            due = int((now_s - self._begun_s) * LIVE_RATE_HZ)
            piece = self._recording[self._fed : due]
            if len(piece):
                self.peak = float(np.abs(piece.astype(np.int32)).max()) / 32768
                microphone.feed(piece)
                self._fed += len(piece)
            return
        if now_s - self._looked_at_s > STALL_S:
            self._heard_at_s = now_s  # we were held up, not the page: its chunks are on their way
        self._looked_at_s = now_s
        silence_s = now_s - self._heard_at_s
        if self.source and silence_s > (SILENCE_STEP_S if self._is_silent else SILENCE_AFTER_S):
            microphone.feed(np.zeros(int(silence_s * LIVE_RATE_HZ), np.int16))
            self._heard_at_s, self._is_silent, self.peak = now_s, True, 0.0

    @property
    def is_over(self) -> bool:
        """Whether a recording has ended."""
        return self._recording is not None and self._fed >= len(self._recording)
