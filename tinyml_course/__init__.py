"""A course in TinyML, and the package its lessons import.

    synthesize / record -> train -> compress -> export -> board -> observe

    network        what a .tflite file says: graph, fixed-point arithmetic, what is supported
    datasets       physics or recordings in, a `Dataset` out; splits by person
    features       windows to model inputs, fitted on the training part only
    training       Keras models and fitting
    interpreters   a .tflite file run on this computer: LiteRT, TFLM
    compress       quantization, pruning, clustering, distillation
    export         .tflite to C: an array for TFLM, or C source without an interpreter
    board          boards, real and virtual: what fits, how fast, how much energy
    observe        plots, serial links, recorders

Importing this package imports no TensorFlow: that takes eight seconds, and most of the course does
without it. The functions that train import it when they are called. After it, pyserial knows
`virtual://`.
"""

from tinyml_course import errors
from tinyml_course.board import urlhandler as _urlhandler
from tinyml_course.errors import (
    BoardError,
    BusFaultError,
    DataError,
    DoesNotFitError,
    ExportError,
    LinkError,
    OutputError,
    QuantizationError,
    TinyMLCourseError,
    UnsupportedOperatorError,
)

__version__ = "0.2.0"

_urlhandler.register()

__all__ = [
    "BoardError",
    "BusFaultError",
    "DataError",
    "DoesNotFitError",
    "ExportError",
    "LinkError",
    "OutputError",
    "QuantizationError",
    "TinyMLCourseError",
    "UnsupportedOperatorError",
    "__version__",
    "errors",
]
