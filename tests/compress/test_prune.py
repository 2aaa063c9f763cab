from functools import cache

import numpy as np
import pytest

from tests.trained import digits, fit_digits, trained_conv1d
from tinyml_course import training
from tinyml_course.compress import prune
from tinyml_course.errors import TinyMLCourseError


def parts():
    d = digits()
    return d.x_train, d.y_train, d.x_val, d.y_val


@cache
def large():
    model = training.build_dense((64,), 10, hidden=(48, 24))
    fit_digits(model, epochs=8)
    return model


def val_accuracy(model) -> float:
    return training.accuracy(training.predict_scores(model, digits().x_val), digits().y_val)


@pytest.mark.parametrize("share", [0.0, 0.31, 0.9, 1.0])
def test_the_smallest_weights_go_and_the_others_stay(share):
    weights = np.random.default_rng(0).standard_normal((7, 9))
    pruned = prune.zero_smallest(weights, share)
    kept = pruned != 0
    assert np.count_nonzero(~kept) == round(63 * share)
    np.testing.assert_array_equal(pruned[kept], weights[kept])
    assert np.abs(weights[~kept]).max(initial=0) <= np.abs(weights[kept]).min(initial=np.inf)


def test_half_the_weights_go_and_the_accuracy_stays():
    before = large().get_weights()
    pruned = prune.prune_magnitude(large(), *parts(), sparsity=0.5, epochs=4, batch_size=32)
    nonzero, total = prune.count_weights(pruned)
    assert nonzero == pytest.approx(total / 2, rel=0.01)
    assert val_accuracy(pruned) > val_accuracy(large()) - 0.04
    assert all(np.array_equal(a, b) for a, b in zip(before, large().get_weights(), strict=True))


def test_flash_does_not_see_zeros_and_gzip_does():
    sweep = prune.sweep_magnitude_pruning(
        large(), *parts(), sparsities=(0.0, 0.9), epochs=3, batch_size=32, progress=False
    )
    dense, sparse = sweep
    assert sparse.sparsity == pytest.approx(0.9, abs=0.01)
    assert sparse.nonzero_weights < dense.nonzero_weights / 8
    assert sparse.file_bytes == dense.file_bytes
    assert sparse.gzip_bytes < 0.6 * dense.gzip_bytes
    assert "90%" in str(sweep)


def test_keeping_every_neuron_changes_nothing():
    same = prune.remove_neurons(large(), (48, 24))
    x = digits().x_val[:20]
    np.testing.assert_allclose(
        training.predict_scores(same, x), training.predict_scores(large(), x), atol=1e-6
    )


def test_neurons_that_nobody_hears_go_first():
    model = training.build_dense((64,), 10, hidden=(8, 6))
    weights = model.get_weights()
    weights[2][[1, 4]] = 0  # nothing leaves neurons 1 and 4 of the first layer
    weights[0][:, 6] = 0  # nothing but its bias enters neuron 6
    model.set_weights(weights)
    smaller = prune.remove_neurons(model, (5, 6))
    np.testing.assert_array_equal(smaller.get_weights()[0], weights[0][:, [0, 2, 3, 5, 7]])
    x = digits().x_val[:20]
    np.testing.assert_allclose(
        training.predict_scores(smaller, x), training.predict_scores(model, x), atol=1e-6
    )


def test_structured_pruning_shrinks_the_file_and_fine_tuning_repairs():
    (row,) = prune.compare_structured_pruning(
        large(), *parts(), shapes=((16, 12),), epochs=6, scratch_epochs=4, batch_size=32
    )
    assert row.parameters == 64 * 16 + 16 + 16 * 12 + 12 + 12 * 10 + 10
    assert row.file_bytes < 4000
    assert row.tuned_accuracy > row.cut_accuracy + 0.1
    assert row.tuned_accuracy > 0.85


def test_what_cannot_be_pruned_is_refused():
    with pytest.raises(TinyMLCourseError, match="not a share"):
        prune.prune_magnitude(large(), *parts(), sparsity=1.0)
    with pytest.raises(TinyMLCourseError, match=r"cannot keep \(49, 2\) neurons of \(48, 24\)"):
        prune.remove_neurons(large(), (49, 2))
    with pytest.raises(TinyMLCourseError, match="Conv1D"):
        prune.remove_neurons(trained_conv1d(), (4, 4))
