"""From a .tflite model to C that a learner can read and a board can run.

    TfliteModel -> its network -> layers -> model_c.program -> model_c.writer

`network.reference` executes the same graph in NumPy integers, `check.host_build` compiles the C for
this computer, `check.verify` compares it with TFLM byte by byte, `check.self_test` writes golden
vectors with which anyone can check it without Python. `firmware` writes what stands around a model
in a sketch. `c_array` is the other way: a model as an array for TFLM.
"""
