"""Is a folder an Arduino library? Arduino's library specification, revision 2.2, as a check.

The Arduino IDE says little about a library that it does not like: it leaves it out. Here each
departure is said with file and rule. Sources: docs.arduino.cc/arduino-cli/library-specification
and sketch-specification; that names beginning with "Arduino" are Arduino's own is said there too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

LONGEST_NAME = 63
REQUIRED = [
    "name",
    "version",
    "author",
    "maintainer",
    "sentence",
    "paragraph",
    "category",
    "url",
    "architectures",
]
OPTIONAL = ("depends", "dot_a_linkage", "includes", "precompiled", "ldflags")
CATEGORIES = (
    "Display",
    "Communication",
    "Signal Input/Output",
    "Sensors",
    "Device Control",
    "Timing",
    "Data Storage",
    "Data Processing",
    "Other",
)
TOKEN_TYPES = ("KEYWORD1", "KEYWORD2", "KEYWORD3", "LITERAL1", "LITERAL2")
SOURCES = (".c", ".cpp", ".S")
_FOLDER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}")
_LIBRARY_NAME = re.compile(rf"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 _.-]{{0,{LONGEST_NAME - 1}}}")
_SKETCH_NAME = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}")
_NUMBER = r"(?:0|[1-9]\d*)"
_VERSION = re.compile(
    rf"{_NUMBER}\.{_NUMBER}(?:\.{_NUMBER}(?:-[0-9A-Za-z.-]+)?)?(?:\+[0-9A-Za-z.-]+)?"
)

_VALUES = {
    "name": _LIBRARY_NAME,
    "version": _VERSION,
    "category": re.compile("|".join(map(re.escape, CATEGORIES))),
    "url": re.compile(r"https?://\S+"),
    "architectures": re.compile(r"\*|\w+(?:, ?\w+)*"),
    "dot_a_linkage": re.compile("true|false"),
    "precompiled": re.compile("true|full|false"),
}


def find_departures(files: Mapping[str, str]) -> list[str]:
    """What of a library the specification does not allow, one line each; empty if all is well.

    Args:
        files: texts by path as they stand in the zip, with forward slashes: "motion/src/motion.h".

    >>> find_departures({"motion/motion.h": ""})[0]
    'motion/library.properties is missing: it says what the library is'
    """
    roots = {PurePosixPath(path).parts[0] for path in files}
    if len(roots) != 1:
        return [f"a zip holds one folder, the library's, and here are {len(roots)}"]
    (root,) = roots
    found = []
    if not _FOLDER.fullmatch(root):
        found.append(
            f"the folder {root!r} must begin with a letter or a digit, go on with letters, digits, "
            f"_, . and -, and have at most {LONGEST_NAME} of them"
        )
    inside = {str(PurePosixPath(*PurePosixPath(p).parts[1:])): text for p, text in files.items()}
    if "library.properties" not in inside:
        found.append(f"{root}/library.properties is missing: it says what the library is")
    else:
        found += _properties(inside["library.properties"], inside)
    return [*found, *_layout(inside), *_keywords(inside.get("keywords.txt", ""))]


def _properties(text: str, inside: Mapping[str, str]) -> list[str]:
    found, fields = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        key, is_there, value = line.partition("=")
        if not line.strip() or line.startswith("#"):
            continue
        if not is_there:
            found.append(f"library.properties:{number}: {line!r} is no key=value")
            continue
        if key in fields:
            found.append(f"library.properties:{number}: {key} stands there twice")
        fields[key] = value
    found += [f"library.properties: {key} is missing" for key in REQUIRED if not fields.get(key)]
    found += [
        f"library.properties: {key} is no field of the specification"
        for key in fields
        if key not in (*REQUIRED, *OPTIONAL)
    ]
    found += [
        f"library.properties: {key}={fields[key]} is not what the specification allows"
        for key, allowed in _VALUES.items()
        if fields.get(key) and not allowed.fullmatch(fields[key])
    ]
    if fields.get("name", "").lower().startswith("arduino"):
        found.append("library.properties: names that begin with Arduino are Arduino's own")
    for header in filter(None, re.split(", *", fields.get("includes", ""))):
        if f"src/{header}" not in inside and header not in inside:
            found.append(f"library.properties: includes={header}, which is not in src/")
    return found


def _layout(inside: Mapping[str, str]) -> list[str]:
    found = []
    paths = [PurePosixPath(path) for path in inside]
    if not any(p.suffix in (".h", ".hpp") and p.parts[:-1] == ("src",) for p in paths):
        found.append("src/ has no header: nothing to include")
    found += [
        f"{p} is not compiled: sources stand in src/"
        for p in paths
        if len(p.parts) == 1 and p.suffix in SOURCES
    ]
    sketches = set()
    for path in paths:
        folder = path.parts[0]
        if folder.lower() == "examples" and folder != "examples":
            found.append(f"the folder {folder} must be called examples, in small letters")
        if folder == "examples" and len(path.parts) > 2:
            sketches.add(PurePosixPath(*path.parts[:2]))
    for sketch in sorted(sketches):
        if not _SKETCH_NAME.fullmatch(sketch.name):
            found.append(f"{sketch}: no name for a sketch")
        if str(sketch / f"{sketch.name}.ino") not in inside:
            found.append(f"{sketch} has no {sketch.name}.ino: a sketch is named like its folder")
    return found


def _keywords(text: str) -> list[str]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if not 2 <= len(fields) <= 4 or not re.fullmatch(r"[A-Za-z_]\w*", fields[0]):
            found.append(
                f"keywords.txt:{number}: a keyword, one tab, its kind; {line!r} is something else"
            )
        elif fields[1] not in TOKEN_TYPES:
            found.append(
                f"keywords.txt:{number}: {fields[1]!r} is none of {', '.join(TOKEN_TYPES)}"
            )
    return found
