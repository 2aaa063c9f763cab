"""Lesson 20, Ten minutes on a stage."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "The preflight says `ready` in seven lines. What can still fail?",
        wrong("the models", "They answered their golden windows just now."),
        right("the browser's microphone", "Only a person can allow it and speak to it."),
        wrong("the compiling of the two sketches", "It compiled both sketches a moment ago."),
    ),
    ask(
        "A step shows what was recorded. What do you tell the audience?",
        wrong("nothing, since it looks the same anyway", "A recording that hides itself is a lie."),
        right("that it was recorded, and why", "The line above the picture says it as well."),
        wrong("that it is out of order", "They still see what it does, once you say how."),
    ),
    ask(
        "Half of the weights are zero. What happened to the file?",
        right("as many bytes, fewer when packed", "A zero takes a byte, and gzip likes zeros."),
        wrong("it runs in half the time", "A plain loop multiplies by zero as well."),
        wrong("half as many bytes", "Each zero is still stored in it."),
    ),
    ask(
        "A quarter of the bytes with int8: why only nearly?",
        wrong("int8 has 255 values", "It has 256, and each of them takes one byte."),
        right("biases stay int32", "They are added to sums of products, in 32 bits."),
        wrong("accuracy falls a little", "That is true at times, and has no bytes."),
    ),
    ask(
        "A recording in m/s² goes to a model that learned g; no error comes. What is broken?",
        wrong("the quantization of the input", "The range is right for what it learned."),
        wrong("the model", "It answers as it learned, in g."),
        right("the unit of what goes in", "It is 9.81 times what the model expects."),
    ),
)
