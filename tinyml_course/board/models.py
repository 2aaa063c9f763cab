"""The five boards that can be emulated: processor, memory, core, libraries, sensors."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tinyml_course.board.catalog import BOARDS, Board, get_board
from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.errors import BoardError

ARDUINO_FOLDER = Path(__file__).parent / "virtual" / "arduino"
_KIB = 1024

# A library is the header a sketch includes and the folder that holds it.
NANO_LIBRARIES = {
    "Arduino_LSM9DS1.h": "Arduino_LSM9DS1",
    "Arduino_BMI270_BMM150.h": "Arduino_BMI270_BMM150",
    "Arduino_HTS221.h": "Arduino_HTS221",
    "Arduino_HS300x.h": "Arduino_HS300x",
    "Arduino_LPS22HB.h": "Arduino_LPS22HB",
    "Arduino_APDS9960.h": "Arduino_APDS9960",
    "PDM.h": "PDM",
    "Multichannel_Gas_GMXXX.h": "MultiGas",
    "FlashIAP.h": "mbed_drivers",
    "drivers/Watchdog.h": "mbed_drivers",
}
WIO_LIBRARIES = {
    "LIS3DHTR.h": "LIS3DHTR",
    "mic.h": "Seeed_Arduino_Mic",
    "TFT_eSPI.h": "TFT_eSPI",
    "Multichannel_Gas_GMXXX.h": "MultiGas",
}
SAMD_LIBRARIES = {
    "FlashStorage.h": "Storage",
    "FlashAsEEPROM.h": "Storage",
    "Adafruit_SleepyDog.h": "Adafruit_SleepyDog",
    "ArduinoLowPower.h": "ArduinoLowPower",
}
ESP32_LIBRARIES = {"EEPROM.h": "Storage", "Preferences.h": "Storage"}
EVERY_BOARDS = {"SPI.h": "SPI"}
SERVO = {"Servo.h": "Servo"}
# Headers that say in an error what the real board has and the virtual one has not.
MORE_FOLDERS = ("NotEmulated", "Storage")


@dataclass(frozen=True)
class VirtualModel:
    """How a board of the catalogue is emulated.

    Attributes:
        target: the processor, as the tool chain names it.
        memory: flash and RAM that a sketch may use, and its stack.
        defines: what the board's Arduino core defines; sketches choose their sensor header by it.
        has_core_api: ArduinoCore-API's dialect; the SAMD and ESP32 cores of today have their own.
        libraries: header to folder.
    """

    board: Board
    target: str
    memory: MemoryMap
    defines: dict[str, object]
    has_core_api: bool
    libraries: dict[str, str] = field(default_factory=dict)
    has_accelerometer: bool = False
    has_microphone: bool = False
    has_screen: bool = False

    @property
    def abi_flags(self) -> list[str]:
        """An enumeration is as small as its values allow, as ARM's ABI for bare boards has it."""
        return [] if self.target == "riscv32" else ["-fshort-enums"]

    @property
    def library_folders(self) -> list[Path]:
        """Where the compiler looks for libraries."""
        names = sorted({*self.libraries.values(), *MORE_FOLDERS})
        return [ARDUINO_FOLDER / "libraries" / name for name in names]


def _model(
    name: str, target: str, flash: int, ram: int, stack: int, **more: object
) -> VirtualModel:
    board = BOARDS[name]
    memory = MemoryMap(flash, board.flash_bytes, ram, board.ram_bytes, stack)
    return VirtualModel(board, target, memory, **more)


# Where flash and RAM begin: the boards' linker scripts. Stacks: the Nano's loop() runs on a thread
# with 32 KB, the ESP32's on a task with 8 KB; the others share all free RAM, and get 8 KB here.
MODELS: dict[str, VirtualModel] = {
    model.board.name: model
    for model in (
        _model(
            "nano33ble",
            "cortex-m4",
            0x1_0000,
            0x2000_0000,
            32 * _KIB,
            defines={
                "ARDUINO_ARDUINO_NANO33BLE": 1,
                "ARDUINO_ARCH_MBED": 1,
                "ARDUINO_ARCH_MBED_NANO": 1,
                "F_CPU": "64000000L",
            },
            has_core_api=True,
            libraries=NANO_LIBRARIES | SERVO | EVERY_BOARDS,
            has_accelerometer=True,
            has_microphone=True,
        ),
        _model(
            "wio_terminal",
            "cortex-m4",
            0x4000,
            0x2000_0000,
            8 * _KIB,
            defines={
                "ARDUINO_WIO_TERMINAL": 1,
                "WIO_TERMINAL": 1,
                "SEEED_WIO_TERMINAL": 1,
                "ARDUINO_ARCH_SAMD": 1,
                "__SAMD51__": 1,
                "F_CPU": "120000000L",
            },
            has_core_api=False,
            libraries=WIO_LIBRARIES | SAMD_LIBRARIES | SERVO | EVERY_BOARDS,
            has_accelerometer=True,
            has_microphone=True,
            has_screen=True,
        ),
        _model(
            "xiao_samd21",
            "cortex-m0plus",
            0x2000,
            0x2000_0000,
            8 * _KIB,
            defines={
                "ARDUINO_SEEED_XIAO_M0": 1,
                "SEEED_XIAO_M0": 1,
                "ARDUINO_ARCH_SAMD": 1,
                "ARDUINO_SAMD_ZERO": 1,
                "__SAMD21__": 1,
                "F_CPU": "48000000L",
            },
            has_core_api=False,
            libraries=SAMD_LIBRARIES | SERVO | EVERY_BOARDS,
        ),
        _model(
            "pico",
            "cortex-m0plus",
            0x1000_0000,
            0x2000_0000,
            8 * _KIB,
            defines={
                "ARDUINO_RASPBERRY_PI_PICO": 1,
                "ARDUINO_ARCH_MBED": 1,
                "ARDUINO_ARCH_RP2040": 1,
                "F_CPU": "133000000L",
            },
            has_core_api=True,
            libraries=SERVO | EVERY_BOARDS | {"drivers/Watchdog.h": "mbed_drivers"},
        ),
        _model(
            "esp32c3",
            "riscv32",
            0x4200_0000,
            0x3FC8_0000,
            8 * _KIB,
            defines={"ARDUINO_ESP32C3_DEV": 1, "ARDUINO_ARCH_ESP32": 1, "F_CPU": "160000000L"},
            has_core_api=False,
            libraries=ESP32_LIBRARIES | EVERY_BOARDS,
        ),
    )
}


def get_model(name: str) -> VirtualModel:
    """How the board `name` is emulated.

    Raises:
        BoardError: there is no such board, or it cannot be emulated.
    """
    if name not in MODELS:
        get_board(name)
        raise BoardError(f"{name} cannot be emulated; these can: {', '.join(MODELS)}")
    return MODELS[name]
