"""From a .tflite model to C that a learner can read and a board can run."""
