"""A last layer that learns on the board as C, and the check that its weights equal Python's."""
