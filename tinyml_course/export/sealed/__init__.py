"""A model as data that a board can check: an image, a tag that only the key can make."""
