"""What a board draws while a sketch runs: its processor by the time awake, and everything else.

Two figures that never become one in secret: the processor's mean current, from the share of time
in which it computes and the catalogue's currents, and the board's own, which its power lamp,
regulators, sensors and screen draw whatever the sketch does. Lesson 10 compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.catalog import Board, Figure, average_current_ma


@dataclass(frozen=True)
class Power:
    """The current of a board over a run.

    Attributes:
        awake_share: of the time, 0 to 1: computing or waiting busily.
        processor_ma: mean current of the processor; None where the catalogue knows no current for
            a state that it was in.
        board_ma: what the board draws beside its processor.
        note: where the figures come from.
    """

    awake_share: float
    processor_ma: float | None
    board_ma: Figure
    note: str

    @property
    def words(self) -> str:
        """One line for a person."""
        current = "unknown" if self.processor_ma is None else f"{self.processor_ma:.3g} mA"
        extra = self.board_ma.value
        beside = "unknown" if extra is None else f"{extra:g} mA"
        return (
            f"processor awake {self.awake_share:.1%} of the time, {current} on average; "
            f"the board's own consumption beside it: {beside} ({self.board_ma.note})"
        )

    def as_dict(self) -> dict[str, object]:
        """The same as JSON values."""
        return {
            "awake_share": round(self.awake_share, 6),
            "processor_ma": None if self.processor_ma is None else round(self.processor_ma, 6),
            "board_ma": self.board_ma.value,
            "board_source": self.board_ma.note,
            "source": self.note,
        }


def mean_power(board: Board, awake_share: float) -> Power:
    """The mean current of `board` whose processor is awake for a share of the time.

    With a range of currents, the lower end. A processor that never sleeps needs no figure for it.

    >>> from tinyml_course.board.catalog import get_board
    >>> mean_power(get_board("nano33ble"), 0.5).processor_ma
    1.65075

    Raises:
        BoardError: the share is none.
    """
    active, sleep = board.active_ma.value, board.sleep_ua.value
    current = None
    if active is not None and awake_share == 1.0:
        current = active
    elif active is not None and sleep is not None:
        current = average_current_ma(active, sleep / 1000.0, awake_share)
    note = f"awake: {board.active_ma.note}; asleep: {board.sleep_ua.note}"
    return Power(awake_share, current, board.board_ma, note)
