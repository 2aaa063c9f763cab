"""Lesson 18, Training on the device."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Why does the board learn the last layer only?",
        right(
            "its step needs nothing but features and probabilities",
            "Earlier layers want the slopes of all layers behind them, and memory for each.",
        ),
        wrong("the other layers are in flash, which cannot be written", "It can, page by page."),
        wrong("the last layer has most weights", "Here it has 51 of 803."),
    ),
    ask(
        "The weights on the board are int32 and not int8. Why?",
        right(
            "a step is smaller than the grid of int8",
            "It would be rounded to nothing, and nothing would be learnt.",
        ),
        wrong("a Cortex-M4 cannot multiply int8", "It can, two or four at a time."),
        wrong("int8 has no negative numbers", "It has: -128 to 127."),
    ),
    ask(
        "An owner labels five windows, all of them walking. Without rehearsal, what happens?",
        right(
            "standing is soon called walking too", "Nothing speaks for the other classes any more."
        ),
        wrong("nothing: one class is no lesson", "The slope is not zero."),
        wrong("walking is known better, the rest stays", "Every weight of every class moves."),
    ),
    ask(
        "What does rehearsal cost on the board?",
        wrong("a second network", "The same head is rehearsed."),
        wrong(
            "the old recordings, seconds of them", "The features are enough: the body is frozen."
        ),
        right(
            "flash for old features, and steps",
            "Some hundred bytes, and as many more steps as there are old examples.",
        ),
    ),
    ask(
        "A board is worn any way round. What would you try first?",
        wrong("let each owner teach it", "That costs labels, and forgets the others."),
        right("turn the windows in training", "It asks nobody, and gave more than labels did."),
        wrong("more bits in the weights", "They decide whether it learns, not what it has seen."),
    ),
)
