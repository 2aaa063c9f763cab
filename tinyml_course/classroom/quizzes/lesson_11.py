"""Lesson 11, Your own data."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "`record_csv` says: 800 samples, 43 missing. What now?",
        right("find out why the sketch waited, and record again", "Something made it wait."),
        wrong("fill the gaps with zeros", "Then the model learns zeros."),
        wrong("train with it, it is nearly all there", "A gap may lie just in the gesture."),
    ),
    ask(
        "Which part must a person's recordings go into?",
        wrong("training, there are so few people", "Then nobody is left to judge."),
        right("all into one part", "The model will meet hands that it has never seen."),
        wrong("some windows into each", "Then the judges know the hand."),
    ),
    ask(
        "The board is turned by half a circle, flat on the hand. A swipe to the left",
        wrong("looks the same, as it is the same push.", "The sensor turns with the board."),
        right("looks like one to the right.", "x and y change their sign."),
        wrong("looks like rest.", "The pushes are as strong as before."),
    ),
    ask(
        "Accuracy over all test people is 0.95. What else do you look at?",
        right("the person who fares worst", "One figure hides somebody for whom nothing works."),
        wrong("the number of its parameters", "Important for the board, not for fairness."),
        wrong("the training loss", "It says nothing about people."),
    ),
    ask(
        "A sketch is right in one stranger's hand, and often wrong in another's. What helps?",
        wrong("more epochs with the same recordings", "It would know the old hands still better."),
        right("recordings of more hands", "What it has not met, it cannot know."),
        wrong("float instead of int8 on the board", "The board gave what the tested model gives."),
    ),
)
