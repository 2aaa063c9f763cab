"""Windows with labels and groups: made from physics, or read from recordings."""
