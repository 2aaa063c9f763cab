"""What stands around a model in a sketch: features, detectors, folders."""
