"""A process that has imported what lessons import, and becomes a kernel for who asks.

    python -m tests.kernels.server

It prints the port on which it listens, then imports. Who connects is told "ready", sends one line
of JSON (`secret`, `arguments`, `environment`, `folder`) and is told a kernel's process id, and its
exit status when it has ended. A kernel ends with who asked for it. The server ends when its
standard input does.
"""

from __future__ import annotations

import gc
import hmac
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any

SECRET = "TINYML_KERNEL_SECRET"
LOOK_S = 0.05  # how often it is looked whether a kernel or its owner has ended


def main() -> None:
    """Serve until standard input ends."""
    secret = os.environ.pop(SECRET)
    with socket.create_server(("127.0.0.1", 0), backlog=32) as listener:
        print(listener.getsockname()[1], flush=True)
        importlib.import_module("tests.kernels.imported")
        gc.freeze()  # a collection would copy every page that it looks at, in every kernel
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who watches a kernel
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    watch_kernel(connection, secret)
                finally:
                    os._exit(0)
            connection.close()


def watch_kernel(connection: socket.socket, secret: str) -> None:
    """Fork what is asked for, and tell how it ends; if nobody listens any more, end it."""
    with connection.makefile("rw", encoding="utf-8") as talk:
        print("ready", file=talk, flush=True)
        line = talk.readline()
        if not line:  # who asked went away
            return
        asked = json.loads(line)
        if not hmac.compare_digest(asked["secret"], secret):
            return
        kernel = os.fork()
        if kernel == 0:
            connection.detach()
            become_kernel(asked)
        print(kernel, file=talk, flush=True)
        while True:
            ended, status = os.waitpid(kernel, os.WNOHANG)
            if ended:
                print(os.waitstatus_to_exitcode(status), file=talk, flush=True)
                return
            if select.select([connection], [], [], LOOK_S)[0]:  # it says no more, so it is gone
                os.kill(kernel, signal.SIGKILL)
                os.waitpid(kernel, 0)
                return


def become_kernel(asked: dict[str, Any]) -> None:
    """In the fork: be what `python -m ipykernel_launcher` would be. It does not return."""
    from ipykernel import kernelapp

    os.environ.clear()
    os.environ.update(asked["environment"])
    # A kernel ends with its parent, which is the process that forked it.
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(asked["folder"])
    sys.argv = asked["arguments"]
    sys.path[0] = ""
    with open(os.devnull, "r+") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 2)
    status = 1
    try:
        kernelapp.launch_new_instance()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
