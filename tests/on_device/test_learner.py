"""SGD in whole numbers: it goes the way of SGD in real ones, remembers, forgets, rehearses."""

import numpy as np
import pytest

from tests.on_device.heads import as_old, random_examples, random_head, random_spec
from tinyml_course.errors import DataError
from tinyml_course.on_device.head import INT32, Head
from tinyml_course.on_device.learner import Learner, LearningSpec


def real_step(weights, bias, x, label, rate):
    logits = weights @ x + bias
    p = np.exp(logits - logits.max())
    p /= p.sum()
    p[label] -= 1
    return weights - rate * np.outer(p, x), bias - rate * p


def test_a_thousand_steps_stay_beside_those_in_real_numbers():
    head = random_head()
    learner = Learner(head, random_spec(head, rate_256=32))
    weights, bias = head.weights / 2**20, head.bias / 2**20
    x, labels = random_examples(head, 1000)
    for features, label in zip(x, labels, strict=True):
        learner.step(features, int(label))
        weights, bias = real_step(weights, bias, (features + 128.0) / 128, label, 32 / 256)
    assert np.abs(learner.weights / 2**20 - weights).max() < 5e-3
    assert np.abs(learner.weights - head.weights).max() > 2**19  # it went somewhere


def test_one_step_by_hand():
    """Two classes, no weight, one feature of 1: both are at 1/2, so each moves by rate / 2."""
    head = Head(np.zeros((2, 1), np.int32), np.zeros(2, np.int32), -128)
    learner = Learner(head, LearningSpec(rate_256=64, passes=1, recent=1))
    learner.step(np.array([0], np.int8), 1)
    assert learner.weights.ravel().tolist() == [-(1 << 20) // 8, (1 << 20) // 8]
    assert learner.bias.tolist() == learner.weights.ravel().tolist()
    assert learner.probabilities(np.array([0], np.int8))[1] > 16384


def test_with_too_few_bits_a_small_step_is_none():
    x, label = np.array([-118], np.int8), 0  # a feature of 10 steps
    for bits, moves in ((8, False), (20, True)):
        head = Head(np.zeros((2, 1), np.int32), np.zeros(2, np.int32), -128, bits)
        learner = Learner(head, LearningSpec(rate_256=8, passes=1, recent=1))
        learner.step(x, label)
        assert bool(learner.weights.any()) is moves


def test_weights_stop_at_the_ends_of_32_bits():
    head = Head(np.full((2, 2), INT32.max, np.int32), np.zeros(2, np.int32), -128)
    learner = Learner(head, LearningSpec(rate_256=256, passes=1, recent=1))
    for _ in range(20):
        learner.step(np.array([127, 127], np.int8), 0)
    assert learner.weights.max() == INT32.max
    learner.step(np.array([127, 127], np.int8), 1)
    assert learner.weights.max() <= INT32.max


def two_clouds(head, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 200)
    x = np.where(y[:, None] == 0, -100, 60) + rng.normal(0, 20, (200, head.features))
    return np.clip(x, -128, 127).astype(np.int8), y


def test_one_class_alone_makes_it_forget_the_other_and_rehearsal_does_not():
    start = Head(np.zeros((2, 6), np.int32), np.zeros(2, np.int32), -128)
    x, y = two_clouds(start)
    teacher = Learner(start, LearningSpec(rate_256=64, passes=1, recent=5))
    for features, label in zip(x[:40], y[:40], strict=True):
        teacher.learn(features, int(label))
    head = Head(teacher.weights.astype(np.int32), teacher.bias.astype(np.int32), -128)
    old = as_old(np.stack([x[:100][y[:100] == c][:5] for c in (0, 1)]))
    accuracy = {}
    for name, examples in (("plain", ()), ("rehearsed", old)):
        learner = Learner(head, LearningSpec(rate_256=64, passes=8, recent=5, old=examples))
        assert (learner.predict(x) == y).mean() > 0.95
        for _ in range(30):  # somebody moved: class 1 now looks like 0 did
            learner.learn(np.full(6, -98, np.int8), 1)
        accuracy[name] = (learner.predict(x) == y).mean()
        learner.forget()
        assert np.array_equal(learner.weights, head.weights)
        assert not learner.seen.any()
    assert accuracy["plain"] < 0.6
    assert accuracy["rehearsed"] > accuracy["plain"] + 0.2


def test_the_memory_is_a_ring_and_old_and_new_take_turns():
    head = random_head(classes=2, features=2)
    old = as_old(np.arange(8).reshape(2, 2, 2))
    learner = Learner(head, LearningSpec(rate_256=1, passes=1, recent=3, old=old))
    for k in range(4):
        learner.learn(np.full(2, 10 + k, np.int8), 0)
    assert learner.recent[0, :, 0].tolist() == [13, 11, 12]
    assert learner.seen.tolist() == [4, 0]
    turns = [(int(x[0]), label) for x, label in learner.remembered()]
    assert turns == [(13, 0), (0, 0), (4, 1), (11, 0), (2, 0), (6, 1), (12, 0)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate_256": 0}, "rate_256 is 0"),
        ({"rate_256": 257}, "rate_256 is 257"),
        ({"passes": 0}, "passes is 0"),
        ({"recent": 65}, "recent is 65"),
        ({"old": (((1,),), ((1,), (2,)))}, "as many of each class"),
        ({"old": (((1,),), ((1, 2),))}, "all equally long"),
        ({"old": (((128,),), ((1,),))}, "no int8"),
    ],
)
def test_a_spec_that_cannot_be_is_refused(change, message):
    values = {"rate_256": 1, "passes": 1, "recent": 1, "old": ()} | change
    with pytest.raises(DataError, match=message):
        LearningSpec(**values)


def test_what_is_not_the_heads_is_refused():
    head = random_head()
    with pytest.raises(DataError, match="old examples of 4 classes and 8 features"):
        Learner(head, random_spec(random_head(features=8)))
    learner = Learner(head, random_spec(head))
    with pytest.raises(DataError, match="9 int8 features"):
        learner.predict(np.zeros((2, 8), np.int8))
    with pytest.raises(DataError, match="9 int8 features"):
        learner.learn(np.zeros(9), 0)
    with pytest.raises(DataError, match="label 4"):
        learner.learn(np.zeros(9, np.int8), 4)
    with pytest.raises(DataError, match="one example"):
        learner.step(np.zeros((1, 9), np.int8), 0)


def test_a_spec_is_written_and_read():
    spec = random_spec(random_head())
    assert LearningSpec.from_json(spec.to_json()) == spec
    with pytest.raises(DataError, match="passes missing"):
        LearningSpec.from_json({"rate_256": 1, "recent": 1})
