"""From an operator to the C of its layer: readable, or fast for a core."""
