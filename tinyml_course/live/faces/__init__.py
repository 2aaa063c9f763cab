"""What a board looks like from outside: its lamps, keys and pins, and a drawing of each."""
