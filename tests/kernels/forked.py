"""A kernel as a fork of a process that has imported what lessons import."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from tests.hidden import hide_training
from tests.kernels import SERVERS
from tests.kernels.server import SECRET

ROOT = Path(__file__).parents[2]


def start_server(secret: str, environment: dict[str, str]) -> tuple[subprocess.Popen[str], int]:
    """A process of `server.py`, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kernels.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment | {SECRET: secret},
        cwd=ROOT,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


class ForkedKernel(LocalProvisioner):
    """Jupyter's own way to run a kernel on this machine, but for how its process begins.

    server: the name of the one that forks the next.
    """

    server: ClassVar[str] = "trained"

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Wait for the imports, then choose ports: another process could take them meanwhile."""
        servers = json.loads(os.environ[SERVERS])
        self.secret = servers["secret"]
        self.connection = socket.create_connection(("127.0.0.1", servers[self.server]))
        # Unread lines stay in the socket, where `select` sees them.
        self.talk = self.connection.makefile("rb", buffering=0)
        if self.talk.readline() != b"ready\n":
            raise RuntimeError("the process that forks kernels has ended: its error is above")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel that takes `cmd`'s arguments, with the environment and folder asked for."""
        environment = dict(kwargs.get("env") or os.environ)
        if self.server == "untrained":
            environment["PYTHONPATH"] = hide_training()["PYTHONPATH"]
        asked = {
            "secret": self.secret,
            "arguments": cmd[cmd.index("ipykernel_launcher") :],
            "environment": environment,
            "folder": str(kwargs.get("cwd") or os.getcwd()),
        }
        self.connection.sendall(json.dumps(asked).encode() + b"\n")
        self.pid = int(self.talk.readline())
        self.process = Forked(self.pid, self.connection, self.talk)
        return self.connection_info


class Forked:
    """A process of somebody else's, with the methods of `subprocess.Popen` that are called."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket, talk: Any) -> None:
        self.pid, self.connection, self.talk = pid, connection, talk
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._listen(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended."""
        code = self._listen(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("forked kernel", timeout or 0)
        return code

    def send_signal(self, signum: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _listen(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self.connection], [], [], seconds)[0]:
            self.returncode = int(self.talk.readline() or -signal.SIGKILL)
            self.talk.close()
            self.connection.close()
        return self.returncode
