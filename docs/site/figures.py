"""Which stored figures may be turned dark.

A drawing of lines on white is inverted by the style sheet when the page is dark. A picture whose
greys or colours mean something (a spectrum, a digit, a screen) stays as it is, on its white card.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

LEAST_WHITE = 0.55
MOST_SHADES = 0.12  # pixels that are neither white nor a pure line


def keeps_its_colours(output: Any) -> bool:
    """Whether a cell's output is a picture that must not be inverted."""
    png = output.get("data", {}).get("image/png")
    if png is None:
        return False
    return not is_line_drawing(base64.b64decode(png))


def is_line_drawing(png: bytes) -> bool:
    """Whether a PNG is mostly white, with few pixels in between."""
    red, green, blue = (
        np.asarray(band) for band in Image.open(io.BytesIO(png)).convert("RGB").split()
    )
    # Over an axis of three, NumPy's own minimum takes ten times as long.
    low = np.minimum(np.minimum(red, green), blue)
    high = np.maximum(np.maximum(red, green), blue)
    white = np.mean(low > 245)
    shades = np.mean((high - low < 24) & (low > 8) & (low < 238))
    return bool(white >= LEAST_WHITE and shades <= MOST_SHADES)
