"""What lies in a folder of recordings, sounds or pictures, without what systems leave there.

macOS puts a `._NAME` beside every file on a memory stick and a `__MACOSX` into every archive,
Windows a `Thumbs.db` into every folder of pictures. None of them was recorded by anybody.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.errors import DataError
from tinyml_course.files import meant_file

LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"}


def is_left_by_system(name: str) -> bool:
    """Whether a file or folder of this name was made by a system and not by a person.

    >>> is_left_by_system("._ann_0.wav"), is_left_by_system("Thumbs.db"), is_left_by_system("a.wav")
    (True, True, False)
    """
    return name.startswith(".") or name.lower() in LEFT_BY_SYSTEMS


def list_entries(folder: Path) -> list[Path]:
    """Whatever lies in a folder and was put there by a person, in the order of the names.

    Raises:
        DataError: the folder cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if not is_left_by_system(path.name))
    except OSError as error:
        raise DataError(
            f"{folder}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def list_files(folder: Path, ending: str) -> list[Path]:
    """The files of a folder whose names end so, in any case of letters, in the order of names.

    Raises:
        DataError: the folder cannot be read, or one of that name is no file: a folder, a link that
            leads nowhere, or a pipe, which would be waited for without end.
    """
    files = [path for path in list_entries(folder) if path.name.lower().endswith(ending)]
    for path in files:
        if not path.is_file():
            raise DataError(f"{path} is no file: take it away, or name another folder")
    return files


def list_csv_files(path: Path, what: str) -> list[Path]:
    """A file itself, or a folder's `.csv` files as `list_files` finds them.

    Args:
        what: what to record if there are none, as "a machine".

    Raises:
        DataError: as `list_files`, and if there is no such file or folder, or it holds none.
    """
    if not path.exists():
        said = f"{path}: there is no such file or folder; check the path{meant_file(path)}"
        raise DataError(said)
    files = list_files(path, ".csv") if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path} holds no .csv file: record {what}, see data/README.md")
    return files


def list_folders(folder: Path) -> list[Path]:
    """The folders in a folder, in the order of their names. Raises as `list_entries`."""
    return [path for path in list_entries(folder) if path.is_dir()]
