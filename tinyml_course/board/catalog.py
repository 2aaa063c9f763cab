"""Boards a learner can buy: what fits, how fast, how much energy. Every figure names its source.

A figure that nobody measured for this course says so, in `Figure.source` and in every table made
from it; a figure that is not known is `None`, never a guess. Lesson 10 compares the boards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tinyml_course.errors import BoardError, meant

UNCHECKED = "nobody measured this here"
BOARDS_TXT = "boards.txt and linker script of the board's Arduino core"
MEASURED_CORE = "an empty sketch, built with the board's own Arduino core"


@dataclass(frozen=True)
class Figure:
    """A number that knows where it comes from.

    Attributes:
        value: the number, or the lower end of a range; None if nobody knows.
        source: who says so.
        high: the upper end of a range, or None.
        checked: whether the source was read or the figure measured for this course.
    """

    value: float | None
    source: str
    high: float | None = None
    checked: bool = True

    @property
    def note(self) -> str:
        """The source, with a warning if nobody checked the figure."""
        return self.source if self.checked else f"{self.source}; {UNCHECKED}"


@dataclass(frozen=True)
class Board:
    """One board.

    Memory is what a sketch may use; currents are the chip's at 3.3 V, not the board's (regulators
    and LEDs dominate a sleeping board).

    Attributes:
        name: as in `--board` and in `virtual://NAME`.
        core: "cortex-m4f", "cortex-m0plus", "rv32imc" or "xtensa-lx7".
        core_flash_bytes, core_ram_bytes: what the Arduino core takes before the first line of a
            sketch.
        board_ma: what the board draws beside its processor: power lamp, regulators, sensors,
            screen.
        is_virtual: whether this course can emulate it.
    """

    name: str
    title: str
    mcu: str
    core: str
    has_fpu: bool
    has_dsp: bool
    clock_hz: int
    flash_bytes: int
    ram_bytes: int
    memory_source: str
    core_flash_bytes: Figure
    core_ram_bytes: Figure
    fqbn: str
    active_ma: Figure
    sleep_ua: Figure
    is_virtual: bool = False
    board_ma: Figure = field(default_factory=lambda: _unknown("what the board itself draws"))


def _unknown(what: str) -> Figure:
    return Figure(None, what, checked=False)


_CORE_UNKNOWN = _unknown("what this board's Arduino core takes")
_RP2040 = "RP2040 product brief"
_ESP_RAM = "esp32 Arduino core, boards.txt: maximum_size and maximum_data_size of a sketch"

BOARDS: dict[str, Board] = {
    board.name: board
    for board in (
        Board(
            "nano33ble",
            "Arduino Nano 33 BLE Sense",
            "nRF52840",
            "cortex-m4f",
            True,
            True,
            64_000_000,
            983_040,
            256 * 1024,
            BOARDS_TXT,
            Figure(106_028, MEASURED_CORE),
            Figure(45_232, MEASURED_CORE),
            "arduino:mbed_nano:nano33ble",
            Figure(
                3.3,
                "Nordic product brief, 52 uA/MHz with DC/DC; 6.3 mA with the LDO",
                6.3,
                checked=False,
            ),
            Figure(1.5, "Nordic product brief, System ON with RTC", checked=False),
            is_virtual=True,
            board_ma=Figure(
                0.9,
                "a user at its 3.3 V pin, in delay(), the regulator cut off (Arduino forum, "
                "'Achieving lowest power'); with the regulator more",
                checked=False,
            ),
        ),
        Board(
            "wio_terminal",
            "Seeed Wio Terminal",
            "ATSAMD51P19",
            "cortex-m4f",
            True,
            True,
            120_000_000,
            507_904,
            192 * 1024,
            BOARDS_TXT,
            Figure(44_684, f"{MEASURED_CORE}, with Wire, SPI and ZeroDMA"),
            Figure(4_980, f"{MEASURED_CORE}, with Wire, SPI and ZeroDMA"),
            "Seeeduino:samd:seeed_wio_terminal",
            Figure(7.8, "Microchip SAM D5x/E5x data sheet, 54.7: 65 uA/MHz buck, 137 LDO", 16.4),
            _unknown("standby current of a SAMD51 in this board"),
            is_virtual=True,
            board_ma=_unknown("what the Wio's screen, its light and its radio chip draw"),
        ),
        Board(
            "xiao_samd21",
            "Seeed XIAO SAMD21",
            "SAMD21G18",
            "cortex-m0plus",
            False,
            False,
            48_000_000,
            253_952,
            32 * 1024,
            BOARDS_TXT,
            Figure(55_140, MEASURED_CORE),
            Figure(2_772, MEASURED_CORE),
            "Seeeduino:samd:seeed_XIAO_m0",
            Figure(3.75, "Microchip SAM D21 data sheet, 39.5, while(1) at 125 C"),
            _unknown("standby current of a SAMD21 in this board"),
            is_virtual=True,
        ),
        Board(
            "pico",
            "Raspberry Pi Pico",
            "RP2040",
            "cortex-m0plus",
            False,
            False,
            133_000_000,
            2 * 1024 * 1024,
            264 * 1024,
            _RP2040,
            Figure(98_690, MEASURED_CORE),
            Figure(42_788, MEASURED_CORE),
            "arduino:mbed_rp2040:pico",
            Figure(20.0, "commonly quoted for the board", 90.0, checked=False),
            Figure(900.0, "MicroPython's light sleep, measured by its authors", 1500.0),
            is_virtual=True,
        ),
        Board(
            "esp32c3",
            "ESP32-C3 DevKit",
            "ESP32-C3",
            "rv32imc",
            False,
            False,
            160_000_000,
            1_310_720,
            327_680,
            _ESP_RAM,
            _CORE_UNKNOWN,
            _CORE_UNKNOWN,
            "esp32:esp32:esp32c3",
            Figure(20.0, "Espressif data sheet, with radio", 40.0),
            Figure(5.0, "Espressif data sheet, deep sleep; 130 uA in light sleep"),
            is_virtual=True,
        ),
        Board(
            "esp32s3",
            "ESP32-S3 DevKit",
            "ESP32-S3",
            "xtensa-lx7",
            True,
            True,
            240_000_000,
            1_310_720,
            327_680,
            _ESP_RAM + f" ({UNCHECKED})",
            _CORE_UNKNOWN,
            _CORE_UNKNOWN,
            "esp32:esp32:esp32s3",
            Figure(20.0, "Espressif data sheet, with radio", 40.0),
            Figure(7.0, "Espressif data sheet, deep sleep; 240 uA in light sleep"),
        ),
        Board(
            "nucleo_f446re",
            "ST Nucleo-F446RE",
            "STM32F446RE",
            "cortex-m4f",
            True,
            True,
            180_000_000,
            512 * 1024,
            128 * 1024,
            "ST RM0390",
            _CORE_UNKNOWN,
            _CORE_UNKNOWN,
            "STMicroelectronics:stm32:Nucleo_64",
            _unknown("run current of an STM32F446 at 180 MHz"),
            _unknown("stop current of an STM32F446"),
        ),
        Board(
            "nucleo_f401re",
            "ST Nucleo-F401RE",
            "STM32F401RE",
            "cortex-m4f",
            True,
            True,
            84_000_000,
            512 * 1024,
            96 * 1024,
            "ST data sheet",
            _CORE_UNKNOWN,
            _CORE_UNKNOWN,
            "STMicroelectronics:stm32:Nucleo_64",
            Figure(10.75, "ST data sheet: from 128 uA/MHz, times 84 MHz"),
            Figure(9.0, "ST data sheet, stop mode"),
        ),
    )
}


@dataclass(frozen=True)
class LibraryCost:
    """What a vendor's library adds to a sketch that includes it, in bytes, measured by linking."""

    flash_bytes: int
    ram_bytes: int
    source: str


