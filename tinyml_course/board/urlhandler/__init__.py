"""pyserial looks here for `protocol_virtual.py`, the `virtual://` URL."""

import serial


def register() -> None:
    """Let `serial.serial_for_url` find `virtual://`. Calling it again changes nothing."""
    if __name__ not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.append(__name__)


register()
