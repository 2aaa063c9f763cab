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
