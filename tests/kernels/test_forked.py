"""A forked kernel is a process of its own, in its folder, with what lessons import."""

import os
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from tests.kernels import pytest_configure

WITHOUT_TRAINING = Path(__file__).parents[1] / "without_training"


@pytest.fixture
def kernel(request, tmp_path, monkeypatch):
    """A client of one, forked from a process that has no TensorFlow, and its manager."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(WITHOUT_TRAINING), os.getcwd()]))
    monkeypatch.setattr(KernelProvisionerFactory, "_instance", None)
    pytest_configure(request.config)
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


def test_its_end_is_seen(kernel):
    manager, client = kernel
    assert manager.is_alive()
    client.execute("import os; os._exit(3)")
    assert manager.provisioner.process.wait(10) == 3
    assert not manager.is_alive()
