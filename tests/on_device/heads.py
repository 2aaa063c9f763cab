"""Heads and examples by chance, for tests of learning."""

import numpy as np

from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import LearningSpec


def random_head(classes=4, features=9, seed=0, zero_point=-128, fraction_bits=20, size=2.0):
    rng = np.random.default_rng(seed)
    return Head.from_real(
        rng.normal(0, size, (classes, features)),
        rng.normal(0, 0.5, classes),
        1 / 128,
        zero_point,
        fraction_bits,
    )


def random_examples(head, count, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.integers(-128, 128, (count, head.features)).astype(np.int8)
    return x, rng.integers(0, head.classes, count)


def as_old(x):
    """`(classes, k, features)` as `LearningSpec.old` wants it."""
    return tuple(tuple(tuple(row) for row in one) for one in np.asarray(x).tolist())


def random_spec(head, rate_256=64, passes=2, recent=3, old=2, seed=1):
    rng = np.random.default_rng(seed)
    examples = rng.integers(-128, 128, (head.classes, old, head.features))
    return LearningSpec(rate_256, passes, recent, as_old(examples) if old else ())
