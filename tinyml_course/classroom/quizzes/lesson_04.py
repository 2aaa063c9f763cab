"""Lesson 04, Quantization."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "An input runs from -2 to 3. Which is the scale in int8?",
        wrong("5 / 256", "256 numbers have 255 steps between them."),
        wrong("3 / 127", "That would be a symmetric range, as weights have it."),
        right("5 / 255", "From -128 to 127 there are 255 steps."),
    ),
    ask(
        "Why must 0 have an integer of its own?",
        wrong("because a division by 0 would be an error", "Nobody divides by it."),
        right("because ReLU gives it all the time", "An error there would be in every sum."),
        wrong("because int8 has a 0", "Its 0 may stand for any real number."),
    ),
    ask(
        "A small network has 4,816 bytes in fp32. Why is its int8 file not a quarter of that?",
        wrong("int8 needs more layers", "It has the same layers."),
        wrong("weights shrink to a half, not to a quarter", "They shrink to a quarter."),
        right("most of the file is not weights", "Names, shapes and scales do not shrink."),
    ),
    ask(
        "int8 loses accuracy on your board. What helps there?",
        wrong("dynamic range", "TFLM refuses files with int8 weights and float sums."),
        right(
            "more or better samples, 16x8, or training with the rounding",
            "These run on a microcontroller.",
        ),
        wrong("fp16", "TFLM has no arithmetic for 16-bit floats and refuses the file."),
    ),
    ask(
        "A converter of today, a library of 2023, dense layers per channel. What will happen?",
        wrong("it refuses the file", "It does not notice."),
        right("it answers wrongly without an error", "It uses the first scale for all neurons."),
        wrong(
            "it loses a point or two of accuracy, no more", "It may lose any share of its answers."
        ),
    ),
)
