"""The serial ports of this computer, and the virtual boards that act like one."""

from __future__ import annotations

from dataclasses import dataclass

from serial.tools import list_ports as serial_list_ports

from tinyml_course.board.catalog import BOARDS

# USB vendor and product ids by board: from boards.txt of arduino/ArduinoCore-mbed and
# Seeed-Studio/ArduinoCore-samd. Some are those of the bootloader, after a double tap on reset.
_USB_IDS = {
    "nano33ble": (0x2341, (0x005A, 0x805A, 0x015A, 0x025A)),
    "wio_terminal": (0x2886, (0x802D, 0x002D)),
    "xiao_samd21": (0x2886, (0x802F, 0x002F)),
    "pico": (0x2E8A, (0x00C0,)),
}
_USB_BOARDS = {
    (vendor, product): name for name, (vendor, products) in _USB_IDS.items() for product in products
}


@dataclass(frozen=True)
class Port:
    """Something `open_link` can open.

    Attributes:
        url: what to give to `open_link`, `tinyml monitor` and `tinyml record`. A virtual board
            wants a sketch behind it: `virtual://nano33ble?sketch=PATH`.
        board: the board's name in the catalogue, or None if the USB ids do not tell.
    """

    url: str
    description: str
    board: str | None = None


def list_ports() -> list[Port]:
    """Real ports first, then one virtual board for each that can be emulated."""
    real = [
        Port(p.device, p.description or "serial port", _USB_BOARDS.get((p.vid, p.pid)))
        for p in sorted(serial_list_ports.comports(), key=lambda p: p.device)
    ]
    virtual = [
        Port(f"virtual://{b.name}", f"{b.title}, emulated on this computer", b.name)
        for b in BOARDS.values()
        if b.is_virtual
    ]
    return real + virtual
