"""An unmodified Arduino sketch, compiled for a virtual board.

What the Arduino IDE does with a folder is done here too: the `.ino` files are joined, the main one
first; `#include <Arduino.h>` and a prototype for each function come before the first function; the
other sources of the folder are compiled beside it; a library is compiled if a source includes it.
Lesson 09 builds one.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tinyml_course.board.build.explain import explain, explain_size, largest_array
from tinyml_course.board.build.prototypes import join_inos
from tinyml_course.board.build.refuse import refuse_outside_files
from tinyml_course.board.build.sketch_folder import read_sketch_folder
from tinyml_course.board.build.stranger import make_stranger
from tinyml_course.board.build.toolchain import build_program, compiler_flags
from tinyml_course.board.cache import cache_dir, forget_old
from tinyml_course.board.catalog import LIBRARY_COSTS, fit_board
from tinyml_course.board.compiler import zig_command
from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.models import ARDUINO_FOLDER, VirtualModel, get_model
from tinyml_course.confine.guard import guarded
from tinyml_course.errors import BoardError, DoesNotFitError, OutputError, meant
from tinyml_course.shipped import SKETCHES

# Each includes the other files of its language: two runs of the compiler instead of ten.
CORE_SOURCES = ("arduino_core.cpp", "c_library.c")
# What sketches are built with: both Arduino tool chains optimize for size and take C++14.
ARDUINO_VERSION = 10819  # what the IDE defines as ARDUINO for every file
CPP_STANDARD = "-std=gnu++14"
OPTIMIZE = "-Os"
KEEP_ASSERTS = "-UNDEBUG"  # Zig defines NDEBUG where it optimizes, GCC does not
# C++ lets a compiler leave out a loop or a recursion that has no end and touches nothing; the tool
# chains' GCC keeps them: who forgets `volatile` is to see it wait for ever.
KEEP_ENDLESS = "-fno-finite-loops"


def build_sketch(
    sketch: Path | str,
    board: str,
    *,
    optimize: str = OPTIMIZE,
    defines: dict[str, object] | None = None,
) -> BuiltSketch:
    """Compile and link the sketch folder `sketch` (or its `.ino`) for `board`.

    Built programs stay in the cache folder; building again what did not change takes a moment.

    Raises:
        BoardError: no such sketch or board, or the compiler's first error with file and line.
        DoesNotFitError: flash or RAM, here or beside the core on the real board, is too small.
        OutputError: the cache folder cannot be written.
    """
    files = read_sketch_folder(find_sketch(str(sketch)))
    refuse_outside_files(files)
    folder, main = files.folder, files.inos[0]
    model = get_model(board)
    joined_text = join_inos(list(files.inos))
    all_defines = {
        "ARDUINO": ARDUINO_VERSION,
        **model.defines,
        **({"BOARD_CORE_API": 1} if model.has_core_api else {}),
        **(defines or {}),
    }
    include_dirs = [
        ARDUINO_FOLDER / "core",
        ARDUINO_FOLDER / "variants" / board,
        *model.library_folders,
    ]
    core = [ARDUINO_FOLDER / "core" / name for name in CORE_SOURCES]
    # The compiler and the linker read some letters of their files' names as something else.
    plain_name = re.sub(r"[^\w .,()=+@#$~-]", "_", main.stem)
    kept = cache_dir() / "sketches" / _folder_key(folder, board, optimize, all_defines)
    try:
        (kept / "zig").mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_old(kept.parent)
        stranger = make_stranger(files.folders, kept, ARDUINO_FOLDER, main.stem)
        # Two processes may build the same sketch at once: each in a folder of its own.
        with guarded() as guard, guard.work_folder(kept) as out:
            # The joined file alone has a fixed place: the compiler's cache knows it again.
            joined = kept / f"{plain_name}.ino.cpp"
            (out / joined.name).write_text(joined_text, encoding="utf-8", errors="surrogateescape")
            os.replace(out / joined.name, joined)
            strange = [joined, *(path.absolute() for path in files.sources)]
            command = [
                *zig_command(),
                "cc",
                *compiler_flags(model.target),
                *(f"-I{path}" for path in [*stranger.folders, *include_dirs]),
                *(f"-D{key}={value}" for key, value in all_defines.items()),
            ]
            local = {path.name for path in files.headers}
            headers = {
                source: stranger.list_headers(
                    [*command, *(["-x", "c++"] if source.suffix != ".c" else [])],
                    source,
                    out / "headers.txt",
                    guard,
                )
                for source in strange
                if _may_include(source, [*model.libraries, *local])
            }
            libraries = _find_libraries(headers.values(), model)
            library_sources = [p for lib in libraries for p in sorted(lib.glob("*.cpp"))]
            program = build_program(
                [*core, *library_sources],
                target=model.target,
                memory=model.memory,
                out_dir=out,
                name=plain_name,
                optimize=optimize,
                include_dirs=include_dirs,
                defines=all_defines,
                extra_flags=[KEEP_ASSERTS, *model.abi_flags],
                cpp_flags=[CPP_STANDARD, KEEP_ENDLESS],
                keep=["board_interrupt"],
                guard=guard,
                stranger=stranger,
                strange_sources=strange,
            )
            elf = kept / program.elf.name
            os.replace(program.elf, elf)
            program = replace(program, elf=elf)
    except DoesNotFitError as error:
        raise DoesNotFitError(explain_size(error, model, list(files.texts))) from error
    except BoardError as error:
        raise BoardError(explain(error, model, folder, main)) from error
    except OSError as error:
        raise OutputError(
            f"cannot build {main.name}: {error.strerror or error}: {error.filename or kept}; "
            "compiled things are kept there"
        ) from error
    flash_bytes, ram_bytes = program.sizes.flash_bytes, program.sizes.ram_bytes
    costs = [
        cost
        for (name, header), cost in LIBRARY_COSTS.items()
        if name == board and any(lib.name == model.libraries.get(header) for lib in libraries)
    ]
    fit = fit_board(
        model.board,
        flash_bytes + sum(cost.flash_bytes for cost in costs),
        ram_bytes + sum(cost.ram_bytes for cost in costs),
    )
    if not fit.fits:
        flash_bytes, ram_bytes = max(0, -fit.flash_free_bytes), max(0, -fit.ram_free_bytes)
        raise DoesNotFitError(
            f"{main.name} does not fit the {model.board.title}: with what its Arduino core and "
            f"libraries take, {flash_bytes} bytes of flash and {ram_bytes} bytes of RAM are "
            "missing. " + largest_array(model, list(files.texts))
        )
    return BuiltSketch(main.stem, model, program, flash_bytes, ram_bytes, fit)


def find_sketch(name: str) -> Path:
    """A sketch's folder by path, or by name if it is one of the course's own.

    Raises:
        BoardError: a name alone, and there is neither.

    >>> find_sketch("recorder").name
    'recorder'
    """
    path = Path(name)
    if not name:
        raise BoardError("the sketch's name is empty: give its folder, or . for this one")
    if path.exists() or len(path.parts) != 1:
        return path
    if not (SKETCHES / name).is_dir():
        known = sorted(folder.name for folder in SKETCHES.iterdir() if folder.is_dir())
        raise BoardError(
            f"there is no folder {name}, and the course has no sketch of that name; it has "
            f"{', '.join(known)}{meant(path.stem, known)}"
        )
    return SKETCHES / name


def _folder_key(folder: Path, *more: object) -> str:
    """A short name for a folder of the cache: the same sketch is built in the same place."""
    text = f"{folder.resolve()}|{more!r}"
    # in a C locale the letters of a path beyond ASCII come as surrogates
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    name = re.sub(r"[^\w.-]", "_", folder.resolve().name, flags=re.ASCII)
    return f"{name[:40]}-{digest[:12]}"


def _may_include(source: Path, headers: Iterable[str]) -> bool:
    """Most files include no library: no need to ask the preprocessor."""
    text = source.read_text(encoding="utf-8", errors="replace")
    return any(header in text for header in headers)


def _find_libraries(rules: Iterable[str], model: VirtualModel) -> list[Path]:
    """The libraries whose headers the preprocessor really meets, as the Arduino IDE finds them.

    rules: what it says of each source, as a make rule.
    """
    names = "\n".join(rules).replace("\\", "/")
    found = {lib for lib in model.libraries.values() if f"/libraries/{lib}/" in names}
    return [ARDUINO_FOLDER / "libraries" / name for name in sorted(found)]
