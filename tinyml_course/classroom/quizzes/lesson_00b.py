"""Lesson 00b, Python and NumPy."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "`x` has the shape (200, 100, 3). What is the shape of `x.mean(axis=1)`?",
        right("(200, 3)", "The 100 readings become one mean for each window and axis."),
        wrong("(100, 3)", "That would be `axis=0`."),
        wrong("(200, 100)", "Axis 1 is the one that disappears, the 100."),
    ),
    ask(
        "`x` is (4, 3) and `m` is (3,). What does `x - m` do?",
        wrong("takes `m` from each column", "A column has 4 numbers, and `m` has 3."),
        wrong("an error, the shapes differ", "They agree from the right: 3 and 3."),
        right("takes `m` from each row", "Broadcasting uses the short one again and again."),
    ),
    ask(
        "A name is not defined, although you see its cell above. Why?",
        wrong("the notebook is broken", "It only does what was run."),
        right("the cell was not run since the last restart", "Run it, or Run All Above."),
        wrong(
            "cells forget what they defined after a while",
            "They remember until the kernel restarts.",
        ),
    ),
    ask(
        "`scores.argmax(axis=1)` of a table (5, 3) gives",
        right("the place of the largest score of each row.", "Five numbers from 0 to 2."),
        wrong("the largest score of each row.", "That is what `max` gives."),
        wrong(
            "the place of the largest score of the whole table.",
            "That is `argmax()` without an axis.",
        ),
    ),
    ask(
        "Which of these makes random numbers that are the same on every computer?",
        wrong("shuffling a list by hand", "Nobody can do that twice in the same way."),
        right("`np.random.default_rng(7)`", "A generator with a seed of its own."),
        wrong("`np.random.default_rng()`", "Without a seed it begins somewhere else each time."),
    ),
)
