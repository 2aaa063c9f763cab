"""A Bundle on a virtual board: sketches with its model, the whole test set, the lab's sketch."""

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.errors import BoardError
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.pipeline.on_the_board import measure_on_board
from tinyml_course.plain_json import to_json
from tinyml_course.shipped import BUNDLES


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(BUNDLES / "motion")


def test_the_board_gives_tflms_bytes_and_the_sketch_its_lines(bundle):
    golden = bundle.golden
    result = measure_on_board(
        bundle,
        golden.inputs,
        golden.labels,
        "wio_terminal",
        sketch="motion",
        traces=["data/motion_p002.csv"],
        seconds=5,
    )
    assert (result.windows, result.bytes_compared, result.bytes_differing) == (32, 96, 0)
    assert result.accuracy == np.mean(golden.outputs.argmax(axis=1) == golden.labels)
    assert result.lines[0] == "# motion 1 wio_terminal"
    assert len(result.lines) == 4
    assert 5_000 < result.flash_bytes < 20_000
    assert result.stack_bytes > 100
    assert result.energy_uj > 0
    assert to_json(result)["lines"] == list(result.lines)


def test_without_a_sketch_the_test_set_alone(bundle):
    result = measure_on_board(bundle, bundle.golden.inputs[:3], board="esp32c3")
    assert (result.sketch, result.accuracy, result.lines) == ("selftest", None, ())


def test_a_sketch_is_written_with_the_bundles_model(bundle, tmp_path):
    folder = write_sketch(bundle, "motion", tmp_path)
    assert {p.name for p in folder.iterdir()} >= {
        "motion.ino",
        "README.md",
        "sensor.h",
        "motion.c",
        "motion_classify.c",
    }
    (folder / "left_over.c").write_text("#error no")
    assert not (write_sketch(bundle, "motion", tmp_path) / "left_over.c").exists()
    with pytest.raises(BoardError, match="no sketch 'nope'"):
        write_sketch(bundle, "nope", tmp_path)
