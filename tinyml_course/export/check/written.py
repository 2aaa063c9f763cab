"""C that has lain in a folder for a while: is it still this model's, and does it answer so?

`tinyml verify MODEL.tflite --source firmware/wake_word.c` reads the file, compiles it with its
header for this computer, and runs it in the place of a fresh export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.errors import DataError, ExportError
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.verify import HOST, Inputs, Outputs, Runner, run_in_order
from tinyml_course.export.names import check_name
from tinyml_course.network.model import TfliteModel

GIVE = "Give the NAME.c that tinyml export wrote, with NAME.h beside it"


@dataclass(frozen=True)
class WrittenC:
    """An exported model's files, as they lie there. Attributes: the name, and both texts."""

    name: str
    header: str
    source: str

    @property
    def runner(self) -> Runner:
        """A place for `verify_model` that runs this C, whatever model it is given."""

        def run(model: TfliteModel, samples: Sequence[Inputs]) -> list[Outputs]:
            files = {f"{self.name}.h": self.header, f"{self.name}.c": self.source}
            with HostModel.compile(model.network, self.name, files) as built:
                return run_in_order(built, samples)

        return Runner(HOST.name, run)


def read_written(path: Path, model: bytes) -> WrittenC:
    """Read NAME.c and NAME.h, which `tinyml export` wrote from a model.

    Raises:
        DataError: no NAME.c, or a file that cannot be read.
        ExportError: no C of this exporter, or that of another model.
    """
    if path.suffix != ".c":
        raise DataError(f"{path} {_what_instead(path)}. {GIVE}")
    texts = {}
    for file in (path, path.with_suffix(".h")):  # the one that was asked for first
        try:
            texts[file.suffix] = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
            raise DataError(f"cannot read {file}: {reason}. {GIVE}") from error
        if not texts[file.suffix].strip():
            raise DataError(f"{file} is empty. {GIVE}")
    name = path.stem
    if f"SHA-256 {TfliteModel.of(model).sha256}" not in texts[".c"]:
        raise ExportError(
            f"{path} was not made from this model: its head comment has another SHA-256, or none. "
            "Export the model again, or verify the one that it was made from"
        )
    if f"void {name}_invoke(" not in texts[".c"]:
        raise ExportError(
            f"{path} has no function {name}_invoke: it was changed or renamed by hand. "
            f"{_name_inside(texts['.c'])}"
        )
    return WrittenC(check_name(name), texts[".h"], texts[".c"])


def _what_instead(path: Path) -> str:
    """What a path is that does not end in .c, and the file beside or in it that may be meant."""
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*.c"))
        return f"is a folder{f', which holds {inside[0]}' if inside else ''}"
    if path.suffix == ".C":
        return f"has an ending in capitals: call it {path.with_suffix('.c')}"
    near = path.with_suffix(".c") if path.name else path
    is_there = near.is_file() and path.suffix == ".h"
    return f"is no C source; {near} is there" if is_there else "is no C source"


def _name_inside(source: str) -> str:
    found = re.search(r"^void (\w+)_invoke\(", source, re.MULTILINE)
    if found is None:
        return "Export the model again"
    return f"Its functions are called {found[1]}_...: call it {found[1]}.c, beside {found[1]}.h"
