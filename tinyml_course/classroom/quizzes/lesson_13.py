"""Lesson 13, Vision."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A filter of 3 x 3 on a picture with 24 channels has how many weights for one new channel?",
        wrong("24", "That would be a filter of 1 x 1."),
        wrong("9", "That is one channel. It looks at all of them."),
        right("216", "9 weights for each of 24 channels."),
    ),
    ask(
        "What does a pointwise convolution do?",
        wrong("it makes the picture half as wide and as high", "Only a stride does that."),
        wrong("it looks at neighbours", "Its filter covers one pixel."),
        right("it mixes the channels of each pixel", "Each pixel by itself, nothing else."),
    ),
    ask(
        "Where does a separable network save least?",
        wrong("in time", "It saves time, though less than MACs."),
        wrong("in MACs", "There it saves most."),
        right("in RAM", "The pictures between the layers are as large as before."),
    ),
    ask(
        "Why may a 6 not be turned by half a circle for augmentation?",
        wrong(
            "it would be too hard for a network to read",
            "It would be read easily, as something else.",
        ),
        right("it would be a 9 with the label 6", "Only what leaves the label true."),
        wrong("networks cannot learn turns", "They can, if the label stays true."),
    ),
    ask(
        "A network fails on white digits on black paper. The best repair on a board?",
        wrong("train with inverted pictures", "It works, and costs capacity for nothing."),
        right("put the picture right before the network", "The edge tells what the paper is."),
        wrong("a larger network", "It would learn the same numbers."),
    ),
)
