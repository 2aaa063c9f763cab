"""I2C and SPI: what a sketch says to devices, and the devices that answer.

    board.i2c.attach(0x68, RegisterDevice({0x75: 0x68}))     # on Wire; bus=1 is Wire1
    board.spi.attach(MyDevice())                             # transfer(byte) -> byte

The chips that a board carries answer by name: they acknowledge and say who they are, so that a scan
finds them. Their data come through their libraries; a register of theirs that nothing stands behind
is an error that says so.
"""

from __future__ import annotations

from typing import Protocol

from tinyml_course.board.virtual.peripheral import Memory, Peripheral
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.errors import BoardError

MOST_BYTES = 256  # the buffers of Wire, in the mbed and the SAMD cores
ADDRESSES = range(0x08, 0x78)
BITS_A_BYTE = 9  # eight and an acknowledgement
NOTHING_THERE = 2  # of endTransmission(): the address was not acknowledged


class I2cDevice(Protocol):
    """What answers at an address."""

    def write(self, data: bytes) -> None:
        """Take what the sketch wrote in one transmission."""
        ...

    def read(self, size: int) -> bytes:
        """Up to `size` bytes for the sketch."""
        ...


class RegisterDevice:
    """A device of registers, as most are: the first byte written chooses one.

    The bytes after it go into that register and those that follow; a read begins there, too.

    >>> device = RegisterDevice({0x0F: 0x33})
    >>> device.write(bytes([0x0F]))
    >>> device.read(1)
    b'3'
    """

    def __init__(self, registers: dict[int, int], name: str = "") -> None:
        """registers: what each holds. name: of a chip whose other registers are not modelled."""
        self.registers = dict(registers)
        self._name = name
        self._at = 0

    def write(self, data: bytes) -> None:
        """Choose a register, and fill it and the next ones."""
        if not data:
            return
        self._at = data[0]
        if self._name and self._at not in self.registers:
            self._at &= 0x7F  # the top bit asks some chips to go on by themselves
        for value in data[1:]:
            if self._name:
                raise self._not_modelled(self._at)
            self.registers[self._at] = value
            self._at = self._at + 1 & 0xFF

    def read(self, size: int) -> bytes:
        """From the chosen register on; 0 where nothing was written."""
        found = bytearray()
        for _ in range(size):
            if self._name and self._at not in self.registers:
                raise self._not_modelled(self._at)
            found.append(self.registers.get(self._at, 0))
            self._at = self._at + 1 & 0xFF
        return bytes(found)

    def _not_modelled(self, register: int) -> BoardError:
        return BoardError(
            f"register {register:#04x} of the {self._name} is on the real board, the virtual one "
            "has only the chip's identity: use the chip's library"
        )


class I2cRegister:
    """Offsets of the registers."""

    BUS = 0x00
    ADDRESS = 0x04
    BUFFER = 0x08
    SEND = 0x0C
    RECEIVE = 0x10
    RESULT = 0x14
    CLOCK_HZ = 0x18


