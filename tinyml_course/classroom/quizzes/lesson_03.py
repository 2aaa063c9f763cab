"""Lesson 03, Training."""

from tinyml_course.classroom.question import ask, right, wrong

QUESTIONS = (
    ask(
        "A dense layer has 100 inputs and 10 neurons. How many parameters?",
        wrong("1,000", "Those are the weights. Each neuron has a bias as well."),
        wrong("1,100", "A bias belongs to a neuron, not to an input."),
        right("1,010", "100 weights for each of 10 neurons, and 10 biases."),
    ),
    ask(
        "Which curve tells whether a training was any good?",
        wrong("the training loss", "It falls for random labels as well."),
        wrong("the accuracy on the training part", "A network that recites has a perfect one."),
        right("the one of the validation part", "It asks people whom the network does not know."),
    ),
    ask(
        "A dense layer does one MAC for each of its weights. And a convolution?",
        wrong(
            "fewer, because its filters are small", "Small filters have few weights, not few MACs."
        ),
        wrong("one for each weight as well", "Each weight is used at every place, not once."),
        right("many: one at each place", "Few weights and, for each, many MACs."),
    ),
    ask(
        "Logistic regression reaches what your network reaches. What now?",
        right(
            "ask whether a network is needed at all",
            "The features did the work; 24 multiplications are cheaper than hundreds.",
        ),
        wrong("train the network longer", "It might learn people by heart."),
        wrong(
            "keep logistic regression out of the report",
            "Then nobody can know what the network is worth.",
        ),
    ),
    ask(
        "Why are layers bent by ReLU?",
        right(
            "because sums of sums are just one sum",
            "Without the bend, many layers could do no more than one.",
        ),
        wrong("to save MACs", "The multiplications are done before the bend."),
        wrong("to keep numbers small", "It only cuts off what is negative."),
    ),
)
