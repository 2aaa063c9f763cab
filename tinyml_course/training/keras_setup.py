"""One door to Keras, so that a lesson never ends up with two kinds of it.

TensorFlow's model optimization toolkit prunes and quantizes only legacy Keras (`tf_keras`), and
TensorFlow decides at its first import which Keras it goes with. So the choice is made here, before
that import, together with the settings that keep the import quiet.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from tinyml_course.errors import TinyMLCourseError

QUIET_ENVIRONMENT = {
    "TF_USE_LEGACY_KERAS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN reorders sums, and prints a notice
    "CUDA_VISIBLE_DEVICES": "-1",  # too small for a GPU, and the search for one is slow
}


def import_keras() -> ModuleType:
    """Legacy Keras (`tf_keras`), with TensorFlow imported quietly behind it.

    The first call takes some seconds, because it imports TensorFlow; later ones are free.

    Raises:
        TinyMLCourseError: TensorFlow was imported before, with Keras 3.
    """
    if "tensorflow" in sys.modules:
        _refuse_keras_3()
    else:
        for name, value in QUIET_ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        with silence_native_output():
            import tensorflow as tf  # native code prints before any log level applies
        # "5 out of the last 13 calls triggered retracing": true of any lesson with many models
        tf.get_logger().setLevel("ERROR")
    import tf_keras

    return tf_keras


def _refuse_keras_3() -> None:
    import tensorflow as tf

    if not tf.keras.layers.Layer.__module__.startswith("tf_keras."):
        raise TinyMLCourseError(
            "TensorFlow is already running with Keras 3; pruning and quantization know only "
            "legacy Keras (tf_keras). Restart the kernel, and call tinyml_course.training."
            "import_keras() (or set TF_USE_LEGACY_KERAS=1) before anything imports TensorFlow"
        )


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
