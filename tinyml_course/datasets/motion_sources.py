"""Motion data from outside: a folder is looked at, and the right reader takes it."""

from __future__ import annotations

from pathlib import Path

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.folders import list_entries, list_files, list_folders
from tinyml_course.datasets.recordings import load_recordings
from tinyml_course.datasets.uci_har import is_uci_har, load_uci_har
from tinyml_course.datasets.wisdm import find_wisdm, load_wisdm
from tinyml_course.errors import DataError
from tinyml_course.files import meant_file


def load_motion(path: str | Path, *, gaps: str = "cut") -> Dataset:
    """Windows of still, walk and run from whatever `path` holds; `tinyml run motion --data`.

    | it finds | it reads |
    |---|---|
    | a `.csv` file, or a folder of them | recordings in the course's format, `load_recordings` |
    | `train` or `test` with `Inertial Signals`, also one folder down | UCI HAR, `load_uci_har` |
    | `WISDM_ar_v1.1_raw.txt`, or a folder that holds it | WISDM v1.1, `load_wisdm` |

    Args:
        gaps: as in `load_recordings`; the public sets have their own rules.

    Raises:
        DataError: nothing is there, nothing known is there, or the reader refuses it.
    """
    path = Path(path)
    if not path.exists():
        said = f"{path}: there is no such file or folder; check the path{meant_file(path)}"
        raise DataError(said)
    if find_wisdm(path):
        return load_wisdm(path)
    if path.is_file():
        return load_recordings(path, gaps=gaps)
    inside = list_entries(path)
    if list_files(path, ".csv"):
        return load_recordings(path, gaps=gaps)
    for folder in (path, *list_folders(path)):
        if is_uci_har(folder):
            return load_uci_har(folder)
        if find_wisdm(folder):
            return load_wisdm(folder)
    what = "is empty" if not inside else "holds nothing known"
    raise DataError(
        f"{path}: the folder {what}; expected are .csv recordings (t_ms,ax_g,ay_g,az_g,label,"
        "subject), the folder of UCI HAR, or WISDM_ar_v1.1_raw.txt"
    )
