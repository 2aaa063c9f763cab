"""Lesson 21, From PyTorch."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A picture comes as (3, 32, 32), the board wants (32, 32, 3). What do you call?",
        wrong("reshape(32, 32, 3)", "No number moves: colours and places are mixed up."),
        right("transpose(1, 2, 0)", "Each number keeps its row, column and channel."),
        wrong("flatten", "Then the order in memory stays the old one."),
    ),
    ask(
        "The converted file has a PAD before each convolution of stride 2. Why?",
        right(
            "PyTorch pads all four sides, SAME does not",
            "With stride 2 and an even size, SAME pads below and to the right only.",
        ),
        wrong("boards cannot pad inside a convolution", "They can, where SAME describes it."),
        wrong("it makes the network faster", "It is one more pass over the picture."),
    ),
    ask(
        "Where did the batch normalization go?",
        wrong("it is left out, and accuracy drops a little", "Then every value would be wrong."),
        right("into weights and bias of the layer before it", "Both are linear, so one is enough."),
        wrong("into the ReLU6", "That only cuts off below 0 and above 6."),
    ),
    ask(
        "Which pictures give the quantizer its ranges?",
        right("some of the training part", "They show what each tensor takes."),
        wrong("the test part, it is what counts", "Then the test part has shaped the model."),
        wrong(
            "random numbers do", "They have other ranges, and the lesson measures what that costs."
        ),
    ),
    ask(
        "Equal answers for all pictures in PyTorch and in the float file. What is left to check?",
        wrong("nothing", "The board runs integers, and C that nobody has compared yet."),
        right(
            "the integer file's accuracy, and its C byte by byte", "Each step has its own proof."
        ),
        wrong("only the size", "A small file can be wrong."),
    ),
)
