"""A kernel as a fork of a process that has imported what lessons import."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.context import ForkServerProcess
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

START = multiprocessing.get_context("forkserver")
START.set_forkserver_preload(["tests.kernels.imported"])


class ForkedKernel(LocalProvisioner):
    """Jupyter's own way to run a kernel on this machine, but for how its process begins."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Wait for the imports, then choose ports: another process could take them meanwhile."""
        first = START.Process(target=int)
        first.start()
        first.join()
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel that takes `cmd`'s arguments, with the environment and folder asked for."""
        arguments = cmd[cmd.index("ipykernel_launcher") :]
        child = START.Process(
            target=become_kernel, args=(arguments, kwargs.get("env"), kwargs.get("cwd"))
        )
        child.start()
        self.process = Popened(child)
        self.pid = child.pid
        return self.connection_info


class Popened:
    """A forked process with the methods of `subprocess.Popen` that a provisioner calls."""

    stdin = stdout = stderr = None

    def __init__(self, child: ForkServerProcess) -> None:
        self.child = child

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.child.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended."""
        self.child.join(timeout)
        if self.child.exitcode is None:
            raise subprocess.TimeoutExpired("forked kernel", timeout or 0)
        return self.child.exitcode

    def send_signal(self, signum: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.child.exitcode is None and self.child.pid is not None:
            os.kill(self.child.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def become_kernel(
    arguments: list[str], environment: dict[str, str] | None, folder: str | None
) -> None:
    """In the fork: be what `python -m ipykernel_launcher` would be."""
    from ipykernel import kernelapp

    os.environ.clear()
    os.environ.update(environment or {})
    # A kernel ends with its parent, which is the process that forked it.
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(folder or ".")
    sys.argv = arguments
    sys.path[0] = ""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    kernelapp.launch_new_instance()
