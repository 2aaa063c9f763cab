"""Lesson 07, A model as a C array."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "What does a missing `const` cost?",
        wrong("time at each inference", "RAM is not slower than flash."),
        wrong("flash: the array is stored there twice", "Flash holds it once in either case."),
        right("RAM: as much as the model is long", "It is copied there before the program begins."),
    ),
    ask(
        "`arena_used_bytes()` says 1,696. You write 1,696 into the sketch. What happens?",
        wrong("it runs, but more slowly", "There is no slower way with less memory."),
        wrong("it just fits", "That is the use afterwards, not the need at the start."),
        right("it does not start", "Setting up takes some hundred bytes more for a moment."),
    ),
    ask(
        "Why are only two operators added to the resolver for three dense layers with ReLU?",
        wrong(
            "one operator more would be an error at the start", "More would only take more flash."
        ),
        right(
            "FULLY_CONNECTED and SOFTMAX are all there is",
            "ReLU is part of the layer before it, and three layers share one operator.",
        ),
        wrong("ReLU is free on this chip", "It is a clamp inside the dense layer."),
    ),
    ask(
        "What is `alignas(16)` for?",
        wrong("it makes the array shorter", "It may even leave a few bytes unused."),
        right(
            "fields are read in place, at addresses that suit them", "Some chips fault otherwise."
        ),
        wrong("it hides the array from other files", "That is what `static` does."),
    ),
    ask(
        "How do you know that the header still holds the same model?",
        wrong("it has the same length", "Other weights have the same length."),
        wrong(
            "the accuracy on the test set is about the same",
            "Then one never knows what 'about' hides.",
        ),
        right("golden vectors give the same bytes", "And its SHA-256 stands in the comment."),
    ),
)
