"""Lesson 01, Data from physics."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "What does a phone read that lies still on a table?",
        wrong("1 g downwards", "It feels the push that holds it, not the pull."),
        wrong("0 g, because nothing moves", "It would read that in free fall."),
        right("1 g upwards", "The table pushes it up with just the pull of the earth."),
    ),
    ask(
        "A phone is turned in the pocket. Which of these does not change?",
        right("the length of the acceleration", "A turn keeps lengths: the magnitude."),
        wrong("the mean of the three axes", "It depends on where up lies between them."),
        wrong("the reading on x", "The axes turn with the phone."),
    ),
    ask(
        "A sensor of 12 bits reads from -4 g to +4 g. How wide is one step?",
        right("8 g / 4096, about 2 mg", "2 to the power of 12 numbers share 8 g."),
        wrong("as narrow as the noise", "The grid is there however quiet the sensor is."),
        wrong("8 g / 12", "12 bits make 4096 numbers, not 12."),
    ),
    ask(
        "A forest gets every known window right although the labels were drawn at random. "
        "What has it learnt?",
        wrong("what walking looks like", "The labels say nothing about walking."),
        right("the answers by heart", "That helps with these windows and with no others."),
        wrong("nothing at all", "It has stored an answer for each window."),
    ),
    ask(
        "Why does a model need a window of two seconds instead of one reading?",
        right(
            "because walking is what happens between readings",
            "One reading of a walker can be one of somebody who stands.",
        ),
        wrong("because the board is slow", "The board could answer for each reading."),
        wrong("because one reading is too noisy", "Even a perfect reading would not do."),
    ),
)
