"""Lesson 00, Start here."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A model gives the scores 0.2, 0.7 and 0.1 for still, walk and run. What is its answer?",
        wrong("70 % walk", "The score says how strongly, but the answer is one class."),
        right("walk", "The largest score wins, and `argmax` finds its place."),
        wrong("none, because no score is above 0.9", "There is no such limit unless you set one."),
    ),
    ask(
        "Where do the weights of a model lie on a microcontroller, and where the values between "
        "two layers?",
        wrong("both in RAM", "RAM is small and forgets. Weights never change, so they need none."),
        right("weights in flash, values in RAM", "Flash keeps, RAM works."),
        wrong("both in flash", "Flash is not written while the model thinks."),
    ),
    ask(
        "You feed a model that was trained in g with the same windows in m/s². What happens?",
        wrong("an error", "The shape is right, so nothing complains."),
        wrong("the same answers", "All numbers are 9.81 times as large: that is another world."),
        right("wrong answers, without a word", "A model does not know units. You must."),
    ),
    ask(
        "Why is accuracy measured on people whom the model has never met?",
        right(
            "because it will be used by such people",
            "What counts is what happens with somebody new.",
        ),
        wrong("because there are more of them", "Their number is not the point; being new is."),
        wrong("because known people walk differently", "They do not, but they may be recognised."),
    ),
    ask(
        "Which of these is a good reason to let a chip in a watch answer instead of a server?",
        wrong("the chip is faster than the server", "It is thousands of times slower."),
        right(
            "no radio: a shorter delay, less energy, and nothing private leaves the watch",
            "Sending costs more energy than a small model, needs a network, and tells others.",
        ),
        wrong("models on chips are more accurate", "Larger models are, if anything."),
    ),
)
