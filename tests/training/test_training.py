import subprocess
import sys

import numpy as np
import pytest

from tests.trained import digits, fit_digits, trained_conv1d, trained_dense
from tinyml_course import training
from tinyml_course.errors import DataError
from tinyml_course.observe import plots
from tinyml_course.training import fitting


def test_models_have_the_sizes_that_the_lessons_quote():
    assert training.build_dense((8,), 3).count_params() == 867
    conv = training.build_conv1d((100, 4), 3)
    assert 2000 < conv.count_params() < 2500
    momenta = [layer.momentum for layer in conv.layers if hasattr(layer, "momentum")]
    assert momenta == [0.9] * 3


def test_macs_are_weights_times_positions():
    # stride 2 halves the positions: 50, 25 and 13 of them
    by_hand = 50 * 7 * 4 * 8 + 25 * 5 * 8 * 16 + 13 * 5 * 16 * 16 + 16 * 3
    assert training.count_macs(training.build_conv1d((100, 4), 3)) == by_hand
    keras = training.import_keras()
    depthwise = [keras.layers.Input((8, 8, 3)), keras.layers.DepthwiseConv2D(3, padding="same")]
    assert training.count_macs(keras.Sequential(depthwise)) == 8 * 8 * 3 * 3 * 3


def test_macs_of_an_unknown_layer_are_refused():
    keras = training.import_keras()
    recurrent = keras.Sequential([keras.layers.Input((5, 2)), keras.layers.GRU(3, name="memory")])
    with pytest.raises(DataError, match=r"'memory' is a GRU"):
        training.count_macs(recurrent)


def test_outputs_are_probabilities():
    scores = training.predict_scores(training.build_dense((8,), 3), np.ones((5, 8), np.float32))
    assert scores.shape == (5, 3)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_batches_give_what_arrays_give_to_the_bit():
    x, y = np.random.default_rng(0).normal(size=(50, 8)), np.arange(50) % 3
    model = training.build_dense((8,), 3)
    fitting.compile_model(model, y, 0.01, None, True)
    batches = fitting.in_batches((x, y), 16)
    assert [len(labels) for _, labels in batches] == [16, 16, 16, 2]
    assert model.evaluate(batches, verbose=0) == model.evaluate(x, y, batch_size=16, verbose=0)
    plain = model.predict(x, batch_size=16, verbose=0)
    np.testing.assert_array_equal(training.predict_scores(model, x, batch_size=16), plain)
    first, _ = next(iter(batches))
    assert first.dtype == "float32"


def test_both_models_learn():
    d = digits()
    assert training.accuracy(training.predict_scores(trained_dense(), d.x_test), d.y_test) > 0.9
    scores = training.predict_scores(trained_conv1d(), d.x_test.reshape(-1, 8, 8))
    assert training.accuracy(scores, d.y_test) > 0.85


def test_same_seed_same_weights_to_the_bit_and_another_seed_others():
    def weights(seed: int) -> list[np.ndarray]:
        model = training.build_dense((64,), 10, seed=seed)
        fit_digits(model, epochs=2, seed=seed)
        return model.get_weights()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_fit_keeps_the_best_epoch_and_reports_each():
    model = training.build_dense((64,), 10)
    # far too high a rate: accuracy jumps about, so the last epoch is rarely the best
    history = fit_digits(model, epochs=6, learning_rate=0.1)
    d = digits()
    assert history.epochs == len(history.val_loss) == 6
    assert history.seconds > 0
    assert history.val_accuracy[history.best_epoch - 1] == max(history.val_accuracy)
    now = training.accuracy(training.predict_scores(model, d.x_val), d.y_val)
    assert now == pytest.approx(max(history.val_accuracy), abs=1e-6)


