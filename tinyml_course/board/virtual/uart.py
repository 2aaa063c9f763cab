"""The serial port of a virtual board: bytes to and from the host."""

from __future__ import annotations

from tinyml_course.board.virtual.peripheral import Memory, Peripheral
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.errors import BoardError

PACKET_BYTES = 64
PACKET_US = 1000 / 19  # full-speed USB moves 19 such packets a millisecond (USB 2.0, table 5-10)
MOST_QUEUED_US = 64 * PACKET_US  # a burst that costs no time; a real core's buffer is smaller
MOST_WAITING_BYTES = 16_000_000  # printed and not taken: hours at the speed of a real port


class UartRegister:
    """Offsets of the registers."""

    CONNECTED = 0x00
    TX_ADDRESS = 0x04
    TX_LENGTH = 0x08
    RX_ADDRESS = 0x0C
    RX_LENGTH = 0x10
    RX_COUNT = 0x14
    BAUD = 0x18


class Uart(Peripheral):
    """A cable as fast as full-speed USB: what is printed faster waits, as `Serial.print` does.

    Attributes:
        sent: what the sketch printed and the host has not taken yet.
        received: what the host wrote and the sketch has not read yet.
        is_connected: whether the host has the port open: `if (Serial)` in the sketch. What a
            sketch prints while nobody listens is lost, as on a USB port.
        total_sent: how many bytes the sketch ever printed.
    """

    name = "UART"
    address = 0x4F001000
    registers = UartRegister

    def __init__(self, memory: Memory, timer: Timer) -> None:
        self.sent = bytearray()
        self.received = bytearray()
        self.is_connected = True
        self.total_sent = 0
        self._memory = memory
        self._timer = timer
        self._bus_free_us = 0.0
        self._tx_address = self._rx_address = self._rx_count = 0

    def take(self) -> bytes:
        """What the sketch printed since the last time."""
        data = bytes(self.sent)
        self.sent.clear()
        return data

    def give(self, data: bytes) -> None:
        """Bytes from the host; the sketch finds them the next time it looks."""
        self.received += data

    def read(self, offset: int) -> int | None:
        """Whether the host listens, or how many bytes the last read brought."""
        if offset == UartRegister.CONNECTED:
            self._timer.question()
            return int(self.is_connected)
        if offset == UartRegister.RX_COUNT:
            return self._rx_count
        return None

    def write(self, offset: int, value: int) -> bool:
        """A buffer and a length: sends from the one, receives into the other."""
        if offset == UartRegister.TX_ADDRESS:
            self._tx_address = value
        elif offset == UartRegister.TX_LENGTH:
            data = self._memory.read_memory(self._tx_address, value)
            self.total_sent += len(data)
            if self.is_connected:
                self.sent += data
                self._wait_for_bus(len(data))
            if len(self.sent) > MOST_WAITING_BYTES:
                raise BoardError(
                    f"the sketch printed {len(self.sent):,} bytes that nobody took: a board's port "
                    "is not that fast; print less, or wait in between with delay()"
                )
            self._timer.busy()
        elif offset == UartRegister.RX_ADDRESS:
            self._rx_address = value
        elif offset == UartRegister.RX_LENGTH:
            self._fill(value)
        elif offset == UartRegister.BAUD:
            pass  # any speed will do: USB has its own
        else:
            return False
        return True

    def _wait_for_bus(self, size: int) -> None:
        """Each write is packets of its own; the sketch waits while too many are under way."""
        now_us = self._timer.now_us
        packets = max(1, -(-size // PACKET_BYTES))
        self._bus_free_us = max(self._bus_free_us, now_us) + packets * PACKET_US
        if (late_us := self._bus_free_us - now_us - MOST_QUEUED_US) > 0:
            self._timer.skip_us(round(late_us))

    def _fill(self, size: int) -> None:
        data = bytes(self.received[:size])
        del self.received[:size]
        self._rx_count = len(data)
        if data:
            self._memory.write_memory(self._rx_address, data)
            self._timer.busy()
        else:
            self._timer.question()
