"""Lesson 08, Inside the C."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Why must the accumulator have 32 bits?",
        right("one product of two int8 fills 16 bits already", "And many of them are added."),
        wrong("biases are floats", "They are 32-bit integers."),
        wrong("the processor has no smaller ones", "It can add bytes, too."),
    ),
    ask(
        "What is the clamp at the end of a layer, besides a clamp?",
        right("the ReLU", "Its lower end is the zero point, which stands for 0."),
        wrong("the softmax", "That is an operator of its own."),
        wrong("the rounding", "That was done by multiplier and shift."),
    ),
    ask(
        "Why does the generated C need so much less RAM than TFLM?",
        wrong("its weights are in RAM", "They are in flash in both."),
        right("it keeps no books", "What comes after what is written in the program."),
        wrong("it uses smaller numbers", "The values are the same bytes."),
    ),
    ask(
        "SIMD kernels give other bytes than readable ones. What do you conclude?",
        right("one of them is wrong", "And the first byte that differs tells where to look."),
        wrong("use the mean of both", "A mean of right and wrong is wrong."),
        wrong("that is normal for speed", "Integer sums do not depend on their order."),
    ),
    ask(
        "Cycles are called estimates here, instructions are not. Why?",
        wrong("cycles change with the weights", "Hardly, with these kernels."),
        wrong("instructions are measured on a real board", "They are counted by the emulator."),
        right("instructions are counted; cycles follow published timings", "Memory may add waits."),
    ),
)
