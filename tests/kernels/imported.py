"""What a forked kernel finds imported: what most lessons import, in the first cell or later."""

import importlib

from tests.kernels.remembered import remember_all
from tinyml_course.extras import is_installed

ALWAYS = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipywidgets",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "sklearn.linear_model",
    "unicorn",
    "tinyml_course.classroom",
    "tinyml_course.observe.plots",
)

for name in ALWAYS:
    importlib.import_module(name)
if is_installed("tensorflow"):
    from tinyml_course.training import import_keras

    import_keras()
remember_all()
