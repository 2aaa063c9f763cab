"""Boards: the catalogue, the cross compiler, linked programs, and the virtual boards."""
