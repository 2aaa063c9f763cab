"""The CSV that a recorder writes: one writer at a time, whole lines only, never a line lost.

A row is written by one call, and the file is locked as long as it is open. The lock belongs to the
open file, not to a file beside it: when a recorder is killed, the system takes its lock away too. A
take begins with `t_ms` 0, which is how `datasets.recordings` keeps takes apart in one file.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tinyml_course.errors import DataError, OutputError
from tinyml_course.files import cannot_write

LONGEST_HALF_LINE_BYTES = 4096  # what a crash can leave at the end; more is no line of ours
_LOCK_AT = 0x7FFF0000  # Windows: the byte that is locked, far beyond any recording

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


def check_recordable(path: Path, header: bytes) -> None:
    """Refuse what must not be written into, before a board is asked for anything.

    Args:
        header: the first line that a file of this recorder has, with its line end.

    Raises:
        DataError: a file that begins with another line than `header`.
        OutputError: a device, a folder, a pipe; or a file that cannot be read.
    """
    try:
        _refuse_other_kinds(path, os.stat(path).st_mode)
        with open(path, "rb") as file:
            _refuse_other_headers(path, file.read(len(header) + 1), header)
    except FileNotFoundError:
        return
    except OSError as error:
        raise cannot_write(path, error) from error


class RecordingFile:
    """A recording that is being written; use it in a `with` block.

    A half line at the end (the power failed) is removed. If it is a whole row but for its line end,
    as some editors leave it, it gets one.

    Attributes:
        path: the file.
        rows: rows written since it was opened.

    Raises:
        DataError: the file begins with another line than `header`.
        OutputError: no such folder, no permission, no regular file, or another recorder writes it.
    """

    def __init__(self, path: Path, header: bytes) -> None:
        self.path = path
        self.rows = 0
        self._size = 0
        self._row: tuple[int, int, bytes] | None = None  # size and rows before it, and itself
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                _refuse_other_kinds(path, path.stat().st_mode)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._fd = os.open(path, flags, 0o644)
        except OSError as error:
            raise cannot_write(path, error) from error
        try:
            _refuse_other_kinds(path, os.fstat(self._fd).st_mode)
            _lock(self._fd, path)
            self.check_in_place()
            self._mend(header)
            if self._size == 0:
                self._write(header)
        except OSError as error:
            os.close(self._fd)
            raise cannot_write(path, error) from error
        except (DataError, OutputError):
            os.close(self._fd)
            raise

    def __enter__(self) -> RecordingFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)

    def add_row(self, row: bytes) -> None:
        """Write one row, with its line end, at once.

        Raises:
            OutputError: a full disk, and then the file ends with the last whole row; or another
                program has written into the file.
        """
        if os.fstat(self._fd).st_size != self._size:
            raise OutputError(
                f"another program wrote into {self.path} while it was recorded, after {self.rows} "
                "samples: look at the file, and record into a new one"
            )
        self._row = (self._size, self.rows, row)
        self._write(row)
        self.rows += 1

    def settle(self) -> None:
        """After an interrupt, wherever it struck: a whole row counts, a part of one is cut off."""
        if self._row is None:
            return
        before, rows, row = self._row
        if os.fstat(self._fd).st_size == before + len(row):
            self.rows, self._size = rows + 1, before + len(row)
        else:
            self.rows = rows
            self._cut(before)

    def check_in_place(self) -> None:
        """See that the rows are where the learner will look for them.

        Raises:
            OutputError: the file was deleted, or replaced by another one, while it was recorded.
        """
        try:
            in_place = os.path.samestat(os.stat(self.path), os.fstat(self._fd))
        except OSError:
            in_place = False
        if not in_place:
            raise OutputError(
                f"another program deleted or replaced {self.path} while it was recorded, and "
                f"{self.rows} samples with it: close the editor, and record again"
            )

    def save(self) -> None:
        """Bring the rows to the disk.

        Raises:
            OutputError: the disk does not take them, or the file is gone.
        """
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise OutputError(
                f"the disk did not keep {self.path} ({error.strerror}): copy it elsewhere now"
            ) from error
        self.check_in_place()

    def _write(self, line: bytes) -> None:
        done = 0
        try:
            while done < len(line):  # a disk that is nearly full takes a part of a line
                done += os.write(self._fd, line[done:])
        except OSError as error:
            self._row = None
            self._cut(self._size)
            raise OutputError(
                f"cannot write more into {self.path} ({error.strerror}): {self.rows} samples of "
                "this recording are safe in it. Make room, or choose another disk with --out"
            ) from error
        self._size += len(line)

    def _cut(self, size: int) -> None:
        """End the file there. Giving room back works on a full disk too."""
        os.ftruncate(self._fd, size)
        os.lseek(self._fd, size, os.SEEK_SET)
        self._size = size

    def _mend(self, header: bytes) -> None:
        """Check the header and mend the end."""
        begins = os.read(self._fd, len(header) + 1)
        _refuse_other_headers(self.path, begins, header)
        size = os.fstat(self._fd).st_size
        if size < len(header):  # its own header, torn
            self._cut(0)
            return
        tail_at = max(0, size - 2 * LONGEST_HALF_LINE_BYTES)
        os.lseek(self._fd, tail_at, os.SEEK_SET)
        whole, _, half = os.read(self._fd, size - tail_at).rpartition(b"\n")
        if len(half) > LONGEST_HALF_LINE_BYTES:
            raise DataError(
                f"{self.path} ends in {len(half):,} bytes or more without a line end, which no "
                "recorder wrote: choose a new file for this recording"
            )
        before, last = (line.strip().split(b",") for line in (whole.rpartition(b"\n")[2], half))
        if half and len(last) == len(before) and last[-2:] == before[-2:]:
            self._cut(size)
            self._write(b"\n")  # a whole row: its label and subject are those of the row before
        else:
            self._cut(size - len(half))


def _refuse_other_kinds(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
    raise OutputError(f"{path} is {kind}, no file: name a CSV to record into, such as mine.csv")


def _refuse_other_headers(path: Path, begins: bytes, header: bytes) -> None:
    """`begins` is the file's beginning, one byte longer than `header` if the file is."""
    is_torn_header = header.startswith(begins)
    is_own = begins[: len(header)] == header or begins == header[:-1] + b"\r\n"
    if not is_torn_header and not is_own:
        raise DataError(
            f"{path} begins with another header than {header.decode().strip()!r}, and would be "
            "damaged: choose a new file for this recording"
        )


def _lock(fd: int, path: Path) -> None:
    """Lock the open file for one writer; the system unlocks it when the writer ends, however."""
    try:
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            os.lseek(fd, _LOCK_AT, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            os.lseek(fd, 0, os.SEEK_SET)
    except (BlockingIOError, PermissionError) as error:
        raise OutputError(
            f"another recorder is writing {path}: wait until it ends, or choose another file"
        ) from error
    except OSError as error:
        raise OutputError(
            f"{path} cannot be locked ({error.strerror}), so two recorders could damage it: "
            "choose a folder on this computer's own disk"
        ) from error
