"""What a sketch uses, read from its text: which controls a panel shows first."""

from __future__ import annotations

import re
from pathlib import Path

from tinyml_course.board.build.sketch_folder import read_sketch_folder

# A control, and what in a sketch asks for it.
_SIGNS = {
    "motion": r"Arduino_LSM9DS1\.h|Arduino_BMI270_BMM150\.h|LIS3DHTR\.h",
    "sound": r"\bPDM\.h|\bmic\.h",
    "gas": r"Multichannel_Gas_GMXXX\.h",
    "analog": r"\banalogRead\s*\(",
    "light": r"\bWIO_LIGHT\b",
    "drawing": r"\bLINE_PICTURE\b",
}


def find_uses(sketch: Path) -> list[str]:
    """The controls that a sketch has a use for, of: motion, sound, gas, analog, light, drawing."""
    files = read_sketch_folder(sketch)
    text = "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in (*files.inos, *files.headers)
    )
    return [name for name, sign in _SIGNS.items() if re.search(sign, text)]
