"""A program as the linker left it: bytes for flash, sizes, symbols, source lines."""
