"""Lesson 14, Anomaly detection."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A detector tells two recordings apart with AUC 1.0. What is proved?",
        wrong("that it is overfitted", "It may be right about a difference that is really there."),
        right("that the recordings differ", "In what, only controls can say."),
        wrong(
            "that it finds the fault it is made for",
            "Only if nothing else differs between the two.",
        ),
    ),
    ask(
        "Why add an imbalance to healthy windows instead of recording one?",
        right("nothing else differs then", "Same mounting, same hum, same day."),
        wrong("it gives more data", "That is not what was missing."),
        wrong("it is more realistic", "It is less so; that is its price."),
    ),
    ask(
        "A sensor at 119 samples a second shows a line at 19 Hz. The mains have 50 Hz. What is it?",
        wrong("an imbalance at 19 Hz", "Possible, but look at 100 Hz first."),
        wrong("noise of the sensor", "Noise has no line."),
        right("perhaps hum of 100 Hz", "119 - 100 = 19: an alias."),
    ),
    ask(
        "The score of a healthy machine drifts. Should the centre follow it?",
        wrong("no; raise the limit", "Then faults are missed at once."),
        wrong("yes, slowly", "A fault that grows slowly is then learnt as healthy."),
        right("no; learn anew when somebody vouches for it", "Commissioning has a witness."),
    ),
    ask(
        "1 % of healthy windows alarm, one window a second. How many is that a day?",
        wrong("about 14", "That would be one in 100 minutes."),
        right("about 860", "86,400 seconds, one in a hundred."),
        wrong("none, if the median of five is taken", "Fewer; how many, one has to count."),
    ),
)
