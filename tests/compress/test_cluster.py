import numpy as np
import pytest

from tests.trained import digits, trained_dense
from tinyml_course.compress import cluster
from tinyml_course.errors import TinyMLCourseError


def parts():
    d = digits()
    return d.x_train, d.y_train, d.x_val, d.y_val


def test_few_values_gzip_well_and_flash_does_not_see_them():
    plain, clustered = cluster.sweep_clusters(
        trained_dense(), *parts(), clusters=(8,), epochs=2, progress=False
    )
    assert plain.clusters is None
    assert clustered.different_weights <= 8 < plain.different_weights
    assert clustered.file_bytes == plain.file_bytes
    assert clustered.gzip_bytes < 0.8 * plain.gzip_bytes
    assert clustered.accuracy > plain.accuracy - 0.05


def test_one_cluster_is_refused():
    with pytest.raises(TinyMLCourseError, match="take 2 or more"):
        cluster.cluster_weights(trained_dense(), *parts(), clusters=1)


def test_k_means_beats_the_even_grid_it_begins_with():
    weights = np.random.default_rng(0).standard_normal((20, 30)).astype(np.float32)
    errors = []
    for rounds in (0, 1, 20):
        shared = cluster.share_values(weights, cluster.make_codebook(weights, 8, rounds=rounds))
        assert shared.shape == weights.shape
        assert len(np.unique(shared)) <= 8
        errors.append(np.square(shared - weights).mean())
    assert errors[0] > errors[1] > errors[2]


def test_a_value_that_no_weight_is_near_stays():
    weights = np.array([0.0, 0.1, 10.0])
    np.testing.assert_allclose(cluster.make_codebook(weights, 3), [0.05, 5.0, 10.0])
