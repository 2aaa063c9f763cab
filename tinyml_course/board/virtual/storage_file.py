"""What a virtual board keeps without power, as a file: `tinyml sketch run --storage FILE`.

A line of text, then the bytes. The line says whose they are, how many, and a checksum:

    tinyml-storage 1 nano33ble 2048 1c291ca3

Without it a wrong name on the command line would turn somebody's recording into flash. Lesson 18.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from tinyml_course.board.virtual.storage import STORAGE_BYTES
from tinyml_course.errors import DataError
from tinyml_course.files import write_bytes

_HEADER = re.compile(rb"tinyml-storage (\d{1,9}) (\w{1,40}) (\d{1,9}) ([0-9a-f]{8})\n")
_VERSION = 1
_MOST_HEADER_BYTES = 100
_REMEDY = (
    "It was left as it is. Give a file that an earlier run of this board wrote, or a name that is "
    "free: the board begins as after an upload then"
)


def read_storage(path: Path, board: str) -> bytes:
    """What a board of this kind kept in `path`; nothing if there is no such file yet.

    Raises:
        DataError: it is no such file, another board's, or damaged.
    """
    path = Path(path)
    if not path.exists() and not path.is_symlink():
        return b""
    if not path.is_file():
        raise DataError(f"{path}: cannot be read, it is no file. {_REMEDY}")
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_HEADER_BYTES + STORAGE_BYTES + 1)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from error
    header = _HEADER.match(content)
    if header is None:
        raise DataError(
            f"{path} holds nothing that a virtual board has kept: such a file begins with "
            f"'tinyml-storage {_VERSION}', this one {_beginning(content)}. {_REMEDY}"
        )
    version, owner, size, checksum = header.groups()
    kept = content[header.end() :]
    if int(version) != _VERSION:
        raise DataError(
            f"{path} is of version {int(version)}; this package reads {_VERSION}. {_REMEDY}"
        )
    if owner.decode() != board:
        raise DataError(
            f"{path} is what a {owner.decode()} kept; this is a {board}, and would not understand "
            f"it. {_REMEDY}"
        )
    if int(size) > STORAGE_BYTES:
        raise DataError(
            f"{path}: {int(size):,} bytes of storage; a virtual board keeps {STORAGE_BYTES:,}. "
            f"{_REMEDY}"
        )
    if len(kept) != int(size) or zlib.crc32(kept) != int(checksum, 16):
        raise DataError(
            f"{path} is damaged: its first line promises {int(size):,} bytes with the checksum "
            f"{checksum.decode()}, and other bytes follow. {_REMEDY}"
        )
    return kept


def write_storage(path: Path, board: str, kept: bytes) -> Path:
    """Write what a board kept (`board.storage.content`), whole or not at all.

    Raises:
        OutputError: a full disk, a read-only folder.
    """
    header = f"tinyml-storage {_VERSION} {board} {len(kept)} {zlib.crc32(kept):08x}\n"
    return write_bytes(path, header.encode() + kept)


def _beginning(content: bytes) -> str:
    return f"with {content[:16]!r}" if content else "is empty"
