"""One file a lab: a value that names its data, features, models and bounds."""
