"""The Littlest JupyterHub: /opt/tljh/config/jupyterhub_config.d/tinyml_limits.py."""

c = get_config()  # noqa: F821 - JupyterHub defines it

# Memory and CPU are in config.yaml. These two it cannot say: how many processes a learner may have,
# and that a full memory ends a kernel instead of filling the swap that all share.
c.SystemdSpawner.unit_extra_properties = {"TasksMax": "512", "MemorySwapMax": "0"}
c.JupyterHub.concurrent_spawn_limit = 5
c.JupyterHub.active_server_limit = 30
c.Spawner.default_url = "/lab"
