"""Starting a compiler on a stranger's sources: what it sees, how long it runs, what outlives it."""
