"""One door to Keras, so that a lesson never ends up with two kinds of it.

TensorFlow's model optimization toolkit prunes and quantizes only legacy Keras (`tf_keras`), and
TensorFlow decides at its first import which Keras it goes with. So the choice is made here, before
that import, together with the settings that keep the import quiet.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

from tinyml_course.errors import TinyMLCourseError
from tinyml_course.extras import require
from tinyml_course.native_output import silence_native_output

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
        MissingExtraError: TensorFlow or tf-keras is not installed.
        TinyMLCourseError: TensorFlow was imported before, with Keras 3.
    """
    require("tensorflow", "training")
    require("tf_keras", "training")
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


def import_toolkit() -> ModuleType:
    """TensorFlow's model optimization toolkit, imported quietly with the Keras that it knows.

    Raises:
        MissingExtraError: it is not installed.
    """
    require("tensorflow_model_optimization", "compressing by training")
    import_keras()
    with silence_native_output():
        import tensorflow_model_optimization

    return tensorflow_model_optimization


def _refuse_keras_3() -> None:
    import tensorflow as tf

    if not tf.keras.layers.Layer.__module__.startswith("tf_keras."):
        raise TinyMLCourseError(
            "TensorFlow is already running with Keras 3; pruning and quantization know only "
            "legacy Keras (tf_keras). Restart the kernel, and call tinyml_course.training."
            "import_keras() (or set TF_USE_LEGACY_KERAS=1) before anything imports TensorFlow"
        )
