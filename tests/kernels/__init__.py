"""Kernels for nbval that are forked instead of started: what all lessons import is imported once.

`pytest -p tests.kernels --nbval-lax ...` gives each notebook a process of its own, as ever, that
already holds NumPy, Matplotlib, Jupyter's kernel and, unless it is hidden, TensorFlow; and a fit
that a lesson and its solution share is made once (`remembered.py`). Without `-p tests.kernels`, and
wherever there is no fork, a kernel starts and trains as it does for a learner;
`notebooks/src/build.py` runs every solution in such a one.
"""

import os
import sys
import tempfile
from importlib.metadata import EntryPoint

import pytest

# jsonschema makes a grammar of web addresses when it is imported, two of the three seconds
# that pytest takes to begin, should somebody want a format checked; nbformat does not. It goes
# without where it finds no such grammar.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

NAME = "forked"
FITS = "TINYML_REMEMBERED_FITS"


def pytest_configure(config: pytest.Config) -> None:
    """Have Jupyter's client fork its kernels, here and in the workers that xdist starts."""
    if sys.platform != "linux":  # elsewhere a fork is missing, or not safe
        return
    from jupyter_client.provisioning import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(
        NAME, "tests.kernels.forked:ForkedKernel", KernelProvisionerFactory.GROUP_NAME
    )
    factory.default_provisioner_name = NAME
    if FITS not in os.environ:  # which the workers inherit
        fits = tempfile.TemporaryDirectory()
        os.environ[FITS] = fits.name
        config.add_cleanup(lambda: (os.environ.pop(FITS), fits.cleanup()))
