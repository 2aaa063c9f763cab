"""Slides: one deck a group of lessons, each a single file of HTML."""
