"""Kernels for nbval that are forked instead of started: what all lessons import is imported once.

`pytest -p tests.kernels --nbval-lax ...` gives each notebook a process of its own, as ever, that
already holds NumPy, Matplotlib, Jupyter's kernel and TensorFlow, forked from one that all workers
share (`server.py`); and what a lesson and its solution both compute is computed once
(`remembered.py`). `--untrained 07` runs solution 07 as if nothing that trains were installed.
Without `-p tests.kernels`, and on other systems than Linux, a kernel starts and trains as it does
for a learner, and nothing is hidden; `notebooks/src/build.py` runs every solution in such a one.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

NAME = "forked"
REMEMBERED = "TINYML_REMEMBERED"
SERVERS = "TINYML_KERNEL_SERVERS"
TIMES = Path(__file__).parents[2] / "notebooks" / "src" / "times.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--untrained LESSON`, as often as there are such lessons."""
    parser.addoption("--untrained", action="append", default=[], metavar="LESSON")


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
    if SERVERS in os.environ:  # which the workers inherit
        return
    from tests.hidden import hide_training
    from tests.kernels.forked import start_server

    folder = tempfile.TemporaryDirectory()
    os.environ[REMEMBERED] = folder.name
    secret = secrets.token_hex()
    servers = {"trained": start_server(secret, dict(os.environ))}
    if config.getoption("untrained"):
        servers["untrained"] = start_server(secret, hide_training())
    ports = {name: port for name, (_, port) in servers.items()}
    os.environ[SERVERS] = json.dumps({"secret": secret, **ports})

    def end() -> None:
        del os.environ[SERVERS], os.environ[REMEMBERED]
        for process, _ in servers.values():
            process.stdin.close()
            process.wait()
        folder.cleanup()

    config.add_cleanup(end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Solutions first, then their lessons, which find computed what both compute; long ones first.

    A worker that is given a long lesson last keeps the others waiting.
    """
    seconds = json.loads(TIMES.read_text())
    items.sort(key=lambda item: (not _is_solution(item), -seconds.get(item.path.stem, 0)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say, before nbval starts a kernel for this notebook, what is to be installed there."""
    from tests.kernels.forked import ForkedKernel

    lesson = item.path.stem.split("_")[0]
    hidden = _is_solution(item) and lesson in item.config.getoption("untrained")
    ForkedKernel.server = "untrained" if hidden else "trained"


def _is_solution(item: pytest.Item) -> bool:
    return item.path.parent.name == "solutions"
