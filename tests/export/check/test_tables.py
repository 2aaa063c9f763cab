"""Tables in generated C are traced back to the model; a wrong one is named."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.calls import MODEL, run_json
from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.export.layers.layer_maker import KINDS, LayerMaker
from tests.export.model_c.test_shared_tables import twins
from tinyml_course.cli.main import main
from tinyml_course.export.check.tables import check_tables
from tinyml_course.export.layers import dsp_packing, small
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import BUNDLES

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
MODELS = sorted([*BUNDLES.glob("*/*.tflite"), *GOLDEN.glob("*.tflite")])


def check(model: bytes, source: str | None = None):
    return check_tables(model, source or generate_model_c(model, "net").source, "net")


@pytest.mark.parametrize("path", MODELS)
def test_every_table_of_the_courses_models_is_traced_back(path):
    model = TfliteModel(path.read_bytes())
    found = check(model)
    assert found.passed
    assert found.not_unpacked == ()
    weights = sum(
        model.network.input_of(o, 1).elements
        for o in model.network.operators
        if o.kind in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
    )
    assert found.unpacked_weights == 3 * weights, "once for each family of cores"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_layers_of_every_shape_are_traced_back(kind, seed):
    """A fast kernel whose tables nobody can read fails here: kernels/packings.py."""
    found = check(getattr(LayerMaker(seed), kind)())
    assert str(found).count("wrong table") == 0, str(found)
    assert found.not_unpacked == ()


def corrupt(source: str, name: str, at: int) -> str:
    """The text with one number of the table one greater, in the first place where it stands."""
    match = re.search(rf"^static const \w+ {name}\[\d+\] = \{{([^}}]*)\}};", source, re.M)
    numbers = list(re.finditer(r"-?\d+|INT32_MIN", match[1]))
    number = numbers[at % len(numbers)]
    start = match.start(1) + number.start()
    value = int(number[0]) + 1
    return source[:start] + str(value) + source[start + len(number[0]) :]


def tables_of(source: str) -> list[str]:
    found = re.findall(r"^static const \w+ (net_\w+)\[", source, re.M)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    "model",
    [
        (GOLDEN / "conv1d.tflite").read_bytes(),
        (BUNDLES / "digits_28x28/model_int8.tflite").read_bytes(),
        SMALL_GRAPHS["stream"],
    ],
    ids=["conv1d", "digits_28x28", "stream"],
)
def test_every_corrupted_table_is_named(model):
    model = TfliteModel.of(model)
    source = generate_model_c(model, "net").source
    tables = tables_of(source)
    assert len(tables) >= 1
    for number, name in enumerate(tables):
        found = check(model, corrupt(source, name, 7 * number + 3))
        assert not found.passed, name
        assert {d.table for d in found.differences} == {name}
        assert "and should be" in str(found)


def test_a_corrupted_weight_is_found_in_the_model():
    model = TfliteModel((GOLDEN / "conv1d.tflite").read_bytes())
    source = generate_model_c(model, "net").source
    start = source.index("/* filter: two rows a, b in a halfword")
    at = re.compile(r"(-?\d+), ").search(source, source.index("{", start))
    word = int(at[1])
    wrong = source[: at.start()] + f"{word ^ 2}, " + source[at.end() :]
    (difference,) = check(model, wrong).differences
    (first, *_) = (o for o in model.network.operators if o.kind == "CONV_2D")
    weights = model.network.input_of(first, 1).values
    second = weights.reshape(len(weights), -1)[1, 0]  # b, in the lower byte
    said = f"unpacked, weight 0 of output 1 is {second ^ 2}, in the model {second}"
    assert difference.variants == ("dsp",)
    assert said in difference.what


@pytest.mark.parametrize("packer", ["pack_fully_connected", "pack_words"])
def test_a_packing_that_is_wrong_from_the_start_is_named(packer, monkeypatch):
    """The C holds what the exporter wrote; it is the exporter that is wrong."""
    room = dsp_packing if packer == "pack_fully_connected" else small
    honest = getattr(room, packer)
    monkeypatch.setattr(room, packer, lambda rows: honest(rows[:, ::-1].copy()))
    found = check(TfliteModel((GOLDEN / "conv1d.tflite").read_bytes()))
    assert not found.passed
    assert all("unpacked, weight" in d.what for d in found.differences)
    assert all("should be" not in d.what for d in found.differences)


def test_a_table_that_several_layers_share_is_named_once_for_each():
    model = twins(same=True)
    source = generate_model_c(model, "net").source
    assert check(model).passed
    found = check(model, corrupt(source, "net_1_weights", 5))
    assert {d.table for d in found.differences} == {"net_1_weights"}
    assert {d.layer for d in found.differences} == {1, 3}


def test_a_missing_table_and_one_of_another_size_are_said():
    model = TfliteModel((GOLDEN / "dense3.tflite").read_bytes())
    source = generate_model_c(model, "net").source
    gone = source.replace("net_0_bias[32]", "net_0_gone[32]")
    assert "net_0_bias (layer 0, FULLY_CONNECTED, readable): is missing" in str(check(model, gone))
    shorter = re.sub(r"(net_0_weights\[\d+\] = \{[^}]*), -?\d+", r"\1", source, count=1)
    assert "is int8_t[95], and should be int8_t[96]" in str(check(model, shorter))


def test_verify_says_what_became_of_the_tables(capsys):
    value = run_json(capsys, "verify", MODEL, "--samples", "2")
    assert value["tables"]["differences"] == []
    assert value["tables"]["unpacked_weights"] == 2448
    main(["verify", MODEL, "--samples", "2"])
    assert "2,448 packed weights were unpacked and compared" in capsys.readouterr().out


@pytest.fixture
def written(tmp_path):
    assert main(["export", MODEL, "--name", "motion", "--out", str(tmp_path)]) == 0
    return tmp_path / "motion.c"


def test_verify_takes_the_c_that_lies_there(written, capsys):
    capsys.readouterr()
    assert main(["verify", MODEL, "--source", str(written), "--samples", "8"]) == 0
    assert "0 of 24 output bytes differ from TFLM" in capsys.readouterr().out


def test_verify_names_the_table_of_a_file_that_was_changed(written, capsys):
    text = written.read_text()
    changed = re.sub(r"(int8_t motion_2_weights\[48\] = \{\s*)-?\d+", r"\g<1>99", text)
    assert changed != text
    written.write_text(changed)
    capsys.readouterr()
    assert main(["verify", MODEL, "--source", str(written), "--samples", "30", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["bytes_differing"] > 0, "the file was compiled and run"
    assert {d["table"] for d in value["tables"]["differences"]} == {"motion_2_weights"}


def test_the_c_of_another_model_is_refused(written, capsys):
    other = str(BUNDLES / "digits" / "model_int8.tflite")
    assert main(["verify", other, "--source", str(written)]) == 1
    assert "was not made from this model" in capsys.readouterr().err


def test_what_is_no_c_of_that_name_is_one_line(written, capsys):
    assert main(["verify", MODEL, "--source", str(written.with_suffix(".h"))]) == 1
    assert "motion.h is no C source" in capsys.readouterr().err
    renamed = written.with_name("gait.c")
    renamed.write_text(written.read_text())
    renamed.with_suffix(".h").write_text(written.with_suffix(".h").read_text())
    assert main(["verify", MODEL, "--source", str(renamed)]) == 1
    assert "gait.c has no function gait_invoke" in capsys.readouterr().err
    written.write_text(written.read_text().replace("motion_invoke(", "motion_run("))
    assert main(["verify", MODEL, "--source", str(written)]) == 1
    assert "motion.c has no function motion_invoke" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--layers"], ["--target", "cortex-m4"]])
def test_the_c_of_a_file_runs_on_this_computer(written, more, capsys):
    assert main(["verify", MODEL, "--source", str(written), *more]) == 1
    assert "leave out --layers and --target" in capsys.readouterr().err


def test_a_file_without_its_header_is_one_line(written, capsys):
    written.with_suffix(".h").unlink()
    capsys.readouterr()
    assert main(["verify", MODEL, "--source", str(written)]) == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "cannot read" in err
    assert "motion.h: No such" in err


def test_a_file_that_is_not_there_is_named_as_it_was_given(tmp_path, capsys):
    assert main(["verify", MODEL, "--source", str(tmp_path / "nothere.c")]) == 1
    assert "nothere.c: No such file" in capsys.readouterr().err
