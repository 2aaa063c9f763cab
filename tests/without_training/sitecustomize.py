"""On PYTHONPATH, this makes what trains and what speaks look as if it were not installed."""

import sys

HIDDEN = {
    "tensorflow",
    "tf_keras",
    "tensorflow_model_optimization",
    "keras",
    "espeakng_loader",
}


class Hidden:
    """Finds nothing, and says so, for these packages."""

    def find_spec(self, name, path=None, target=None):
        """As the import system asks it."""
        if name.split(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Hidden())
