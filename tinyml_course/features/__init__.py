"""From windows to model inputs: each step has a C twin in `export`."""
