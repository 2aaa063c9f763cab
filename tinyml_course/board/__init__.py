"""Boards: the catalogue, the cross compiler, and the virtual ones."""
