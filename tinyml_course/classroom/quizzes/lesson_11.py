"""Lesson 11, Your own data."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "`record_csv` says: 800 samples, 43 missing. What now?",
        wrong("train with it, it is nearly all there", "A gap may lie just in the gesture."),
        right("find out why the sketch waited, and record again", "Something made it wait."),
        wrong("fill the gaps with zeros", "Then the model learns zeros."),
    ),
    ask(
        "Which part must a person's recordings go into?",
        wrong("some windows into each", "Then the judges know the hand."),
        wrong("training, there are so few people", "Then nobody is left to judge."),
        right("all into one part", "The model will meet hands that it has never seen."),
    ),
    ask(
        "The board is turned by half a circle, flat on the hand. A swipe to the left",
        right("looks like one to the right.", "x and y change their sign."),
        wrong("looks the same.", "The sensor turns with the board."),
        wrong("looks like rest.", "The pushes are as strong as before."),
    ),
    ask(
        "Accuracy over all test people is 0.95. What else do you look at?",
        wrong("the training loss", "It says nothing about people."),
        right("the person who fares worst", "One figure hides somebody for whom nothing works."),
        wrong("the number of parameters", "Important for the board, not for fairness."),
    ),
    ask(
        "Live, the sketch is right less often than in the test. Why?",
        wrong("int8 loses accuracy", "The same int8 model was tested."),
        wrong("the board computes differently", "Every byte was the same."),
        right("its windows begin anywhere in a gesture", "It was trained on whole ones."),
    ),
)
