"""Lesson 15, Trees and gas."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Why does dividing by the conductance in air help weeks later?",
        wrong("it makes the numbers smaller", "Smaller numbers drift as much."),
        right("the bead's size and most of its age cancel", "They stand above and below the line."),
        wrong("air is always the same", "It is not: warmth and damp differ from day to day."),
    ),
    ask(
        "scikit-learn has the threshold -1.5. What does the C ask of an int8?",
        right("x <= -2", "The floor: every integer takes the same way."),
        wrong("x <= -1", "Then -1 would go left, and -1 <= -1.5 is false."),
        wrong("x < -2", "Then -2 would go right, and -2 <= -1.5 is true."),
    ),
    ask(
        "Why compare leaves and not classes?",
        wrong("it is faster", "It takes as long."),
        right("two leaves may hold the same class", "A wrong way can end in the right answer."),
        wrong(
            "classes are words, and a board has integers", "On a board they are integers as well."
        ),
    ),
    ask(
        "A tree with five times the nodes, as a table. What happens to the time of an answer?",
        wrong("five times as long", "Only the nodes on one way are asked."),
        wrong("nothing", "A larger tree is usually deeper."),
        right("it grows with the depth", "One question a level, whatever stands elsewhere."),
    ),
    ask(
        "Old data and 20 new labels give 0.95; the 20 alone give 0.91. What do you report?",
        right("both", "What the method adds to its labels is the difference."),
        wrong("0.91, to be careful", "The better figure is real as well."),
        wrong("0.95, thanks to adaptation", "Most of that comes from the labels alone."),
    ),
)
