"""What C++ code prints below Python, held back and kept for an error message."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def silence_native_output() -> Iterator[Callable[[], str]]:
    """Hold back what C++ code prints to file descriptors 1 and 2 inside the `with` block.

    Python's `redirect_stdout` cannot do that: TensorFlow's converter and TFLM write below Python.
    Yields a function that returns what was printed so far, for use in an error message.

    >>> with silence_native_output() as printed:
    ...     _ = os.write(2, b"from below")
    ...     text = printed()
    >>> text
    'from below'
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as sink:
        saved = [(fd, os.dup(fd)) for fd in (1, 2)]

        def printed() -> str:
            # positioned reads leave alone the offset that writers share with us
            size = os.fstat(sink.fileno()).st_size
            return _read_at_start(sink.fileno(), size).decode(errors="replace")

        try:
            for fd, _ in saved:
                os.dup2(sink.fileno(), fd)
            yield printed
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for fd, copy in saved:
                os.dup2(copy, fd)
                os.close(copy)


def _read_at_start(fd: int, size: int) -> bytes:
    position = os.lseek(fd, 0, os.SEEK_CUR)
    os.lseek(fd, 0, os.SEEK_SET)
    try:
        return os.read(fd, size)
    finally:
        os.lseek(fd, position, os.SEEK_SET)
