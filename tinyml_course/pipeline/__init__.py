"""A lab along the whole chain, stage by stage, to its Bundle and report."""
