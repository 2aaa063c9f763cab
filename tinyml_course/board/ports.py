"""The serial ports of this computer, and the virtual boards that act like one."""

from __future__ import annotations

from dataclasses import dataclass

from serial.tools import list_ports as serial_list_ports

from tinyml_course.board.catalog import BOARDS

# USB vendor and product ids: as the boards' Arduino cores give them in boards.txt.
_USB_BOARDS = {
    (0x2341, 0x805A): "nano33ble",
    (0x2341, 0x005A): "nano33ble",  # its bootloader, after a double tap on reset
    (0x2886, 0x802D): "wio_terminal",
    (0x2886, 0x002D): "wio_terminal",
    (0x2886, 0x802F): "xiao_samd21",
    (0x2886, 0x002F): "xiao_samd21",
    (0x2341, 0x005E): "pico",
    (0x2341, 0x025E): "pico",
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
