"""Lesson 02, Splits and features."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "You tried ten models on the validation part and kept the best. Is its validation "
        "accuracy what you may tell others?",
        wrong("yes, it was not trained on", "It was chosen on it, and the winner was also lucky."),
        wrong(
            "yes, if there are many windows in that part",
            "Luck shrinks with more people, but stays.",
        ),
        right("no, that is what the test part is for", "Read once, after all choices are made."),
    ),
    ask(
        "Windows overlap by half. Why is dealing them out at random worse still?",
        wrong("because the classes get unbalanced", "They stay about as they were."),
        right(
            "because neighbours share half of their readings",
            "Half of a judge's window has then been learnt from.",
        ),
        wrong("because there are too many", "Their number is not the trouble."),
    ),
    ask(
        "Where may the mean come from that the validation part is standardized with?",
        wrong("from the validation part", "The board will meet one window, not a whole part."),
        wrong("from all parts together", "Then the judges have told the learner something."),
        right("from the training part", "Whatever is learnt from data is learnt there."),
    ),
    ask(
        "Why is the magnitude a good beginning for a feature?",
        wrong("it has less noise", "It has about as much."),
        right("it does not change when the phone is turned", "What does not matter is gone."),
        wrong("it is smaller than three axes", "Room is not the reason."),
    ),
    ask(
        "In a cross-validation two models differ by 0.5 points, and the groups of each by 4. "
        "What do you say?",
        wrong("the first model is better", "Other judges might turn it round."),
        wrong("cross-validation does not work here", "It has just told you what you can know."),
        right("no difference was found", "It is far smaller than what the judges alone do."),
    ),
)
