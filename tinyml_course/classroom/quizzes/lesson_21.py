"""Lesson 21, From PyTorch."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A picture comes as (3, 32, 32), the board wants (32, 32, 3). What do you call?",
        right("transpose(1, 2, 0)", "Each number keeps its row, column and channel."),
        wrong("flatten", "Then the order in memory stays the old one."),
        wrong("reshape(32, 32, 3)", "No number moves: colours and places are mixed up."),
    ),
    ask(
        "The converted file has a PAD before each convolution of stride 2. Why?",
        wrong("it makes the network faster", "It is one more pass over the picture."),
        right(
            "PyTorch pads all four sides, SAME does not",
            "With stride 2 and an even size, SAME pads below and to the right only.",
        ),
        wrong("boards cannot pad inside a convolution", "They can, where SAME describes it."),
    ),
    ask(
        "Where did the batch normalization go?",
        right("into weights and bias of the layer before it", "Both are linear, so one is enough."),
        wrong("into the ReLU6", "That only cuts off below 0 and above 6."),
        wrong(
            "it is left out, and the accuracy drops a little", "Then every value would be wrong."
        ),
    ),
    ask(
        "Which pictures give the quantizer its ranges?",
        right("some of the training part", "They show what each tensor takes."),
        wrong(
            "random numbers do", "They have other ranges, and the lesson measures what that costs."
        ),
        wrong("the test part, it is what counts", "Then the test part has shaped the model."),
    ),
    ask(
        "Equal answers for all pictures in PyTorch and in the float file. What is left to check?",
        wrong("only the size", "A small file can be wrong."),
        wrong("nothing", "The board runs integers, and C that nobody has compared yet."),
        right(
            "the integer file's accuracy, and its C byte by byte", "Each step has its own proof."
        ),
    ),
)
