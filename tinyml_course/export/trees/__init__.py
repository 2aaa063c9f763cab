"""Decision trees as C: nested ifs or a table, and the check that every vector finds its leaf."""
