"""Lesson 17, Gestures."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Why does a network with global average pooling mix up left and right?",
        right(
            "it sums over time, and only the order differs",
            "Out then back holds the same pieces as back then out.",
        ),
        wrong("the two are equally fast", "So are circle and shake with some hands."),
        wrong("it has too few parameters", "More filters see the same pieces."),
    ),
    ask(
        "The forearm turns slowly about the vertical. What does the accelerometer feel?",
        wrong("the angle", "A gyroscope's readings add up to it."),
        right("next to nothing", "No push, and gravity stays where it is. A gyroscope feels it."),
        wrong(
            "gravity changes its direction", "It stays along the vertical, about which it turns."
        ),
    ),
    ask(
        "What does a trigger save?",
        wrong("the accuracy of slow gestures", "A high threshold loses just those."),
        right("most of the network's answers", "It runs on every sample, and it is a few sums."),
        wrong("the samples before the begin", "It needs them: the window reaches back."),
    ),
    ask(
        "A network learnt with both sensors. On a board without a gyroscope its channels are 0. "
        "What happens?",
        wrong("it refuses", "A network answers whatever comes."),
        wrong("nothing: zeros do not matter", "Zero is a value: it says that nothing turns."),
        right(
            "it answers, and worse, unless it learnt to do without",
            "Leave the sensor out in a part of the training windows.",
        ),
    ),
    ask(
        "Five folds on 100 recordings of one hand give 0.93. What is not known?",
        right("how it does in another hand", "No fold holds out a hand."),
        wrong("how it does on new recordings of that hand", "That is what the folds tell."),
        wrong("whether it beats guessing", "It does, by far."),
    ),
)
