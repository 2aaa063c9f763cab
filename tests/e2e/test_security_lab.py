"""The security lab from people to a sealed sketch that runs, with few epochs."""

from dataclasses import replace

import pytest

from tests.e2e.formats import make_two_formats
from tinyml_course.board.run import run_sketch
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.motion import make_motion_dataset
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.export.firmware.sealed import export_sealed_c
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.labs import get_lab
from tinyml_course.pipeline import run as pipeline


@pytest.mark.slow
def test_a_run_ends_in_a_sketch_that_believes_its_own_model(tmp_path, monkeypatch):
    lab = get_lab("security")
    lab = replace(
        lab,
        models={"dense": replace(lab.models["dense"], epochs=2)},
        make_dataset=lambda seed: make_motion_dataset(seed, 10),
    )
    monkeypatch.setattr(pipeline, "make_formats", make_two_formats)  # the others take their time
    report = pipeline.run_lab(lab, tmp_path / "out", log=lambda line: None)
    assert report.board.bytes_differing == report.verify.bytes_differing == 0
    assert report.board.sketch == "security"
    assert report.board.lines[0] == "# security 1 nano33ble"
    assert report.board.lines[2].startswith("check:0,version:1,")
    assert (tmp_path / "out" / "sketches" / "security" / "security_key.h").is_file()


def test_a_sketch_written_anew_has_an_image_and_no_network_in_c(tmp_path):
    bundle = Bundle.load_shipped("motion")
    folder = write_sketch(bundle, "security", tmp_path)
    assert not (folder / "security.c").exists()
    export_sealed_c(bundle, folder, "security", key=bytes(range(32)), version=5)
    lines = run_sketch(folder, "wio_terminal", seconds=0.6).lines
    assert lines[0] == "# security 1 wio_terminal"
    assert lines[1].startswith("check:0,version:5,")  # and no word of an example key


def test_a_model_of_other_layers_is_refused(tmp_path):
    with pytest.raises(UnsupportedOperatorError, match="an image holds FULLY_CONNECTED layers"):
        write_sketch(Bundle.load_shipped("digits"), "security", tmp_path)
