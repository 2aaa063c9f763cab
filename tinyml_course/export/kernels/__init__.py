"""One C file an operation; pasted into a model's source if it is used."""
