"""The sketch's heartbeat: the core tells when `setup()` is done and each time `loop()` begins."""

from __future__ import annotations

from tinyml_course.board.virtual.peripheral import Peripheral


class System(Peripheral):
    """Attributes: loops, how often `loop()` was entered; 0 while `setup()` runs."""

    address = 0x4F000000

    def __init__(self) -> None:
        self.loops = 0

    def write(self, offset: int, value: int) -> bool:
        if offset == 0x00:
            self.loops += 1
            return True
        return False
