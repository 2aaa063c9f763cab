"""Lesson 01, Data from physics: mounting, the sensor's grid, windows, the cadence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _mountings() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(1)
    quarter = np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])  # about y: what was up is now x
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    three = np.array([[0, 0, 1.0], [0.5, 0, 0], [0, 2.0, 0]])
    return [(quarter, three), (turn, rng.normal(size=(5, 3))), (turn, rng.normal(size=(1, 3)))]


def _accelerations() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(3)
    ends = np.array([-9.0, -4.0, -4 + 1 / 512, 3.9, 4 - 1 / 512, 4.0, 9.0])
    return [(rng.uniform(-6, 6, (50, 3)),), (ends,), (rng.uniform(-0.01, 0.01, 20),)]


def _report(accel_g: Array) -> Array:
    codes: Array = np.clip(np.rint(accel_g * 512), -2048, 2047) / 512
    return codes


def _recordings() -> Sequence[tuple[Any, ...]]:
    x = np.random.default_rng(4).normal(size=(500, 3))
    sizes = ((500, 100, 50), (149, 100, 50), (150, 100, 50), (40, 10, 10), (100, 100, 30))
    return [(x[:n], window, hop) for n, window, hop in sizes]


def _windows(recording: Array, window: int, hop: int) -> Array:
    starts = range(0, len(recording) - window + 1, hop)
    return np.stack([recording[s : s + window] for s in starts])


def _spectra() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(5)
    cases = []
    for place, readings in ((37, 1000), (55, 1000), (400, 1000), (61, 700)):
        wave_hz = np.fft.rfftfreq(readings, 1 / 50)
        strength = rng.uniform(0, 20, len(wave_hz))
        strength[place] = 90.0
        cases.append((strength, wave_hz))
    return cases


EXERCISES = (
    Exercise(
        "1.1",
        lambda rotation, forces_g: forces_g @ rotation.T,
        _mountings,
        (
            Mistake(
                lambda rotation, forces_g: forces_g @ rotation,
                "This turns the other way. With one force in each row, the matrix stands on the "
                "right and transposed.",
            ),
            Mistake(
                lambda rotation, forces_g: rotation @ forces_g.T,
                "One force for each column came back. The forces go in as rows and should come "
                "back as rows.",
            ),
            Mistake(
                lambda rotation, forces_g: rotation @ forces_g,
                "`rotation @ f` is right for one force. Many forces stand in rows, and then the "
                "matrix goes to the right.",
            ),
            Mistake(
                lambda rotation, forces_g: forces_g * np.diag(rotation),
                "`*` multiplies number by number. The product of matrices is `@`.",
            ),
            Mistake(
                lambda rotation, forces_g: forces_g,
                "The forces came back unturned.",
            ),
        ),
        (
            "look at the last sentence above the exercise: it names the product",
            "`.T` swaps rows and columns of a matrix",
        ),
    ),
    Exercise(
        "1.2",
        _report,
        _accelerations,
        (
            Mistake(
                lambda accel_g: np.rint(accel_g * 512) / 512,
                "Beyond the range this goes on. The sensor has no number above 2047 or below "
                "-2048: clip.",
            ),
            Mistake(
                lambda accel_g: np.clip(np.rint(accel_g * 512), -2048, 2048) / 512,
                "4096 numbers from -2048 on end at 2047, not at 2048: the 0 is one of them. So 4 g "
                "itself is one step too many.",
            ),
            Mistake(
                lambda accel_g: np.clip(np.rint(accel_g * 512), -2048, 2047),
                "These are the whole steps. They are to be in g again: divide by 512.",
            ),
            Mistake(
                lambda accel_g: np.clip(np.trunc(accel_g * 512), -2048, 2047) / 512,
                "This cuts off what stands behind the point. `np.rint` goes to the nearest step.",
            ),
            Mistake(
                lambda accel_g: np.clip(np.floor(accel_g * 512), -2048, 2047) / 512,
                "`floor` always goes down. `np.rint` goes to the nearest step.",
            ),
            Mistake(
                lambda accel_g: np.clip(accel_g * 512, -2048, 2047) / 512,
                "Between the steps there is nothing: round to whole steps.",
            ),
        ),
        (
            "first to steps, then round, then clip, then back",
            "how many steps is 1 g? multiply by that, and divide by it in the end",
        ),
        tolerance=1e-9,
        blanks=2,
    ),
    Exercise(
        "1.3",
        _windows,
        _recordings,
        (
            Mistake(
                lambda recording, window, hop: _windows(recording[:-1], window, hop),
                "One window is missing where the recording just holds it. `range` stops before "
                "its second number, so add 1.",
            ),
            Mistake(
                lambda recording, window, hop: np.stack(
                    [recording[s : s + window] for s in range(0, len(recording), hop)]
                ),
                "The last windows are cut short, and `np.stack` wants all of one length. Where "
                "must the last window begin?",
            ),
            Mistake(
                lambda recording, window, hop: _windows(recording, window, window),
                "Your windows stand side by side. The next one begins one hop later, not one "
                "window later.",
            ),
            Mistake(
                lambda recording, window, hop: np.stack(
                    [recording[s : s + hop] for s in range(0, len(recording) - window + 1, hop)]
                ),
                "These pieces are one hop long. A window is `window` samples long.",
            ),
            Mistake(
                lambda recording, window, hop: _windows(recording, window, 1),
                "A window begins at every sample here. `range` takes the step as third number.",
            ),
        ),
        (
            "the first window begins at 0; the last one at `len(recording) - window` at most",
            "`np.stack([recording[s : s + window] for s in starts])`, and `starts` is a range",
        ),
        blanks=2,
    ),
    Exercise(
        "1.4",
        lambda strength, wave_hz: wave_hz[strength.argmax()],
        _spectra,
        (
            Mistake(
                lambda strength, wave_hz: strength.argmax(),
                "This is the place in the list. Which frequency stands at that place?",
            ),
            Mistake(
                lambda strength, wave_hz: strength.max(),
                "This says how strong the strongest wave is. Its frequency is wanted.",
            ),
            Mistake(
                lambda strength, wave_hz: wave_hz.max(),
                "This is the highest frequency of all. Which is the strongest?",
            ),
            Mistake(
                lambda strength, wave_hz: strength[wave_hz.argmax()],
                "The two are swapped: look for the place in `strength`, read at it in `wave_hz`.",
            ),
        ),
        (
            "two steps: find the place, then read the frequency there",
            "`strength.argmax()` is the place",
        ),
        tolerance=1e-9,
    ),
)
