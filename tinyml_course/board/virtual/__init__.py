"""The virtual board: a CPU, a memory map, a clock, and one file a peripheral."""