class I2c(Peripheral):
    """Two buses: 0 is Wire, 1 is Wire1. Nothing is on them but what was attached."""

    name = "I2C"
    address = 0x4F00A000
    registers = I2cRegister

    def __init__(self, memory: Memory, timer: Timer) -> None:
        self._memory = memory
        self._timer = timer
        self._devices: dict[tuple[int, int], I2cDevice] = {}
        self._bus = self._address = self._buffer = self._result = 0
        self._clock_hz = 100_000

    def attach(self, address: int, device: I2cDevice, bus: int = 0) -> None:
        """Put a device on a bus.

        Raises:
            BoardError: not an address of 7 bits, or one that is taken.
        """
        if address not in ADDRESSES or bus not in (0, 1):
            raise BoardError(
                f"no device answers at {address:#x} of bus {bus}: 0x08 to 0x77, 0 or 1"
            )
        if (bus, address) in self._devices:
            raise BoardError(f"something answers at {address:#04x} of bus {bus} already")
        self._devices[bus, address] = device

    def read(self, offset: int) -> int | None:
        """What the last transfer came to."""
        return self._result if offset == I2cRegister.RESULT else None

    def write(self, offset: int, value: int) -> bool:
        """Where to, which memory, and how much of it: sends or receives."""
        if offset == I2cRegister.BUS:
            self._bus = value
        elif offset == I2cRegister.ADDRESS:
            self._address = value
        elif offset == I2cRegister.BUFFER:
            self._buffer = value
        elif offset == I2cRegister.CLOCK_HZ:
            self._clock_hz = max(value, 1000)
        elif offset == I2cRegister.SEND:
            self._send(min(value, MOST_BYTES))
        elif offset == I2cRegister.RECEIVE:
            self._receive(min(value, MOST_BYTES))
        else:
            return False
        return True

    def _take_time(self, count: int) -> None:
        self._timer.busy()
        self._timer.skip_us(round((count + 1) * BITS_A_BYTE * 1e6 / self._clock_hz))

    def _send(self, size: int) -> None:
        device = self._devices.get((self._bus, self._address))
        self._take_time(size if device else 0)
        self._result = NOTHING_THERE
        if device is not None:
            device.write(self._memory.read_memory(self._buffer, size) if size else b"")
            self._result = 0

    def _receive(self, size: int) -> None:
        device = self._devices.get((self._bus, self._address))
        data = device.read(size)[:size] if device else b""
        self._take_time(len(data))
        if data:
            self._memory.write_memory(self._buffer, data)
        self._result = len(data)


class SpiDevice(Protocol):
    """What hangs on the SPI bus."""

    def transfer(self, byte: int) -> int:
        """Take a byte and give one, at the same time."""
        ...


class SpiRegister:
    """Offsets of the registers."""

    TRANSFER = 0x00
    CLOCK_HZ = 0x04


class Spi(Peripheral):
    """Without a device every byte that comes back is 0: nothing drives the line."""

    name = "SPI"
    address = 0x4F00B000
    registers = SpiRegister

    def __init__(self, timer: Timer) -> None:
        self._timer = timer
        self._device: SpiDevice | None = None
        self._clock_hz = 4_000_000
        self._received = 0
        self._owed_us = 0.0

    def attach(self, device: SpiDevice) -> None:
        """Connect the one device; it looks at its chip-select pin itself, in `gpio.outputs`."""
        self._device = device

    def read(self, offset: int) -> int | None:
        """The byte that came back."""
        return self._received if offset == SpiRegister.TRANSFER else None

    def write(self, offset: int, value: int) -> bool:
        """A byte to send, or the clock's rate."""
        if offset == SpiRegister.CLOCK_HZ:
            self._clock_hz = max(value, 1000)
        elif offset == SpiRegister.TRANSFER:
            self._received = self._device.transfer(value & 0xFF) & 0xFF if self._device else 0
            self._owed_us += 8e6 / self._clock_hz
            self._timer.skip_us(int(self._owed_us))
            self._owed_us %= 1.0
            self._timer.busy()
        else:
            return False
        return True


# The chips that a board carries: bus, address, name, and the register that says who they are.
_CARRIED = {
    "nano33ble": (
        (1, 0x6B, "LSM9DS1", {0x0F: 0x68}),
        (1, 0x1E, "LSM9DS1's magnetometer", {0x0F: 0x3D}),
        (1, 0x5F, "HTS221", {0x0F: 0xBC}),
        (1, 0x5C, "LPS22HB", {0x0F: 0xB1}),
        (1, 0x39, "APDS9960", {0x92: 0xAB}),
    ),
    "wio_terminal": ((1, 0x18, "LIS3DHTR", {0x0F: 0x33}),),
}


def attach_carried(i2c: I2c, board: str) -> None:
    """Put the chips that a board carries on its bus."""
    for bus, address, name, registers in _CARRIED.get(board, ()):
        i2c.attach(address, RegisterDevice(registers, name), bus)
