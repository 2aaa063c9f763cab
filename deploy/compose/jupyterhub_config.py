"""JupyterHub with Docker: a container a learner, with limits. compose.yaml sets the environment."""

import os
import sys

c = get_config()  # noqa: F821 - JupyterHub defines it

DATA = "/srv/jupyterhub/data"
MEMORY = os.environ.get("MEMORY", "2G")

c.JupyterHub.bind_url = "http://:8000"
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"  # the service's name in compose.yaml
c.JupyterHub.db_url = f"sqlite:///{DATA}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{DATA}/cookie_secret"

# Names and passwords: learners sign up, the teacher lets them in at /hub/authorize.
c.JupyterHub.authenticator_class = "native"
c.Authenticator.admin_users = {os.environ["TEACHER"]}
c.Authenticator.allow_all = True  # of those whom the teacher has let in
c.NativeAuthenticator.open_signup = False
c.NativeAuthenticator.minimum_password_length = 10
c.NativeAuthenticator.allowed_failed_logins = 5

# A container a learner. What it may take is what keeps one learner from stopping the others.
c.JupyterHub.spawner_class = "docker"
c.DockerSpawner.image = os.environ.get("IMAGE", "tinyml-course")
c.DockerSpawner.network_name = os.environ.get("NETWORK", "tinyml-class")
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.remove = True
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
c.DockerSpawner.notebook_dir = "/home/learner"
c.DockerSpawner.volumes = {"tinyml-{username}": "/home/learner"}
c.Spawner.default_url = "/lab/tree/course"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.mem_limit = MEMORY
c.Spawner.cpu_limit = float(os.environ.get("CPUS", "1"))
c.DockerSpawner.extra_host_config = {
    "memswap_limit": MEMORY.lower(),  # no swap beside it: a full memory ends a kernel, not the room
    "pids_limit": 512,  # a fork bomb ends in its own container
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
}

# Not all thirty at once: a start loads half a GB from disk.
c.JupyterHub.concurrent_spawn_limit = 5
c.JupyterHub.active_server_limit = int(os.environ.get("LEARNERS", "30"))

# Whoever went home is stopped after an hour; the files stay in the volume.
c.JupyterHub.load_roles = [
    {
        "name": "stops-idle-servers",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }
]
