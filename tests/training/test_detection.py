"""A detector's maths on cases known by hand, and an autoencoder whose C is TFLM's."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tinyml_course.compress.quantize import convert_int8, representative_dataset
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.features import Preprocessing, Standardize, VibrationFeatures
from tinyml_course.training import area_under_curve, build_autoencoder, count_macs
from tinyml_course.training.detection import (
    commission_example,
    commission_features,
    compare_methods,
    find_commissioning,
    judge_alarms,
    pack_answers,
    score_detection,
)


@pytest.fixture(scope="module")
def data():
    """Two machines of noise; the second is louder, and its fault is a line."""
    rng = np.random.default_rng(0)
    t = np.arange(120) / 119
    x, y, groups = [], [], []
    for name, level in (("a", 0.002), ("b", 0.01)):
        for label, count in ((0, 60), (1, 20)):
            noise = rng.normal(0, level, (count, 120, 3)) + np.array([0, 0, 1])
            line = label * 2 * level * np.sin(2 * np.pi * 5 * t + rng.uniform(0, 6, (count, 1)))
            x.append(noise + line[:, :, None])
            y += [label] * count
            groups += [name] * count
    return Dataset(
        np.concatenate(x), y, groups, 119.0, ("healthy", "imbalance"), ("ax", "ay", "az"), "g"
    )


def test_the_area_is_scikit_learns():
    rng = np.random.default_rng(1)
    scores, y = rng.integers(0, 9, 300), rng.integers(0, 2, 300).astype(bool)
    assert area_under_curve(scores, y) == pytest.approx(roc_auc_score(y, scores))
    with pytest.raises(DataError, match="samples of both kinds"):
        area_under_curve(scores, np.ones(300, bool))


def test_the_first_half_of_the_healthy_windows_is_commissioning(data):
    learnt = find_commissioning(data)
    for group in "ab":
        mine = np.flatnonzero((data.groups == group) & (data.y == 0))
        assert learnt[mine].tolist() == [True] * 30 + [False] * 30
    assert not learnt[data.y == 1].any()
    few = data.subset(np.r_[0:15, 60:80])
    with pytest.raises(DataError, match="a has 15 windows of 'healthy'; 16 are the least"):
        find_commissioning(few)


def chain():
    return Preprocessing((VibrationFeatures(), Standardize()))


def test_each_machine_is_judged_by_its_own_minute(data):
    z = commission_features(chain(), data)
    learnt = find_commissioning(data)
    for group in "ab":
        mine = z[learnt & (data.groups == group)]
        assert np.allclose(mine.mean(axis=0), 0, atol=1e-4)
        assert np.allclose(mine.std(axis=0), 1, atol=1e-3)
    zeros = np.zeros_like(z)
    assert score_detection(zeros, pack_answers(z, data)) > 0.99
    right = judge_alarms(zeros, z, data)[~learnt]
    assert right.mean() > 0.9
    found = compare_methods(z, data, zeros).methods
    assert list(found) == ["autoencoder", "z-score", "Mahalanobis", "RMS"]
    assert found["autoencoder"] == found["z-score"]  # a network that gives nothing back
    assert found["z-score"].auc["imbalance"] > 0.99


def test_a_bundle_carries_one_installation(data):
    preprocessing, is_example = commission_example(chain(), data)
    assert set(data.groups[is_example]) == {"a"}
    expected = commission_features(chain(), data)[is_example]
    assert np.array_equal(preprocessing.apply(data.x[is_example]), expected)


def test_an_autoencoder_gives_back_its_shape_and_its_c_is_tflm():
    model = build_autoencoder((24,), 24)
    assert model.count_params() == 1022
    assert count_macs(model) == 24 * 16 + 16 * 6 + 6 * 16 + 16 * 24
    with pytest.raises(DataError, match="not 6"):
        build_autoencoder((24,), 6)
    x = np.random.default_rng(0).normal(0, 1, (200, 24)).astype(np.float32)
    content = convert_int8(model, representative_dataset(x))
    assert verify_model(content, samples=8).bytes_differing == 0


def test_healthy_windows_of_all_kinds_are_needed(data):
    with pytest.raises(DataError, match="0 windows of 'healthy'"):
        find_commissioning(replace(data, y=np.ones(len(data), int)))
