"""The generated C on emulated cores gives TFLM's bytes."""

import json
from pathlib import Path

import pytest

from tinyml_course.board import cores as verify_on_core
from tinyml_course.cli.main import main
from tinyml_course.export.check.verify import TARGETS, verify_model

MODELS = Path(__file__).parents[1] / "golden" / "models"


@pytest.fixture(autouse=True)
def core_targets():
    verify_on_core.add_core_targets()


@pytest.mark.parametrize("target", verify_on_core.CORES)
@pytest.mark.parametrize("name", ["conv1d", "dense3"])
def test_every_byte_equals_tflm(target, name):
    result = verify_model((MODELS / f"{name}.tflite").read_bytes(), 48, target)
    assert (result.target, result.samples, result.bytes_differing) == (target, 48, 0)
    assert result.bytes_compared == 48 * {"conv1d": 4, "dense3": 3}[name]


def test_the_cores_are_targets_beside_the_host():
    assert set(TARGETS) == {"host", *verify_on_core.CORES}


def test_the_command_line_runs_it(capsys):
    model = str(MODELS / "dense3.tflite")
    assert main(["verify", model, "--target", "cortex-m0plus", "--samples", "5", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["target"], result["bytes_compared"]) == ("cortex-m0plus", 15)
    assert result["bytes_differing"] == 0
