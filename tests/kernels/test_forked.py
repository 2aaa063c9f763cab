"""A forked kernel is a process of its own, in its folder, with what lessons import."""

import json
import os
import secrets
import signal
import socket
import time

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from tests import kernels
from tests.hidden import hide_training
from tests.kernels.forked import ForkedKernel, start_server


@pytest.fixture(scope="module")
def servers():
    """The one that has no TensorFlow, as `pytest_configure` names it to workers."""
    secret = secrets.token_hex()
    process, port = start_server(secret, hide_training())
    yield {"secret": secret, "untrained": port}
    process.stdin.close()
    assert process.wait(30) == 0


@pytest.fixture
def kernel(request, servers, tmp_path, monkeypatch):
    """A client of a forked one, and its manager."""
    monkeypatch.setenv(kernels.SERVERS, json.dumps(servers))
    monkeypatch.setattr(ForkedKernel, "server", "untrained")
    monkeypatch.setattr(KernelProvisionerFactory, "_instance", None)
    kernels.pytest_configure(request.config)
    manager, client = start_new_kernel(cwd=tmp_path)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel()


def ask(client, code):
    """What `code` prints."""
    told = []

    def note(message):
        if message["msg_type"] == "stream":
            told.append(message["content"]["text"])

    reply = client.execute_interactive(code, output_hook=note, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(told)


def test_it_is_where_and_what_it_should_be(kernel, tmp_path):
    manager, client = kernel
    told = ask(
        client,
        "import os, sys\n"
        "print(os.getcwd(), sys.argv[0], sys.path[0] == '', __name__,\n"
        "      'matplotlib.pyplot' in sys.modules, 'np' in globals())",
    )
    where, program, path, name, imported, named = told.split()
    assert (where, program, name) == (str(tmp_path), "ipykernel_launcher", "__main__")
    assert (path, imported, named) == ("True", "True", "False")
    assert int(ask(client, "print(os.getpid())")) == manager.provisioner.pid != os.getpid()


def test_what_trains_is_hidden_there_and_in_what_it_starts(kernel):
    _, client = kernel
    script = (
        "import sys, subprocess\n"
        "try:\n"
        "    import tensorflow\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
        "code = [sys.executable, '-c', 'import tensorflow']\n"
        "print(subprocess.run(code, capture_output=True).stderr.decode().splitlines()[-1])"
    )
    here, below = ask(client, script).splitlines()
    assert here == "No module named 'tensorflow'"
    assert below == f"ModuleNotFoundError: {here}"


def test_its_end_is_seen(kernel):
    manager, client = kernel
    assert manager.is_alive()
    client.execute("import os; os._exit(3)")
    assert manager.provisioner.process.wait(10) == 3
    assert not manager.is_alive()


def test_a_signal_ends_it(kernel):
    manager, _ = kernel
    process = manager.provisioner.process
    assert process.poll() is None
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    process.kill()  # nobody is there any more, and nobody is hit


def test_it_ends_with_who_asked_for_it(kernel):
    manager, _ = kernel
    pid = manager.provisioner.pid
    manager.provisioner.connection.shutdown(socket.SHUT_RDWR)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(f"{pid} still runs")


def test_who_does_not_know_the_secret_gets_no_kernel(servers):
    with socket.create_connection(("127.0.0.1", servers["untrained"])) as stranger:
        talk = stranger.makefile("rb")
        assert talk.readline() == b"ready\n"
        stranger.sendall(b'{"secret": "guessed", "arguments": []}\n')
        assert talk.readline() == b""


class Item:
    """As much of a collected cell as the order looks at."""

    def __init__(self, path):
        self.path = path


def test_solutions_come_first_and_long_lessons_before_short_ones():
    folder = kernels.TIMES.parents[1]
    names = ["00_start_here", "solutions/00_start_here", "13_vision", "solutions/13_vision"]
    items = [Item(folder / f"{name}.ipynb") for name in names]
    kernels.pytest_collection_modifyitems(items)
    assert [item.path.stem[:2] for item in items] == ["13", "00", "13", "00"]
    assert [item.path.parent.name == "solutions" for item in items] == [True, True, False, False]
