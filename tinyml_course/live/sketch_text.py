"""What a sketch uses, read from its text: which controls a panel shows first."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tinyml_course.board.build.sketch_folder import read_sketch_folder
from tinyml_course.board.virtual.traces import QUANTITIES

# A control, and what in a sketch asks for it.
_SIGNS = {
    "motion": r"Arduino_LSM9DS1\.h|Arduino_BMI270_BMM150\.h|LIS3DHTR\.h",
    "sound": r"\bPDM\.h|\bmic\.h",
    "gas": r"Multichannel_Gas_GMXXX\.h",
    "analog": r"\banalogRead\s*\(",
    "light": r"\bWIO_LIGHT\b",
    "drawing": r"\bLINE_PICTURE\b",
}

_WEATHER = r"Arduino_HTS221\.h|Arduino_HS300x\.h"
_TURNING, _MAGNET = r"\breadGyroscope\b", r"\breadMagneticField\b"
_COLOR = r"\breadColor\b"


@dataclass(frozen=True)
class Feeling:
    """A slider for what one of the smaller sensors feels.

    Attributes:
        name: as in `board.virtual.traces.QUANTITIES`.
        sign: what in a sketch asks for it.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    sign: str


FEELINGS = (
    *(Feeling(f"g{a}_dps", f"Turn {a}", "°/s", -500, 500, 5, _TURNING) for a in "xyz"),
    *(Feeling(f"m{a}_ut", f"Magnet {a}", "µT", -100, 100, 1, _MAGNET) for a in "xyz"),
    Feeling("temperature_c", "Warmth", "°C", -10, 50, 0.5, _WEATHER),
    Feeling("humidity_pct", "Humidity", "%", 0, 100, 1, _WEATHER),
    Feeling("pressure_kpa", "Pressure", "kPa", 90, 106, 0.1, r"Arduino_LPS22HB\.h"),
    Feeling("red", "Red", "", 0, 1000, 5, _COLOR),
    Feeling("green", "Green", "", 0, 1000, 5, _COLOR),
    Feeling("blue", "Blue", "", 0, 1000, 5, _COLOR),
    Feeling("clear", "All light", "", 0, 3000, 10, _COLOR),
    Feeling("proximity", "Distance", "", 0, 255, 1, r"\breadProximity\b"),
    Feeling("gesture", "Gesture", "", -1, 3, 1, r"\breadGesture\b"),
)


# What the gas sensor's four channels count in clean air, roughly; beads differ by a third.
CLEAN_AIR_COUNTS = (200, 150, 135, 100)


def find_uses(sketch: Path) -> list[str]:
    """The controls that a sketch has a use for, of: motion, sound, gas, analog, light, drawing."""
    text = _read(sketch)
    return [name for name, sign in _SIGNS.items() if re.search(sign, text)]


def find_feelings(sketch: Path) -> list[dict[str, Any]]:
    """The sliders that a sketch has a use for, and where they stand at rest; fit for JSON."""
    text = _read(sketch)
    return [
        {**asdict(feeling), "at_rest": QUANTITIES[feeling.name].at_rest}
        for feeling in FEELINGS
        if re.search(feeling.sign, text)
    ]


def _read(sketch: Path) -> str:
    files = read_sketch_folder(sketch)
    paths = (*files.inos, *files.headers)
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
