"""A notebook that needs no file beside it, so that it can be shown as a page of its own."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import Any

OFF_STAGE = "off-stage"  # a cell's tag: to be read at a desk
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:|data:)([^)\s]+)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)[^)\s]+\)")
_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def stand_alone(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The notebook without its off-stage cells, with its pictures inside.

    A link to a file becomes its words; one to an address of the web stays.

    Args:
        notebook: as its JSON has it.
        folder: where it lies: its pictures' paths begin there.

    Raises:
        OSError: a picture that is not there.
        KeyError, TypeError: no notebook.
    """
    cells = []
    for cell in notebook["cells"]:
        if OFF_STAGE in cell["metadata"].get("tags", ()):
            continue
        if cell["cell_type"] == "markdown":
            text = _PICTURE.sub(lambda found: _embed(found, folder), "".join(cell["source"]))
            cell = {**cell, "source": _LINK.sub(r"\1", text)}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _embed(found: re.Match[str], folder: Path) -> str:
    path = folder / found[2]
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        return found[1]  # its words
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{escape(found[1])}" src="data:{kind};base64,{data}">'
