import numpy as np
import pytest

from tests.trained import digits, trained_dense
from tinyml_course import training
from tinyml_course.compress import distill
from tinyml_course.errors import TinyMLCourseError


def test_softening_keeps_the_order_and_evens_out():
    p = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]])
    soft = distill.soften(p, 3.0)
    np.testing.assert_allclose(soft.sum(axis=1), 1)
    assert np.array_equal(soft.argsort(axis=1)[0], p.argsort(axis=1)[0])
    assert soft[0].max() < 0.7
    np.testing.assert_allclose(distill.soften(p, 1.0), p, atol=1e-9)
    # softmax(z / T) from softmax(z)
    z = np.array([[2.0, -1.0, 0.5]])
    softmax = lambda z: np.exp(z) / np.exp(z).sum()  # noqa: E731
    np.testing.assert_allclose(distill.soften(softmax(z), 2.5), softmax(z / 2.5))
    with pytest.raises(TinyMLCourseError, match="not positive"):
        distill.soften(p, 0)


def test_a_student_learns_from_answers_alone():
    d = digits()
    student = training.build_dense((64,), 10, hidden=(16,), seed=5)
    distill.distill(
        trained_dense(), student, d.x_train, d.x_val, d.y_val, epochs=8, learning_rate=0.005
    )
    answers = training.predict_scores(student, d.x_test).argmax(axis=1)
    teacher = training.predict_scores(trained_dense(), d.x_test).argmax(axis=1)
    assert np.mean(answers == teacher) > 0.85


@pytest.mark.slow
def test_gain_with_few_labels_and_none_with_the_same():
    d = digits()
    result = distill.compare_distillation(
        lambda: training.build_dense((64,), 10, hidden=(64, 32)),
        lambda: training.build_dense((64,), 10, hidden=(16,)),
        d.x_train, d.y_train, d.x_val, d.y_val, labels=100, epochs=8, learning_rate=4e-3,
    )  # fmt: skip
    assert result.distilled > result.few_labels + 0.02
    assert result.distilled < result.all_labels + 0.03
    assert "teacher's answers" in str(result)
