"""Lesson 20, Ten minutes on a stage: what is not ready, and the bytes of a dense layer."""

from __future__ import annotations

from tinyml_course.exercises import Exercise, Mistake

Checks = list[tuple[str, bool]]


def _not_ready(checks: Checks) -> list[str]:
    return [thing for thing, is_ready in checks if not is_ready]


def _bytes(inputs: int, neurons: int) -> int:
    return inputs * neurons + 4 * neurons


EXERCISES = (
    Exercise(
        "20.1",
        _not_ready,
        lambda: [
            ([("compiler", True), ("panel", False), ("page", True), ("sounds", False)],),
            ([("compiler", True), ("emulator", True)],),
            ([("widgets", False), ("bundles", False), ("emulator", False)],),
        ],
        (
            Mistake(
                lambda checks: [thing for thing, is_ready in checks if is_ready],
                "These are the things that work. Who runs to the stage wants the others.",
            ),
            Mistake(
                lambda checks: _not_ready(checks)[:1],
                "The first one is there. What else will fail wants to be known as well.",
            ),
            Mistake(
                lambda checks: [pair for pair in checks if not pair[1]],
                "The right pairs, but only their names are asked for.",
            ),
            Mistake(
                lambda checks: sorted(_not_ready(checks)),
                "The right names, in another order. Keep that of the list.",
            ),
            Mistake(
                lambda checks: len(_not_ready(checks)),
                "That is how many there are. Which ones are they?",
            ),
            Mistake(
                lambda checks: all(is_ready for _, is_ready in checks),
                "Whether all are ready does not say what to repair. Give their names.",
            ),
        ),
        ("go through the pairs, keep some of them", "`for thing, is_ready in checks`"),
    ),
    Exercise(
        "20.2",
        _bytes,
        lambda: [(8, 16), (16, 3), (490, 12), (1, 1)],
        (
            Mistake(
                lambda inputs, neurons: inputs * neurons + neurons,
                "Here each bias has one byte. It is an int32.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons,
                "The biases are missing: one for each neuron.",
            ),
            Mistake(
                lambda inputs, neurons: 4 * (inputs * neurons + neurons),
                "These are the bytes before: float32 everywhere. A weight takes one byte now.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons + 4 * inputs,
                "A bias belongs to a neuron, not to an input.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons + 4,
                "One bias for the whole layer? Each neuron has its own.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons + 32 * neurons,
                "32 is the bits of a bias. How many bytes are that?",
            ),
            Mistake(
                lambda inputs, neurons: inputs + neurons + 4 * neurons,
                "Every input goes to every neuron: that is a product of weights, not a sum.",
            ),
        ),
        ("count the weights and the biases apart", "32 bits are 4 bytes"),
    ),
)
