"""JupyterLab and pages of `tinyml play`, started on loopback for a test and ended after it."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil

REPOSITORY = Path(__file__).parents[2]
START_S = 90


def clean_environment(folder: Path) -> dict[str, str]:
    """A home of its own, so that nobody's settings change a test."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("JUPYTER", "COVERAGE"))
    }
    for name in ("config", "data", "runtime", "ipython"):
        (folder / name).mkdir(exist_ok=True)
    env |= {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": str(REPOSITORY),
    }
    return env


def write_notebook(path: Path, *cells: str) -> Path:
    """A notebook of code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    nbformat.write(notebook, path)
    return path


@contextmanager
def running(command: list[str], env: dict[str, str], cwd: Path, ready: str):
    """A server; yields what `ready` matched in its output. Its kernels end with it."""
    log = cwd / "server.log"
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, env=env, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        end = time.monotonic() + START_S
        while not (found := re.search(ready, log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < end, log.read_text(encoding="utf-8")[-3000:]
            time.sleep(0.1)
        yield found[0]
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(2)  # JupyterLab takes five to say goodbye
        except subprocess.TimeoutExpired:
            process.kill()
        for child in family:
            if child.is_running():
                child.kill()


@contextmanager
def jupyterlab(folder: Path):
    """JupyterLab over `folder`; yields a function from a notebook's name to its address."""
    token = secrets.token_hex(16)
    (folder / "settings").mkdir(exist_ok=True)
    quiet = '{"fetchNews": "false", "checkForUpdates": false}'
    setting = folder / "settings" / "@jupyterlab" / "apputils-extension"
    setting.mkdir(parents=True, exist_ok=True)
    (setting / "notification.jupyterlab-settings").write_text(quiet)
    env = clean_environment(folder) | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    command = [
        sys.executable,
        *("-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"),
        "--ServerApp.port=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
        "--expose-app-in-browser",
    ]
    with running(command, env, folder, r"http://127\.0\.0\.1:[1-9]\d*/") as address:
        yield lambda name: f"{address}doc/tree/{name}?token={token}"


def reads(url: str) -> int:
    """The status of a page."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
