"""Lesson 09, On the board: a clock that turns over, a serial line, one number out of many."""

from __future__ import annotations

import numpy as np

from tinyml_course.exercises import Exercise, Mistake


def _minutes(bits: int, ticks_a_second: float) -> float:
    return float(2**bits / ticks_a_second / 60)


def _fields(line: str) -> list[list[str]]:
    return [field.split(":") for field in line.split(",")]


EXERCISES = (
    Exercise(
        "9.1",
        _minutes,
        lambda: [(32, 1_000_000), (32, 1_000), (16, 1_000_000), (24, 32_768), (8, 1)],
        (
            Mistake(
                lambda bits, ticks_a_second: 2**bits / ticks_a_second,
                "These are seconds. A minute has 60.",
            ),
            Mistake(
                lambda bits, ticks_a_second: 2**bits / ticks_a_second / 3600,
                "These are hours. Divide by 60 once.",
            ),
            Mistake(
                lambda bits, ticks_a_second: _minutes(bits - 1, ticks_a_second),
                "This is half of it: `micros()` has no sign, so all its bits count.",
            ),
            Mistake(
                lambda bits, ticks_a_second: 2**bits / 1e6 / 60,
                "Right for microseconds only. Take the ticks from the second argument.",
            ),
            Mistake(
                lambda bits, ticks_a_second: bits**2 / ticks_a_second / 60,
                "Two to the power of the bits is `2**bits`.",
            ),
            Mistake(
                lambda bits, ticks_a_second: (2**bits - 1) / ticks_a_second / 60,
                "`2**bits - 1` is the largest number that the counter shows. It is at zero again "
                "one tick later.",
            ),
        ),
        ("how many ticks, how many seconds, how many minutes", "ticks: `2**bits`"),
    ),
    Exercise(
        "9.2",
        lambda line: {name: float(value) for name, value in _fields(line)},
        lambda: [
            ("a:1,b:0.5",),
            ("time_ms:2000,class:1,still:-0.03",),
            ("x:7",),
            ("a:0.12345,b:-2",),
        ],
        (
            Mistake(
                lambda line: dict(_fields(line)),
                "The values are still text: '1' is not 1. `float(...)` makes a number of it.",
            ),
            Mistake(
                lambda line: {name: int(value) for name, value in _fields(line)},
                "`int` cannot read '0.5'. Take `float`.",
            ),
            Mistake(
                lambda line: {float(value): name for name, value in _fields(line)},
                "Names and numbers are swapped: the name is the key.",
            ),
            Mistake(
                lambda line: [float(value) for _, value in _fields(line)],
                "The numbers are right, but their names are lost. A dictionary keeps both.",
            ),
            Mistake(
                lambda line: _fields(line),
                "Well split. Now make a dictionary of names and numbers.",
            ),
            Mistake(
                lambda line: {line.split(":")[0]: float(line.split(":")[1])},
                "Split at the commas first: a line has several pairs.",
            ),
        ),
        ("split at the commas, then each piece at the colon", "`float(value)` makes the number"),
    ),
    Exercise(
        "9.3",
        lambda latency_us: float(np.median(latency_us)),
        lambda: [
            (np.array([100.0, 101, 950, 99, 100, 102, 98]),),
            # neither the first nor the middle as it came is one of the middle when sorted
            (np.array([40.0, 35, 5000, 20, 21, 30.4567]),),
            (np.array([7.0]),),
        ],
        (
            Mistake(
                lambda latency_us: float(np.mean(latency_us)),
                "One interruption pulls the mean far up. Which number does not care how long "
                "the longest took?",
            ),
            Mistake(
                lambda latency_us: float(np.min(latency_us)),
                "The smallest is the luckiest. Half of all inferences should take no longer.",
            ),
            Mistake(
                lambda latency_us: float(np.max(latency_us)),
                "The largest is the unluckiest: just one that was interrupted.",
            ),
            Mistake(
                lambda latency_us: float(latency_us[len(latency_us) // 2]),
                "The middle of the list as it came is chance. Sort it first, or ask NumPy.",
            ),
            Mistake(
                lambda latency_us: float(np.sort(latency_us)[len(latency_us) // 2]),
                "Nearly: with an even number of values there are two in the middle. Take their "
                "mean, or let NumPy do it.",
            ),
            Mistake(
                lambda latency_us: float(np.sort(latency_us)[(len(latency_us) - 1) // 2]),
                "Well sorted. With an even number of values this is the lower of the two in the "
                "middle: take the mean of both.",
            ),
        ),
        ("half of the values are below it, half above", "NumPy has a function of that name"),
    ),
)
