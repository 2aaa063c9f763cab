"""From a .tflite model to C that a learner can read and a board can run.

    tflite_reader -> ir -> folding, support -> parameters -> layers -> program -> c_writer

`reference` executes the same graph in NumPy integers, `host_build` compiles the C for this
computer, `verify` compares it with TFLM byte by byte, `self_test` writes golden vectors with which
anyone can check it without Python. `c_array` is the other way: a model as an array for TFLM.
"""
