"""Of each learner's own server: what nobody works with gives its memory back."""

c = get_config()  # noqa: F821 - Jupyter defines it

# A kernel with TensorFlow holds about half a GB; a notebook left open overnight should not.
c.MappingKernelManager.cull_idle_timeout = 1800
c.MappingKernelManager.cull_interval = 120
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = False
# A cell that prints without end fills its own page, and nothing else.
c.ZMQChannelsWebsocketConnection.iopub_data_rate_limit = 5_000_000
