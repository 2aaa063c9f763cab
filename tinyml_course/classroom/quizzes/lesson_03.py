"""Lesson 03, Training."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A dense layer has 100 inputs and 10 neurons. How many parameters?",
        wrong("1,000", "Those are the weights. Each neuron has a bias as well."),
        right("1,010", "100 weights for each of 10 neurons, and 10 biases."),
        wrong("1,100", "A bias belongs to a neuron, not to an input."),
    ),
    ask(
        "Which curve tells whether a training was any good?",
        right("the one of the validation part", "It asks people whom the network does not know."),
        wrong("the training loss", "It falls for random labels as well."),
        wrong("the training accuracy", "A network that recites has a perfect one."),
    ),
    ask(
        "Compared with a dense layer, a convolution has",
        wrong("more weights and more MACs", "It uses few weights again at many places."),
        wrong("fewer weights and fewer MACs", "Each weight is used at every place."),
        right("few weights and many MACs.", "Cheap in flash, expensive in time."),
    ),
    ask(
        "Logistic regression reaches what your network reaches. What now?",
        wrong("train the network longer", "It might learn people by heart."),
        right(
            "ask whether a network is needed at all",
            "The features did the work; 24 multiplications are cheaper than hundreds.",
        ),
        wrong("do not mention it", "Then nobody can know what the network is worth."),
    ),
    ask(
        "Why are layers bent by ReLU?",
        wrong("to keep numbers small", "It only cuts off what is negative."),
        right(
            "because sums of sums are just one sum",
            "Without the bend, many layers could do no more than one.",
        ),
        wrong("to save MACs", "The multiplications are done before the bend."),
    ),
)
