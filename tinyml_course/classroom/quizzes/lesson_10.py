"""Lesson 10, Fit, power and choice."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A board has 1 MB of flash. What may your model take?",
        wrong("1 MB", "The board's own software is there before your first line."),
        wrong("half of it, so that there is room for later", "No rule says so; the table does."),
        right("what the board's own software leaves", "Fit is a subtraction."),
    ),
    ask(
        "Where does int8 matter most?",
        wrong("on a laptop", "It has units for both."),
        wrong("on a processor that has float hardware", "It helps there too, by less."),
        right("on a processor without float hardware", "There a float product is a small program."),
    ),
    ask(
        "The chip is awake for 0.01 % of the time. What does a model twice as fast bring?",
        right("next to nothing", "Sleep and the rest of the board decide."),
        wrong("twice the battery's life", "Only if being awake were what empties it."),
        wrong("half of the life", "Faster does not cost life."),
    ),
    ask(
        "A real-time factor of 1.2 means",
        wrong("it uses 1.2 processors.", "There is only one."),
        right("it falls behind, and never catches up.", "More time is needed than passes."),
        wrong("it is 20 % faster than it would need to be.", "Then it would be below 1."),
    ),
    ask(
        "A table of boards has a current without a source. How do you use it?",
        right("as a guess, until I have measured it", "And the result is a guess as well."),
        wrong("as it is, better than nothing", "It may be off by ten."),
        wrong("I leave out the board", "You could measure it."),
    ),
)
