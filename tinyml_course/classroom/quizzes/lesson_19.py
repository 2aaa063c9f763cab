"""Lesson 19, Security and privacy."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A board keeps the SHA-256 of its model beside the model. What does that find?",
        wrong("a model that somebody copied", "A copy leaves no trace: reading changes nothing."),
        right("a bit that flipped by accident", "The hash no longer fits."),
        wrong("a model that somebody swapped", "Who swaps the model computes a new hash as well."),
    ),
    ask(
        "A thief reads the HMAC key out of one of a thousand boards with the same key. What now?",
        wrong("he can check updates, not make them", "With HMAC, who can check can sign."),
        wrong(
            "nothing, the model is still locked", "He came by the key because nothing was locked."
        ),
        right("he can sign updates for all thousand", "The key is symmetric, and it is the same."),
    ),
    ask(
        "An update has a right tag and the version that is at work already. What now?",
        right("the board refuses it", "It is a replay. Only a higher version is new."),
        wrong(
            "the board takes it: the tag is right",
            "So is the tag of everything that was ever sent.",
        ),
        wrong("the board asks the maker", "There may be no way to ask; the counter decides alone."),
    ),
    ask(
        "40 mg along the gradient change the answer. Which control belongs beside that figure?",
        right("random signs of 40 mg", "The same size, without the knowledge."),
        wrong("a larger nudge", "It changes the answer too, and says nothing about the gradient."),
        wrong(
            "the accuracy on the test part", "It says how often the model is right without nudges."
        ),
    ),
    ask(
        "Eight features of a walk do not change when the phone is turned. And privacy?",
        wrong("nothing can be inferred", "Measured: about ten times chance among thirty people."),
        wrong("they are safer than one answer", "An answer tells less than what it was made of."),
        right("they may still say who it is", "What survives turning is the person's own gait."),
    ),
)
