"""What a .tflite file says: its graph, its arithmetic, and what is supported."""
