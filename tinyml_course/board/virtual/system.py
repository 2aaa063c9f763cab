"""The heartbeat of a sketch and its last words: that loop() begins, and why a program ends."""

from __future__ import annotations

from collections.abc import Callable

from tinyml_course.board.virtual.peripheral import Memory, Peripheral
from tinyml_course.board.virtual.timer import NO_ALARM
from tinyml_course.errors import BoardError

MESSAGE_BYTES = 200


class SystemRegister:
    """Offsets of the registers."""

    LOOP = 0x00
    CALLER = 0x04
    ABORT = 0x08
    WATCHDOG_MS = 0x0C
    KICK = 0x10


class System(Peripheral):
    """Knows how far the sketch is, and ends it if it says so.

    Attributes:
        loops: how often `loop()` was entered; 0 while `setup()` runs.
        due_us: until when the watchdog waits for a sign of life; far away while it is off.
    """

    name = "SYSTEM"
    address = 0x4F000000
    registers = SystemRegister

    def __init__(
        self,
        memory: Memory,
        locate: Callable[[int], str],
        begin_loop: Callable[[], None],
        now_us: Callable[[], int],
    ) -> None:
        """`locate` puts an address of the program into words; `begin_loop` hears of each loop()."""
        self._now_us = now_us
        self._watchdog_us = 0  # how long it waits; 0: it is off
        self._kicked_us = 0
        self.due_us = NO_ALARM
        self.loops = 0
        self._begin_loop = begin_loop
        self._memory = memory
        self._locate = locate
        self._caller = 0

    def write(self, offset: int, value: int) -> bool:
        """That `loop()` begins, or why the program ends (raises BoardError)."""
        if offset == SystemRegister.LOOP:
            self.loops += 1
            self._begin_loop()
        elif offset == SystemRegister.CALLER:
            self._caller = value
        elif offset == SystemRegister.WATCHDOG_MS:
            self._watchdog_us = value * 1000
            self._kick()
        elif offset == SystemRegister.KICK:
            self.check_watchdog(lambda: "then it said that it is alive")
            self._kick()
        elif offset == SystemRegister.ABORT:
            self._abort(value)
        else:
            return False
        return True

    def _kick(self) -> None:
        self._kicked_us = self._now_us()
        self.due_us = self._kicked_us + self._watchdog_us if self._watchdog_us else NO_ALARM

    def check_watchdog(self, where: Callable[[], str]) -> None:
        """Raises BoardError if the sketch has kept its watchdog waiting for too long."""
        now_us = self._now_us()
        if now_us > self.due_us:
            silent_us = now_us - self._kicked_us
            raise BoardError(
                f"the watchdog would have reset the board: nothing was heard of the sketch for "
                f"{silent_us / 1e6:g} s, {self._watchdog_us / 1e6:g} are allowed; {where()}"
            )

    def _abort(self, address: int) -> None:
        """Raises BoardError with the sketch's message and the line that called."""
        text = self._read_text(address)
        call = (self._caller & ~1) - 2  # a return address stands behind the call
        raise BoardError(f"the sketch ended itself: {text}, called in {self._locate(call)}")

    def _read_text(self, address: int) -> str:
        """Up to the zero, byte by byte: the text may be the last thing in flash."""
        text = bytearray()
        while len(text) < MESSAGE_BYTES and (byte := self._memory.read_memory(address, 1)[0]):
            text.append(byte)
            address += 1
        return text.decode("utf-8", "replace")
