"""Lesson 05, Pruning."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Nine of ten weights are zero. By how much does the int8 file shrink?",
        wrong("to a tenth", "A zero takes a byte like any other number."),
        right("not at all", "Only what packs the file, gzip, sees the zeros."),
        wrong("to a half", "Nothing is left out of the table."),
    ),
    ask(
        "What makes an answer faster on a chip?",
        wrong("gzip", "It would have to be unpacked first, into RAM."),
        wrong("zeros among the weights", "The chip multiplies with them patiently."),
        right("removing whole neurons", "Smaller tables, fewer multiplications."),
    ),
    ask(
        "Why does the sweep have a row with 0 % zeros that trains on as long as the others?",
        right("as a control", "Otherwise a merit of more training looks like one of pruning."),
        wrong("because the tool wants it", "It is the experiment that wants it."),
        wrong("to see that training works", "That is known already."),
    ),
    ask(
        "A neuron is removed. What goes with it?",
        wrong("one weight", "All that enters and all that leaves it goes."),
        right("a column of one matrix, a row of the next, a bias", "And the tables stay full."),
        wrong("one row of its own matrix", "What enters it is a column."),
    ),
    ask(
        "Half the neurons, cut and tuned: 0.905. From scratch: 0.889. One image is 0.3 points. So",
        wrong("from scratch is better.", "Nothing here says so."),
        right("they are close; more seeds would tell.", "Six images differ, of 380."),
        wrong("cutting is better.", "With another seed the order may turn round."),
    ),
)
