"""Lesson 06, Clustering, distillation, QAT."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A layer has eight different weights left. Who gains?",
        wrong("flash: three bits would do", "Three bits would do, but the file stores bytes."),
        right("a packed download", "gzip sees the twins; TFLM does not."),
        wrong("the processor", "It multiplies each weight as before."),
    ),
    ask(
        "When does distillation pay most?",
        wrong("when the teacher is small", "It should know more than the student."),
        wrong(
            "when every input has a label of its own already",
            "There it hardly differed from the labels.",
        ),
        right("when there are many inputs and few labels", "The teacher's answers are labels."),
    ),
    ask(
        "What does a high temperature do to the teacher's answers?",
        wrong("it turns some wrong answers into right ones", "It changes no order."),
        right("it lets weaker classes speak", "Up to the point where all say the same."),
        wrong("it makes them surer", "That is a temperature below 1."),
    ),
    ask(
        "int8 after training loses nothing. What about QAT?",
        wrong("it will add a few points of accuracy", "More epochs may, with or without it."),
        wrong(
            "it makes the file smaller",
            "It keeps as many weights, one byte each; only what stands around them may differ.",
        ),
        right("there is nothing for it to repair", "It pays where rounding costs, at few bits."),
    ),
    ask(
        '"With our method the accuracy rose by 1.5 points." What is missing?',
        wrong("the learning rate", "It is good to know, but not what decides."),
        wrong("the name of the board", "Accuracy does not depend on it."),
        right("a control that trained as long", "And how far chance alone moves the figure."),
    ),
)
