"""Small sketches, as for the boards' own tests."""

from tests.board.conftest import write_sketch

__all__ = ["write_sketch"]
