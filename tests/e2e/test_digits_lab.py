"""The digits labs from pictures to Bundle, with pictures from a folder learnt from as well."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.formats import two_formats
from tinyml_course.board.cores import find_runner
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.digit_images import load_digit_images
from tinyml_course.datasets.digits import make_digits_dataset, upscale
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.export.check.verify import verify_model
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab
from tinyml_course.network.model import TfliteModel
from tinyml_course.pipeline.run import run_lab
from tinyml_course.pipeline.stages import convert_to_int8, train_choice
from tinyml_course.training import accuracy

pytestmark = pytest.mark.slow
SHIPPED = Path(__file__).parents[2] / "data" / "bundles"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twenty digits of each of six forms, as if their writers had sent us pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    digits = make_digits_dataset()
    for number in range(6):
        form = digits.subset(digits.groups == f"form_{number:02d}")
        for k, (ink, label) in enumerate(zip(upscale(form.x[:20], 40), form.y, strict=False)):
            (folder / str(label)).mkdir(exist_ok=True)
            page = np.pad(255 - ink * 254, 20, constant_values=255).astype(np.uint8)
            Image.fromarray(page).save(folder / str(label) / f"writer{number}_{k}.png")
    return folder


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    lab = get_lab("digits")
    quick = replace(lab.models["separable"], epochs=5)
    third = make_digits_dataset().subset(slice(None, None, 3))
    lab = replace(
        lab,
        models={"separable": quick},
        default_model="separable",
        make_dataset=lambda seed: third,
    )
    out = tmp_path_factory.mktemp("run") / "digits"
    with two_formats():
        return run_lab(lab, out, data_path=folder, seed=1, log=lambda line: None), out


def test_the_report_tells_of_both_sources(run):
    report, out = run
    assert report.accuracy["int8"] > 0.6  # five epochs: it runs, and it learns something
    assert report.verify.bytes_differing == 0
    assert report.verify.samples == report.data.parts["test"].windows
    assert report.board.bytes_differing == 0
    assert report.your_data.before["separable"].windows == 120
    assert report.your_data.after.groups >= 1
    assert (out / "c_source" / "digits.c").exists()


def test_a_run_with_another_seed_holds_out_the_same_forms(run):
    third = make_digits_dataset().subset(slice(None, None, 3))
    drawn_by_0, drawn_by_1 = (
        tuple(np.unique(split_by_group(third, seed=seed).test.groups)) for seed in (0, 1)
    )
    assert run[0].seed == 1
    assert run[0].data.held_out == drawn_by_0 != drawn_by_1


def test_the_network_takes_ink_as_it_is(run):
    bundle = Bundle.load(run[1])
    assert bundle.preprocessing.to_spec() == []
    golden = bundle.golden
    grid = np.clip(np.rint(golden.windows * 255) - 128, -128, 127)
    np.testing.assert_allclose(golden.inputs, grid, atol=1)  # half ink lies between two integers


BOUNDS = {"digits": 0.94, "digits_28x28": 0.95}


@pytest.fixture(scope="module", params=BOUNDS)
def shipped(request):
    """A shipped Bundle, its lab, and the split it was made with."""
    bundle, lab = Bundle.load_shipped(request.param), get_lab(request.param)
    dataset = lab.make_dataset(bundle.report.seed)
    return bundle, lab, lab.split_people(dataset, bundle.report.seed)


def test_a_shipped_bundle_does_on_forms_it_never_met_what_its_report_says(shipped):
    bundle, lab, split = shipped
    report, golden = bundle.report, bundle.golden
    assert sorted(set(split.test.groups)) == list(report.data.held_out)
    outputs = run_integer_model(bundle.model, bundle.model.input.quantize(split.test.x))
    right = accuracy(outputs.outputs, split.test.y)
    assert right == pytest.approx(report.accuracy["int8"], abs=1e-4)
    assert right >= BOUNDS[lab.name]
    assert (run_integer_model(bundle.model, golden.inputs).outputs == golden.outputs).all()
    preprocessing = json.loads((SHIPPED / lab.name / "preprocessing.json").read_text())
    assert preprocessing["unit"] == split.test.unit


@pytest.mark.parametrize("target", ["host", "cortex-m4"])
def test_the_c_of_a_shipped_bundle_is_tflm_in_every_byte_of_the_test_part(shipped, target):
    bundle, _, split = shipped
    inputs = bundle.model.input.quantize(split.test.x)
    found = verify_model(
        bundle.model, runner=find_runner(target), inputs=[[q[None]] for q in inputs]
    )
    assert found.bytes_compared == 10 * len(split.test)
    assert found.bytes_differing == 0


def test_a_small_part_of_the_shipped_training_leads_to_the_shipped_network(shipped):
    """Three epochs of the recipe: the same operators and shapes, and well on its way."""
    bundle, lab, split = shipped
    choice = replace(lab.models[lab.default_model], epochs=3)
    trained = train_choice(lab.default_model, choice, split, bundle.report.seed, lambda line: None)
    again = convert_to_int8(trained.model, trained.inputs["train"])
    assert describe_layers(again) == describe_layers(bundle.model)
    outputs = run_integer_model(again, again.input.quantize(split.val.x)).outputs
    assert accuracy(outputs, split.val.y) > 0.8


def describe_layers(model: bytes) -> list[tuple]:
    """Each operator with the shapes of what goes in and out."""
    graph = TfliteModel.of(model).network
    return [
        (o.kind, *(graph.tensors[i].shape for i in (*o.inputs, *o.outputs) if i is not None))
        for o in graph.operators
    ]


def test_the_larger_lab_reads_the_same_folder(folder):
    lab = get_lab("digits_28x28")
    data = lab.load_dataset(folder)
    ours = lab.make_dataset(0)
    assert data.x.shape[1:] == ours.x.shape[1:] == (28, 28)
    small = load_digit_images(folder)
    np.testing.assert_allclose(data.x, upscale(small.x, 28))
