"""What the shipped motion model says where the phone is carried elsewhere. Lesson 17.

The model learnt from phones at the waist, in a pocket, in a hand and on a wrist, in this order of
frequency. Here new people of the same physics carry it in each of these places alone, and in a bag,
which it has never met. The int8 model answers as its C does: TFLM runs it, and both agree in every
byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.motion import (
    CLASS_NAMES,
    PLACES,
    Mounting,
    cut_windows,
    make_mounting,
    make_person,
    synthesize_recording,
)
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.table import Table

BAG = "bag"
FIRST_PERSON = 500  # beyond all that the model has met
PEOPLE = 20


def make_bag(rng: np.random.Generator) -> Mounting:
    """A bag on a long strap: it swings as an arm does, soft and loose, and rattles."""
    return replace(
        make_mounting(rng, "hand"),
        place="hand",
        lever_m=rng.uniform(0.5, 0.8),
        softness=rng.uniform(0.5, 0.9),
        looseness=rng.uniform(0.5, 1.0),
    )


@dataclass(frozen=True)
class PlaceFigures:
    """The share of windows recognised.

    Attributes:
        recall: by place, then by class.
        windows: of each class in each place.
    """

    recall: dict[str, dict[str, float]]
    windows: int

    @property
    def table(self) -> Table:
        """One row a place, one column a class."""
        rows = [(place, *(f"{v:.3f}" for v in row.values())) for place, row in self.recall.items()]
        return Table(("carried", *CLASS_NAMES), tuple(rows), align="lrrr", rule=True)


def measure_places(people: int = PEOPLE, seconds: float = 8.0, seed: int = 0) -> PlaceFigures:
    """Recall of still, walk and run by where the phone is carried.

    >>> sorted(measure_places(people=1).recall["bag"])
    ['run', 'still', 'walk']
    """
    bundle = Bundle.load_shipped("motion")
    recall: dict[str, dict[str, float]] = {}
    count = 0
    for number, place in enumerate((*PLACES, BAG)):
        recall[place] = {}
        for label, activity in enumerate(CLASS_NAMES):
            windows = []
            for who in range(FIRST_PERSON, FIRST_PERSON + people):
                key = [seed, who, number, label]
                rng = np.random.default_rng(key)
                mounting = make_bag(rng) if place == BAG else make_mounting(rng, place)
                person = make_person(seed, who)
                felt = synthesize_recording(person, activity, seconds, key, mounting)
                windows.append(cut_windows(felt))
            x = np.concatenate(windows)
            inputs = bundle.model.input.quantize(bundle.preprocessing.apply(x))
            said = run_integer_model(bundle.model, inputs).outputs.reshape(len(x), -1)
            recall[place][activity] = float((said.argmax(axis=1) == label).mean())
            count = len(x)
    return PlaceFigures(recall, count)


if __name__ == "__main__":
    print(measure_places().table)
