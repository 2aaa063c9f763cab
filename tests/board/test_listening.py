"""How busy a board is with a network that listens: every board of the course keeps up."""

import json
import shutil

import pytest

from tinyml_course.board.bench import bench_boards, bench_model
from tinyml_course.board.listening import find_listening, listening_beside
from tinyml_course.bundle import Bundle
from tinyml_course.cli.main import main
from tinyml_course.errors import DataError
from tinyml_course.shipped import BUNDLES

KEYWORDS = BUNDLES / "keywords_people" / "model_int8.tflite"


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(KEYWORDS.parent)


def test_a_xiao_hears_keywords_faster_than_real_time(bundle):
    """A Cortex-M0+ at 48 MHz, features included, as Arduino's tool chain optimizes."""
    listening = find_listening(bundle)
    assert listening.period_us == 240_000
    bench = bench_model(bundle.model, "xiao_samd21", listening)
    assert bench.fit.fits
    assert bench.real_time_factor < 1
    assert bench.real_time_factor > bench.latency_us / 240_000, "features count"
    print(f"real-time factor {bench.real_time_factor:.2f}")


def test_every_board_whose_processor_is_emulated_keeps_up(bundle):
    found = bench_boards(bundle.model, listening=find_listening(bundle))
    known = {b.board.name: b.real_time_factor for b in found if not b.is_stand_in}
    assert max(known.values()) < 1
    assert all(b.real_time_factor is None for b in found if b.is_stand_in)
    assert known["wio_terminal"] < known["nano33ble"] < known["xiao_samd21"]


def test_who_judges_single_windows_has_no_factor():
    motion = Bundle.load_shipped("motion")
    assert find_listening(motion) is None
    bench = bench_model(motion.model, "nano33ble")
    assert bench.real_time_factor is None
    assert bench.as_dict()["real_time_factor"] is None


def test_the_commands_find_the_bundle_around_the_file(tmp_path, capsys):
    assert main(["bench", str(KEYWORDS), "--board", "xiao_samd21", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert 0.2 < value["real_time_factor"] < 1
    main(["fit", str(KEYWORDS)])
    printed = capsys.readouterr().out
    assert "busy" in printed.splitlines()[0]
    assert f"{value['real_time_factor']:.0%}" in printed
    alone = shutil.copy(KEYWORDS, tmp_path / "model_int8.tflite")
    main(["fit", str(alone)])
    assert "busy" not in capsys.readouterr().out


def test_a_damaged_bundle_around_the_file_is_said(tmp_path):
    folder = shutil.copytree(KEYWORDS.parent, tmp_path / "mine")
    (folder / "stream.json").write_text('{"keywords": [9]}')
    with pytest.raises(DataError, match="damaged"):
        listening_beside(folder / "model_int8.tflite")