def test_progress_lines(capsys):
    fit_digits(training.build_dense((64,), 10), epochs=3, log_every=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert all("loss" in line and "val accuracy" in line and line.endswith(" s") for line in lines)


def test_tensorboard_logs_on_request(tmp_path):
    fit_digits(training.build_dense((64,), 10), epochs=1, log_dir=tmp_path / "logs")
    import tensorflow as tf

    for part in ("train", "validation"):
        (file,) = (tmp_path / "logs" / part).glob("events.out.*")
        events = tf.compat.v1.train.summary_iterator(str(file))
        tags = {value.tag for event in events for value in event.summary.value}
        assert {"epoch_loss", "epoch_accuracy"} <= tags


def test_soft_labels():
    d = digits()
    model = training.build_dense((64,), 10)
    history = training.fit_model(
        model, d.x_train, np.eye(10)[d.y_train], d.x_val, d.y_val,
        epochs=4, batch_size=32, learning_rate=0.005, seed=0, log_every=0,
    )  # fmt: skip
    assert max(history.val_accuracy) > 0.8


def test_a_model_that_predicts_values(capsys):
    keras = training.import_keras()
    model = keras.Sequential(
        [keras.layers.Input((64,)), keras.layers.Dense(8), keras.layers.Dense(64)]
    )
    x = digits().x_train
    history = training.fit_model(
        model, x, x, digits().x_val, digits().x_val, loss="mse", classifies=False,
        epochs=3, batch_size=64, learning_rate=0.01, seed=0, log_every=3,
    )  # fmt: skip
    assert history.accuracy == history.val_accuracy == []
    assert history.val_loss[history.best_epoch - 1] == min(history.val_loss) < 0.1
    assert "val loss" in capsys.readouterr().out
    assert len(plots.plot_history(history).axes) == 1


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 5)])
def test_missing_samples_are_refused(cut):
    d = digits()
    with pytest.raises(DataError, match="training part has"):
        training.fit_model(
            None, d.x_train[cut], d.y_train, d.x_val, d.y_val,
            epochs=1, batch_size=8, learning_rate=0.1, seed=0,
        )  # fmt: skip


def test_scores_as_values():
    scores = np.array([[0.8, 0.2], [0.6, 0.4], [0.1, 0.9]])
    y = np.array([0, 1, 1])
    assert training.accuracy(scores, y) == pytest.approx(2 / 3)
    assert training.confusion_matrix(scores, y).tolist() == [[1, 0], [1, 1]]
    report = training.class_report(scores, y, ["still", "walk"])
    assert report.precision == (0.5, 1.0)
    assert report.recall == (1.0, 0.5)
    assert report.samples == (1, 2)
    assert "walk" in str(report)
    assert "accuracy 0.667 on 3 samples" in report._repr_html_()


def test_scores_refuse_what_does_not_fit():
    with pytest.raises(DataError, match=r"\(n, n_classes\)"):
        training.accuracy(np.zeros((3, 2)), np.zeros(2))
    with pytest.raises(DataError, match="2 scores a sample and 1 class names"):
        training.class_report(np.zeros((1, 2)), np.zeros(1), ["one"])


def test_saved_model_answers_the_same(tmp_path):
    path = training.save_keras(trained_conv1d(), tmp_path / "conv1d.keras")
    x = digits().x_test[:20].reshape(-1, 8, 8)
    again = training.predict_scores(training.load_keras(path), x)
    np.testing.assert_array_equal(again, training.predict_scores(trained_conv1d(), x))
    assert [p.name for p in tmp_path.iterdir()] == ["conv1d.keras"]


def test_loading_what_is_no_model(tmp_path):
    with pytest.raises(DataError, match="no such model"):
        training.load_keras(tmp_path / "none.keras")
    (tmp_path / "text.keras").write_text("hello")
    with pytest.raises(DataError, match="not a Keras model"):
        training.load_keras(tmp_path / "text.keras")


@pytest.mark.slow
def test_a_program_that_chose_keras_3_is_told_so():
    program = (
        "import os; os.environ.pop('TF_USE_LEGACY_KERAS', None); import tensorflow\n"
        "from tinyml_course.training import import_keras; import_keras()"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 1
    assert "TinyMLCourseError: TensorFlow is already running with Keras 3" in result.stderr


@pytest.mark.slow
def test_import_is_quiet():
    program = "from tinyml_course.training import import_keras; print(import_keras().__name__)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("tf_keras\n", "")
