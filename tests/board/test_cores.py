"""The generated C on emulated cores gives TFLM's bytes."""

import json
from pathlib import Path

import pytest

from tinyml_course.board.cores import core_runner, find_runner
from tinyml_course.board.targets import TARGETS
from tinyml_course.cli.main import main
from tinyml_course.errors import BoardError
from tinyml_course.export.check.verify import HOST, verify_model

MODELS = Path(__file__).parents[1] / "golden" / "models"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["conv1d", "dense3"])
def test_every_byte_equals_tflm(target, name):
    result = verify_model((MODELS / f"{name}.tflite").read_bytes(), 48, core_runner(target))
    assert (result.target, result.samples, result.bytes_differing) == (target, 48, 0)
    assert result.bytes_compared == 48 * {"conv1d": 4, "dense3": 3}[name]


def test_every_place_where_c_runs_has_its_name():
    assert find_runner("host") is HOST
    assert [find_runner(name).name for name in TARGETS] == list(TARGETS)
    with pytest.raises(BoardError, match="unknown target 'z80': choose one of cortex-m4"):
        core_runner("z80")


def test_the_command_line_runs_it(capsys):
    model = str(MODELS / "dense3.tflite")
    assert main(["verify", model, "--target", "cortex-m0plus", "--samples", "5", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["target"], result["bytes_compared"]) == ("cortex-m0plus", 15)
    assert result["bytes_differing"] == 0
