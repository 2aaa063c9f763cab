"""Lesson 00, Start here."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A model gives the scores 0.2, 0.7 and 0.1 for still, walk and run. What is its answer?",
        wrong("70 % walk", "The score says how strongly, but the answer is one class."),
        wrong("none, because no score is above 0.9", "There is no such limit unless you set one."),
        right("walk", "The largest score wins, and `argmax` finds its place."),
    ),
    ask(
        "Where do the weights of a model lie on a microcontroller, and where the values between "
        "two layers?",
        wrong(
            "both in flash, which keeps them without power",
            "Flash is not written while the model thinks.",
        ),
        right("weights in flash, values in RAM", "Flash keeps, RAM works."),
        wrong("both in RAM", "RAM is small and forgets. Weights never change, so they need none."),
    ),
    ask(
        "You feed a model that was trained in g with the same windows in m/s². What happens?",
        wrong("an error, because the unit differs", "The shape is right, so nothing complains."),
        right("wrong answers, without a word", "A model does not know units. You must."),
        wrong("the same answers", "All numbers are 9.81 times as large: that is another world."),
    ),
    ask(
        "Why is accuracy measured on people whom the model has never met?",
        wrong(
            "because people who are known walk differently",
            "They do not, but they may be recognised.",
        ),
        right(
            "because it will be used by such people",
            "What counts is what happens with somebody new.",
        ),
        wrong("because there are more of them", "Their number is not the point; being new is."),
    ),
    ask(
        "Which of these is a good reason to let a chip in a watch answer instead of a server?",
        right(
            "no radio: a shorter delay, less energy, and nothing private leaves the watch",
            "Sending costs more energy than a small model, needs a network, and tells others.",
        ),
        wrong("models on chips are more accurate", "Larger models are, if anything."),
        wrong("the chip is faster than the server", "It is thousands of times slower."),
    ),
)
