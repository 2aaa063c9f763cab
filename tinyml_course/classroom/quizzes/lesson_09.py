"""Lesson 09, On the board."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A sketch waits with `delay(20)` after each sample. What goes wrong?",
        right(
            "it samples too slowly, and the readings do not show it",
            "Each round takes 20 ms and the work.",
        ),
        wrong("the lamp stays dark", "It may still blink, between the waits."),
        wrong("nothing, 20 ms are 50 Hz", "The work comes on top of the 20 ms."),
    ),
    ask(
        "Readings of 33 Hz are read as if they were 50 Hz. The walker seems",
        wrong("slower.", "Fewer readings for a step look like a shorter step."),
        wrong("as before.", "The model knows no time but the count of readings."),
        right("faster.", "The same steps lie in fewer readings."),
    ),
    ask(
        "Why `(int32_t)(micros() - next) < 0` instead of `micros() < next`?",
        right("it stays right when the clock begins again at 0", "After about 71 minutes."),
        wrong("signed numbers are more exact", "Both are whole numbers."),
        wrong("it is faster", "Speed is not the point."),
    ),
    ask(
        "What does accuracy *on the device* mean?",
        wrong("a few gestures looked right", "A few prove little."),
        wrong("the accuracy that stands in the log of the training", "That was another program."),
        right(
            "the whole test set went through the device", "Its answers were compared one by one."
        ),
    ),
    ask(
        "Which latency do you report?",
        wrong("the smallest", "That was the luckiest one."),
        wrong("the mean with the sensor read inside", "Then you have timed the sensor."),
        right("the median of the inference alone", "And whether it was measured or estimated."),
    ),
)
