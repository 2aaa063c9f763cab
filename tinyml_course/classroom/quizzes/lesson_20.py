"""Lesson 20, Ten minutes on a stage."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "The preflight says `ready` in seven lines. What can still fail?",
        wrong("the compiler", "It compiled both sketches a moment ago."),
        right("the browser's microphone", "Only a person can allow it and speak to it."),
        wrong("the models", "They answered their golden windows just now."),
    ),
    ask(
        "A step shows what was recorded. What do you tell the audience?",
        wrong("nothing, it looks the same", "A recording that hides itself is a lie."),
        wrong("that it is out of order", "They still see what it does, once you say how."),
        right("that it was recorded, and why", "The line above the picture says it as well."),
    ),
    ask(
        "Half of the weights are zero. What happened to the file?",
        right("as many bytes, fewer when packed", "A zero takes a byte, and gzip likes zeros."),
        wrong("half as many bytes", "Each zero is still stored in it."),
        wrong("it runs in half the time", "A plain loop multiplies by zero as well."),
    ),
    ask(
        "A quarter of the bytes with int8: why only nearly?",
        wrong("int8 has 255 values", "Every int8 takes one byte, whatever its value."),
        right("biases stay int32", "They are added to sums of products, in 32 bits."),
        wrong("accuracy falls a little", "That is true at times, and has no bytes."),
    ),
    ask(
        "A recording in m/s² goes to a model that learned g; no error comes. What is broken?",
        wrong("the model", "It answers as it learned, in g."),
        wrong("the quantization", "The range is right for what it learned."),
        right("the unit of what goes in", "It is 9.81 times what the model expects."),
    ),
)
