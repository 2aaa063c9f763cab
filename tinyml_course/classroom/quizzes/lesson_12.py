"""Lesson 12, Keyword spotting."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "Why is the log-mel picture computed in whole numbers?",
        wrong("they sound better", "Nobody hears the picture."),
        wrong("the network takes no floats", "That comes later; its input could be scaled."),
        right("so that laptop and chip get the same bytes", "Only then can a test say *equal*."),
    ),
    ask(
        "What does the mel scale do?",
        right("it lays out frequencies as an ear hears them", "Fine below, coarse above."),
        wrong("it removes the noise that an ear does not hear", "Noise has mel bands too."),
        wrong("it makes the sound louder", "It sorts frequencies, not levels."),
    ),
    ask(
        "A model is right in 95 of 100 clips. How often does it cry wolf in an hour?",
        right("one cannot know from that", "A stream asks thousands of times, of other sounds."),
        wrong("never, if the room is quiet", "Then at least the gate helps."),
        wrong("5 times", "That would be 5 of 100 clips, not of an hour."),
    ),
    ask(
        "What does smoothing cost?",
        right("latency, and some hits", "A short word may be over before the mean is high enough."),
        wrong("nothing", "Waiting makes surer, and slower."),
        wrong("RAM for the whole recording", "It keeps a few answers."),
    ),
    ask(
        "A file of 8 kHz is fed as if it were 16 kHz. What does the network hear?",
        wrong("the same word, less clear", "That is what resampling gives."),
        right("twice as fast and an octave higher", "And it does not complain."),
        wrong("silence", "There is as much sound as before."),
    ),
)
