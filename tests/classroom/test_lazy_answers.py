"""Nobody passes by guessing, and nobody is told a mistake that was not made.

What guesses are told is stored in `what_lazy_answers_hear.txt`, to be read by a person: each line
must be true of whoever gives that answer. `python -m tests.classroom.test_lazy_answers` writes it.
"""

import inspect
from pathlib import Path

import pytest

from tests.classroom.lazy_answers import lazy_answers
from tinyml_course.classroom.exercises import exercises_of, list_lessons
from tinyml_course.exercises import State, judge

HEARD = Path(__file__).with_name("what_lazy_answers_hear.txt")
EXERCISES = [exercise for lesson in list_lessons() for exercise in exercises_of(lesson)]

ROUNDED = ("rounded to 0", "rounded to 1", "rounded to 2", "rounded to 3")
TO_INTEGERS = ("cut off", "rounded down", "rounded up")
TO_WHO_ROUNDS = (
    "Right, but rounded. Return it in full; round where you print it.",
    "Right, but what stands behind the point is lost. Return it in full; round where you print it.",
)

# What is right by what is asked, and not by chance: whole numbers are rounded already, and so on.
WHOLE = (
    "3.3 3.4 4.2 4.4 4.5 5.3 7.2 8.1 8.2 8.4 10.1 11.2 12.1 12.2 13.3 15.2 15.3 16.3 17.2 17.3 "
    "18.3 20.2"
)
NEVER_NEGATIVE = (
    "0.1 0.2 1.4 2.2 3.1 3.2 3.3 3.4 4.5 5.2 5.3 6.2 7.3 8.3 9.1 9.3 10.2a 10.2b 11.2 11.3 12.1 "
    "12.2 12.3 13.3 13.4 14.1 14.3 15.1 15.2 16.3 17.2 20.2"
)
RIGHT = {
    **dict.fromkeys((*ROUNDED, *TO_INTEGERS), WHOLE.split()),
    "without signs": NEVER_NEGATIVE.split(),
    "sorted, of the result": ["3.4", "5.3", "12.2", "14.3"],  # the order that is asked for
    "the median of latency_us": ["9.3"],  # the answer itself
}


def judge_all(exercise):
    """Name and verdict of each guess."""
    names = list(inspect.signature(exercise.reference).parameters)
    names = names[: len(exercise.make_cases()[0])]
    return {name: judge(exercise, answer) for name, answer in lazy_answers(exercise, names)}


@pytest.fixture(scope="module")
def verdicts():
    return {exercise.name: judge_all(exercise) for exercise in EXERCISES}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_no_guess_passes(verdicts, exercise):
    for name, verdict in verdicts[exercise.name].items():
        is_right = exercise.name in RIGHT.get(name, ())
        assert verdict.state is (State.CORRECT if is_right else State.WRONG), name


def test_what_a_guess_is_told_was_read(verdicts):
    assert HEARD.read_text() == render(verdicts), "python -m tests.classroom.test_lazy_answers"


def test_who_rounds_is_told_so_in_every_exercise(verdicts):
    told = 0
    for exercise in EXERCISES:
        for name in ROUNDED:
            named = verdicts[exercise.name].get(name)
            if named and named.sentences[1:]:
                assert named.sentences[1] in TO_WHO_ROUNDS, (exercise.name, name)
                told += 1
    assert told >= 100


def render(verdicts) -> str:
    lines = [
        f"{exercise} | {name} | {verdict.sentences[1]}"
        for exercise, guesses in verdicts.items()
        for name, verdict in guesses.items()
        if verdict.sentences[1:] and name not in ROUNDED
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    HEARD.write_text(render({exercise.name: judge_all(exercise) for exercise in EXERCISES}))
