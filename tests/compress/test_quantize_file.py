"""A float file of any origin in integers: it computes the same, and what cannot work is said."""

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.cli.main import main
from tinyml_course.compress.quantize_file import quantize_file
from tinyml_course.errors import QuantizationError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import add_signature
from tinyml_course.shipped import MODELS

MOTION = MODELS / "motion_float32.tflite"
FROM_PYTORCH = MODELS / "digits_pytorch_float.tflite"


@pytest.fixture(scope="module")
def motion() -> tuple[TfliteModel, np.ndarray, np.ndarray]:
    """The motion lab's float file, what goes into it, and the right answers."""
    bundle = Bundle.load_shipped("motion")
    x = bundle.preprocessing.apply(bundle.golden.windows)
    return TfliteModel(MOTION.read_bytes()), np.asarray(x), bundle.golden.labels


@pytest.mark.parametrize("number_format", ["int8", "16x8"])
def test_the_integer_file_answers_as_the_float_file_and_its_c_as_tflm(motion, number_format):
    model, x, _ = motion
    quantized = quantize_file(model, x, number_format)
    assert str(quantized.input.dtype) == {"int8": "int8", "16x8": "int16"}[number_format]
    assert len(quantized) < len(model)
    agree = run_litert(quantized, x).argmax(1) == run_litert(model, x).argmax(1)
    assert agree.mean() >= 0.95
    found = verify_model(quantized, samples=20)
    assert found.bytes_compared > 0
    assert found.bytes_differing == 0


def test_the_same_file_and_samples_give_the_same_bytes(motion):
    model, x, _ = motion
    assert quantize_file(model, x) == quantize_file(bytes(model), x)


def test_a_file_without_a_signature_gets_one_and_one_with_keeps_its_own():
    bare = TfliteModel(MOTION.read_bytes())
    named = add_signature(bare)
    assert named != bare
    assert add_signature(named) == named
    x = np.zeros((2, 8), np.float32)
    assert (run_litert(named, x) == run_litert(bare, x)).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda x: x[:0], "no samples"),
        (lambda x: x[:, :3], r"pass \(n, 8\)"),
        (lambda x: x[0], r"samples of shape \(8,\)"),
        (lambda x: np.full_like(x, np.nan), "NaN or infinity"),
        (np.zeros_like, "all samples are 0"),
    ],
)
def test_samples_that_cannot_be_right_are_refused(motion, change, says):
    model, x, _ = motion
    with pytest.raises(QuantizationError, match=says):
        quantize_file(model, change(x))


def test_a_file_that_is_quantized_already_is_refused(motion):
    model, x, _ = motion
    with pytest.raises(QuantizationError, match="quantized already"):
        quantize_file(Bundle.load_shipped("motion").model, x)
    with pytest.raises(QuantizationError, match="no number format 'int4'"):
        quantize_file(model, x, "int4")


def test_from_pytorch_to_checked_c_by_the_command_line(tmp_path, capsys):
    bundle = Bundle.load_shipped("digits_28x28")
    x = bundle.golden.windows[..., np.newaxis]
    np.save(tmp_path / "samples.npy", x)
    new = tmp_path / "made" / "int8.tflite"
    arguments = ["--samples", str(tmp_path / "samples.npy"), "--out", str(new)]
    assert main(["quantize", str(FROM_PYTORCH), *arguments]) == 0
    assert "Next: tinyml verify" in capsys.readouterr().out
    right = run_litert(TfliteModel(new.read_bytes()), x).argmax(1) == bundle.golden.labels
    assert right.mean() >= 0.9
    assert main(["verify", str(new), "--samples", "20"]) == 0
    assert "0 of 200 output bytes differ" in capsys.readouterr().out


def test_what_a_person_mistypes_is_said(tmp_path, capsys):
    text, new = tmp_path / "samples.npy", tmp_path / "new.tflite"
    for content, says in ((None, "cannot read"), (b"no array", "is no .npy file")):
        if content is not None:
            text.write_bytes(content)
        given = ["quantize", str(MOTION), "--samples", str(text), "--out", str(new)]
        assert main(given) == 1
        assert says in capsys.readouterr().err
    np.save(text, np.array(["a", "b"]))
    assert main(["quantize", str(MOTION), "--samples", str(text), "--out", str(new)]) == 1
    assert "one array of numbers" in capsys.readouterr().err
    assert main(["quantize", str(MOTION), "--samples", str(text), "--out", str(MOTION)]) == 1
    assert "is the float file itself" in capsys.readouterr().err
    assert not new.exists()