# By board and the header that a sketch includes. The virtual board's library is small: what the
# real one takes has to be counted beside it.
LIBRARY_COSTS = {
    ("wio_terminal", "TFT_eSPI.h"): LibraryCost(
        20_796, 984, "linked with Seeed's core, with and without the library"
    ),
    ("nano33ble", "Arduino_BMI270_BMM150.h"): LibraryCost(
        19_600, 0, "linked with Arduino's core; more than Arduino_LSM9DS1 takes, about"
    ),
}


def get_board(name: str) -> Board:
    """The board called `name`.

    Raises:
        BoardError: there is none; the message lists those there are.
    """
    if name not in BOARDS:
        raise BoardError(
            f"no board is called {name!r}; known boards: {', '.join(BOARDS)}{meant(name, BOARDS)}"
        )
    return BOARDS[name]


@dataclass(frozen=True)
class Fit:
    """Whether a program fits a board, and what is left.

    Attributes:
        flash_free_bytes, ram_free_bytes: negative if it does not fit.
        core_is_counted: False if nobody measured what the board's core takes: then the real
            margins are smaller than these.
    """

    board: Board
    flash_free_bytes: int
    ram_free_bytes: int
    core_is_counted: bool

    @property
    def fits(self) -> bool:
        """Whether both flash and RAM are enough."""
        return self.flash_free_bytes >= 0 and self.ram_free_bytes >= 0

    @property
    def margin(self) -> float:
        """The scarcer of flash and RAM that is left, as a share of the board's."""
        return min(
            self.flash_free_bytes / self.board.flash_bytes,
            self.ram_free_bytes / self.board.ram_bytes,
        )


