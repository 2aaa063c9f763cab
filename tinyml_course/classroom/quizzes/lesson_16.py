"""Lesson 16, A pond, three hours ahead."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A forecast of temperature has an R2 of 0.95. Is it good?",
        right("it depends on what persistence gets", "Print the control beside it."),
        wrong("yes, 1 is perfect", "Saying 'as it is now' may have 0.9 as well."),
        wrong("no, a forecast should have 0.99 at least", "No number says that without a control."),
    ),
    ask(
        "Why does the network learn the change and not the value?",
        right("what is known already need not be learnt", "An output of 0 then is persistence."),
        wrong("int8 cannot hold values", "It can, with a scale; a coarser one."),
        wrong("changes are always positive", "They are not; oxygen falls every night."),
    ),
    ask(
        "A probe is stuck. What does the residual of a forecast say?",
        right("it falls", "A forecaster loves a dead sensor. A rule finds it: unchanged for long."),
        wrong("it rises", "A straight line is the easiest thing to foretell."),
        wrong("nothing changes", "Healthy water is harder to foretell than a dead probe."),
    ),
    ask(
        "A probe drifts by 0.3 pH a day. What finds it?",
        wrong("the residual", "The forecast drifts along: it begins at the drifted reading."),
        right("a reference: a known water, a second probe", "From itself it cannot be seen."),
        wrong("a limit on the jump", "Two thousandths of a pH in ten minutes are no jump."),
    ),
    ask(
        "Two networks for the same pond differ by 3 % in error on three days. Which is better?",
        wrong("the one with the smaller error", "Three days are three samples of weather."),
        wrong("the smaller network", "Size does not settle which is better."),
        right("three days cannot tell", "Other seeds, other days, other ponds may."),
    ),
)
