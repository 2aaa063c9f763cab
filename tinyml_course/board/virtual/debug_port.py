"""What a thief with a cable gets of a virtual board: its flash, unless the chip refuses.

    port = DebugPort(VirtualBoard(build_sketch("security", "nano33ble")))
    port.read_flash()                 # every byte, as a debugger or the bootloader would give it
    port.write_flash(address, data)   # a bit that flips, a model that is swapped
    port.protect()                    # APPROTECT on the Nano, the security bit on the SAMDs
    port.read_flash()                 # BoardError: refused
    port.erase_all()                  # the way back, for who wants the chip and not what is on it

Modelled after the nRF52840's access port protection and the SAMD21's and SAMD51's security bit, as
their data sheets describe them. A virtual board has no supply voltage, so what glitches do to the
real chips (CVE-2020-27211 for the nRF52840) is not modelled: the refusal here is what the maker of
the chip promised. Lesson 19.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.linked.program import Program
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.errors import BoardError

ERASED = 0xFF
WAYS = ("debugger", "bootloader")


@dataclass(frozen=True)
class Protection:
    """What a chip has against readout.

    Attributes:
        lock: what the lock is called, or None where the chip has none.
        how: how it is set, or why there is none.
        bootloader_reads: the board's bootloader gives the flash away over USB, lock or not.
        source: who says so.
    """

    lock: str | None
    how: str
    bootloader_reads: bool
    source: str


_SAMD = (
    "the NVM controller's command Set Security Bit; the debugger then gets nothing of the flash "
    "until a chip erase"
)
_SAMD_READS = (
    "data sheet, chapters DSU and NVMCTRL; the bootloader runs on the chip, where the bit stops "
    "nobody: issue 570 of arduino/ArduinoCore-samd, CURRENT.UF2 of microsoft/uf2-samdx1"
)
PROTECTIONS = {
    "nano33ble": Protection(
        "APPROTECT",
        "the byte UICR.APPROTECT (0x10001208) is written 0x00; ERASEALL of the control access "
        "port opens the chip again, empty",
        False,
        "nRF52840 Product Specification, chapter Debug and trace",
    ),
    "wio_terminal": Protection("the security bit", _SAMD, True, f"SAM D5x/E5x {_SAMD_READS}"),
    "xiao_samd21": Protection("the security bit", _SAMD, True, f"SAM D21 {_SAMD_READS}"),
    "pico": Protection(
        None,
        "the RP2040's flash is a chip of its own beside it: anybody can read it, with the "
        "bootloader or with a clip",
        True,
        "RP2040 data sheet, chapters Bootrom and SSI",
    ),
    "esp32c3": Protection(
        None,
        "the ESP32-C3 encrypts its flash instead (a key in eFuses), and that is not emulated here",
        True,
        "ESP32-C3 Technical Reference Manual, chapter External Memory Encryption and Decryption",
    ),
}


def flash_image(program: Program) -> bytes:
    """A program as it lies in the whole flash of its board, what is empty as 0xFF."""
    memory = program.memory
    image = bytearray([ERASED]) * memory.flash_bytes
    for segment in program.image.segments:
        at = segment.load_address - memory.flash_start
        image[at : at + len(segment.data)] = segment.data
    return bytes(image)


class DebugPort:
    """The two wires (SWD) of a board, and its bootloader.

    Attributes:
        is_protected: whether the chip refuses to be read; it survives the power's going.
        protection: what this board's chip has.
    """

    def __init__(self, board: VirtualBoard) -> None:
        self._board = board
        self._memory = board.sketch.program.memory
        self._flash = bytearray(flash_image(board.sketch.program))
        self.protection = PROTECTIONS[board.sketch.model.board.name]
        self.is_protected = False

    def read_flash(self, through: str = "debugger") -> bytes:
        """Every byte of the flash that a sketch may use, from its first address on.

        Args:
            through: "debugger", or "bootloader": the program that takes uploads, where it also
                gives what is there.

        Raises:
            BoardError: the chip is protected, or the way does not exist.
        """
        self._check_way(through)
        return bytes(self._flash)

    def write_flash(self, address: int, data: bytes) -> None:
        """Put bytes into flash behind the sketch's back; best before it runs.

        Raises:
            BoardError: the chip is protected, or the address is not in flash.
        """
        self._check_way("debugger")
        at = address - self._memory.flash_start
        if not 0 <= at <= at + len(data) <= len(self._flash):
            raise BoardError(
                f"{address:#010x} and {len(data)} bytes are not all in flash, which goes from "
                f"{self._memory.flash_start:#010x} to {self._memory.flash_end - 1:#010x}"
            )
        self._flash[at : at + len(data)] = data
        self._board.cpu.write_memory(address, data)

    def flip_bit(self, address: int, bit: int) -> None:
        """Turn one bit (0 to 7) of the byte at an address. Raises as `write_flash`."""
        at = address - self._memory.flash_start
        byte = self._flash[at] if 0 <= at < len(self._flash) else 0
        self.write_flash(address, bytes([byte ^ 1 << bit]))

    def protect(self) -> None:
        """Set the chip's lock.

        Raises:
            BoardError: the chip has none.
        """
        if self.protection.lock is None:
            raise BoardError(f"there is no lock to set: {self.protection.how}")
        self.is_protected = True

    def erase_all(self) -> None:
        """Empty the whole flash and open the lock: the sketch, its model and its key are gone."""
        self._flash[:] = bytes([ERASED]) * len(self._flash)
        self._board.cpu.write_memory(self._memory.flash_start, bytes(self._flash))
        self.is_protected = False

    def _check_way(self, through: str) -> None:
        if through not in WAYS:
            raise BoardError(f"no way {through!r} into a board; there are: {', '.join(WAYS)}")
        title = self._board.sketch.model.board.title
        if through == "bootloader" and not self.protection.bootloader_reads:
            raise BoardError(f"the bootloader of the {title} takes uploads and gives nothing back")
        if through == "debugger" and self.is_protected:
            raise BoardError(
                f"the {title} refuses the debugger: {self.protection.lock} is set. erase_all() "
                "opens the chip again, and empties it"
            )