def fit_board(board: Board, flash_bytes: int, ram_bytes: int) -> Fit:
    """What is left on `board` beside its Arduino core and a program of `flash_bytes`, `ram_bytes`.

    `ram_bytes` includes the stack. Lesson 10 prints it for every board.

    >>> fit_board(get_board("nano33ble"), 20_000, 4_000).ram_free_bytes
    212912
    """
    core_flash, core_ram = board.core_flash_bytes.value, board.core_ram_bytes.value
    return Fit(
        board,
        int(board.flash_bytes - (core_flash or 0) - flash_bytes),
        int(board.ram_bytes - (core_ram or 0) - ram_bytes),
        core_is_counted=core_flash is not None and core_ram is not None,
    )


def fit_boards(
    flash_bytes: int, ram_bytes: int, boards: Iterable[Board] | None = None
) -> list[Fit]:
    """`fit_board` for every board, the tightest last."""
    fits = [fit_board(b, flash_bytes, ram_bytes) for b in boards or BOARDS.values()]
    return sorted(fits, key=lambda fit: -fit.margin)


def estimate_energy_uj(board: Board, latency_us: float, supply_v: float = 3.3) -> float | None:
    """Energy of one inference in microjoules: supply x active current x latency.

    With a range of currents, the lower end. None if the board's current is not known.

    >>> round(estimate_energy_uj(get_board("nano33ble"), 1000.0), 2)
    10.89
    """
    if board.active_ma.value is None:
        return None
    return supply_v * board.active_ma.value * latency_us / 1000.0


def average_current_ma(active_ma: float, sleep_ma: float, duty: float) -> float:
    """The mean of a device that works for the share `duty` of the time and sleeps otherwise.

    Raises:
        BoardError: `duty` is no share.

    >>> average_current_ma(3.3, 0.0015, 0.01)
    0.034485
    """
    if not 0.0 <= duty <= 1.0:
        raise BoardError(f"a duty cycle of {duty:g} is no share of the time: give 0 to 1")
    return duty * active_ma + (1.0 - duty) * sleep_ma


def battery_life_hours(capacity_mah: float, current_ma: float) -> float:
    """Capacity over average current. Real cells give less: self-discharge, cold, cut-off voltage.

    Raises:
        BoardError: the current is not above zero.

    >>> round(battery_life_hours(150, 1.33), 1)
    112.8
    """
    if current_ma <= 0:
        raise BoardError(f"an average current of {current_ma:g} mA would last for ever")
    return capacity_mah / current_ma
