"""Running a .tflite file on this computer: LiteRT and TensorFlow Lite Micro."""
