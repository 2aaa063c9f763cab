"""A model as a library in a zip: for the Arduino IDE, PlatformIO, and whoever builds with CMake.

    tinyml_NAME/
        library.properties  keywords.txt      what the Arduino IDE reads
        src/NAME.h  src/NAME.c                the model, as `model_c` writes it
        examples/NAME_inference/              a sketch that calls it
        library.json                          PlatformIO's description
        CMakeLists.txt                        add_library, for ESP-IDF, Zephyr, or a program
        README.md                             which of these you need

The zip is stored, not compressed, with one fixed date: the same model gives the same bytes on any
day and machine. `check/arduino_specification.py` holds it against Arduino's rules.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tinyml_course import __version__
from tinyml_course.errors import ExportError
from tinyml_course.export.check.arduino_specification import find_departures
from tinyml_course.export.firmware.example_sketch import example_sketch
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.export.model_c.writer import ModelC
from tinyml_course.export.names import check_name
from tinyml_course.files import write_bytes
from tinyml_course.network.model import TfliteModel

VERSION = "1.0.0"  # of a library: what the generator's is stands in the C
# The specification asks for a page; the project has no address of its own yet.
PAGE = "https://docs.arduino.cc/arduino-cli/library-specification/"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold


@dataclass(frozen=True)
class ArduinoLibrary:
    """What was written. Attributes: the zip, the library's folder in it, and the model's C."""

    path: Path
    folder: str
    code: ModelC


def library_folder(name: str) -> str:
    """The library's folder and name: never one that Arduino or a sensor's maker has taken.

    >>> library_folder("servo")
    'tinyml_servo'
    """
    return f"tinyml_{name}"


def export_arduino_library(model: bytes, out_dir: Path | str, name: str) -> ArduinoLibrary:
    """Write `out_dir/tinyml_NAME.zip`; nothing is written if the model is refused.

    Args:
        model: a .tflite file.
        name: prefix of all C symbols, as for `generate_model_c`.

    Raises:
        ExportError: the model cannot be exported.
        OutputError: the folder cannot be written.
    """
    model = TfliteModel.of(model)
    code = generate_model_c(model, name)
    files = _library_files(model, code)
    if departures := find_departures(files):
        raise ExportError(
            f"the library would not be one by Arduino's specification: {departures[0]}. Choose "
            "another name with --name"
        )
    folder = library_folder(name)
    path = Path(out_dir) / f"{folder}.zip"
    write_bytes(path, _zip(files, f"tinyml_course {__version__}, model SHA-256 {model.sha256}"))
    return ArduinoLibrary(path, folder, code)


def generate_library_files(model: bytes, name: str) -> dict[str, str]:
    """The library's files: texts by path, in the order of the zip.

    Raises:
        ExportError: as `export_arduino_library`.
    """
    model = TfliteModel.of(model)
    return _library_files(model, generate_model_c(model, name))


def _library_files(model: TfliteModel, code: ModelC) -> dict[str, str]:
    name = check_name(code.name)
    folder, sketch = library_folder(name), f"{name}_inference"
    words = {"name": name, "folder": folder, "sketch": sketch, "sha": model.sha256[:12]}
    return {
        f"{folder}/README.md": _README.format(**words),
        f"{folder}/library.properties": _PROPERTIES.format(**words, version=VERSION, page=PAGE),
        f"{folder}/keywords.txt": _keywords(code),
        f"{folder}/library.json": _platformio(name, folder, model.sha256[:12]),
        f"{folder}/CMakeLists.txt": _CMAKE.format(**words),
        f"{folder}/src/{name}.h": code.header,
        f"{folder}/src/{name}.c": code.source,
        f"{folder}/examples/{sketch}/{sketch}.ino": example_sketch(model, name),
    }


def _zip(files: dict[str, str], comment: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment.encode("ascii")
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, FIRST_DATE)
            entry.create_system = 3  # Unix on every system: the bytes must not say who packed
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text.encode("utf-8"))
    return whole.getvalue()


def _keywords(code: ModelC) -> str:
    functions = re.findall(r"^void (\w+)\(", code.header, re.MULTILINE)
    macros = dict.fromkeys(re.findall(r"^#define (\w+) ", code.header, re.MULTILINE))
    lines = [f"# What the Arduino IDE colours of the model {code.name}", ""]
    lines += [f"{function}\tKEYWORD2" for function in functions]
    lines += [f"{macro}\tLITERAL1" for macro in macros]
    return "\n".join(lines) + "\n"


def _platformio(name: str, folder: str, sha: str) -> str:
    value = {
        "name": re.sub("-+", "-", folder.replace("_", "-")).strip("-"),
        "version": VERSION,
        "description": f"The neural network {name} (SHA-256 {sha}...) as plain C.",
        "keywords": "tinyml, neural network, machine learning",
        "frameworks": "*",
        "platforms": "*",
        "headers": f"{name}.h",
        "examples": [
            {
                "name": f"{name}_inference",
                "base": f"examples/{name}_inference",
                "files": [f"{name}_inference.ino"],
            }
        ],
    }
    return json.dumps(value, indent=2) + "\n"


_PROPERTIES = """name={folder}
version={version}
author=tinyml_course
maintainer=tinyml_course
sentence=The neural network {name} as plain C.
paragraph=No interpreter, no other library, no allocation. SHA-256 of the .tflite model: {sha}...
category=Data Processing
url={page}
architectures=*
includes={name}.h
"""
_CMAKE = """# The model as a library, for any build with CMake:
#
#     add_subdirectory({folder})
#     target_link_libraries(app PRIVATE {folder})
#
# ESP-IDF: these two lines in main/CMakeLists.txt, with ${{COMPONENT_LIB}} in the place of app.
# Zephyr: in the application's CMakeLists.txt, as they are.
cmake_minimum_required(VERSION 3.13)
if(NOT CMAKE_PROJECT_NAME)
  project({folder} LANGUAGES C)
endif()

add_library({folder} STATIC ${{CMAKE_CURRENT_LIST_DIR}}/src/{name}.c)
target_include_directories({folder} PUBLIC ${{CMAKE_CURRENT_LIST_DIR}}/src)
target_compile_features({folder} PUBLIC c_std_99)
# What nobody calls, NAME_invoke's own memory among it, can be left out by the linker.
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options({folder} PRIVATE -ffunction-sections -fdata-sections)
endif()
# Zephyr keeps the processor's flags in a target of its own.
if(TARGET zephyr_interface)
  target_link_libraries({folder} PRIVATE zephyr_interface)
endif()
"""
_README = """# {name}

A neural network as plain C, made by tinyml_course from the .tflite model with SHA-256 {sha}...

- **Arduino IDE**: Sketch, Include Library, Add .ZIP Library..., and choose the zip. Then File,
  Examples, {folder}, {sketch}.
- **PlatformIO**: unzip into your project's `lib/`.
- **CMake** (ESP-IDF and Zephyr too): unzip, `add_subdirectory({folder})`,
  `target_link_libraries(app PRIVATE {folder})`.
- **Anything else**: add `src/{name}.c` to what you compile.

`src/{name}.h` says what to call, what it costs, and what holds in a program with threads.
"""
