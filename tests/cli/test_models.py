"""The commands that take a model: export, verify, bench, fit."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.calls import MODEL, run_json
from tinyml_course.cli.main import main
from tinyml_course.export.check import verify

GOLDEN = "tests/golden/models"


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("pretrainedResnet_quant", "pretrainedresnet_quant"),
        ("3d", "model_3d"),
        ("model_int8", "model_int8"),
        ("errno", "model_errno"),
    ],
)
def test_the_c_is_named_after_the_file_and_says_where_it_could_not(stem, name, tmp_path, capsys):
    model = shutil.copy(MODEL, tmp_path / f"{stem}.tflite")
    assert main(["export", str(model), "--out", str(tmp_path / "c"), "--json"]) == 0
    printed = capsys.readouterr()
    files = [str(tmp_path / "c" / f"{name}{ending}") for ending in (".h", ".c")]
    assert json.loads(printed.out)["files"] == files
    assert f"void {name}_invoke(" in (tmp_path / "c" / f"{name}.h").read_text()
    said = f"the C is called {name}, after {stem}.tflite; choose with --name\n"
    assert printed.err == ("" if name == stem else said)


def test_a_name_of_your_own_is_not_remarked_on(tmp_path, capsys):
    model = shutil.copy(MODEL, tmp_path / "3d.tflite")
    arguments = ["export", str(model), "--name", "cube", "--out", str(tmp_path / "c")]
    assert main([*arguments, "--format", "c-array"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "cube_model_data.h" in printed.out
    assert "operators for the resolver: " in printed.out


@pytest.mark.parametrize("name", ["errno", "signal"])
def test_the_name_of_a_standard_header_is_refused(name, tmp_path, capsys):
    assert main(["export", MODEL, "--name", name, "--out", str(tmp_path / "c")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert f"'{name}' cannot be the name of a model" in printed.err
    assert "--name" in printed.err
    assert not (tmp_path / "c").exists()


def test_a_program_to_check_the_c_is_written_where_asked_for(tmp_path, capsys):
    model = f"{GOLDEN}/dense3.tflite"
    assert main(["export", model, "--out", str(tmp_path), "--self-test"]) == 0
    out, _, slow = capsys.readouterr().out.partition("layers with readable kernels only:\n")
    assert slow == "  SOFTMAX (3) on every core: no other kernel for this operator\n"
    lines = out.splitlines()
    assert [line for line in lines if line.endswith((".h", ".c"))] == [
        str(tmp_path / p.name) for p in map(type(tmp_path), lines[:-2])
    ]
    assert lines[-2] == "call dense3_invoke(input, output)"
    assert "cc -DDENSE3_SELF_TEST_MAIN " in lines[-1]
    assert {p.suffix for p in tmp_path.iterdir()} == {".h", ".c"}


def test_verify_counts_bytes(capsys):
    value = run_json(capsys, "verify", MODEL, "--samples", "20")
    assert (value["samples"], value["bytes_compared"], value["bytes_differing"]) == (20, 60, 0)
    assert value["target"] == "host"
    assert main(["verify", MODEL, "--samples", "2", "--target", "cortex-m4"]) == 0
    assert "2 samples on cortex-m4: 0 of 6 output bytes differ from" in capsys.readouterr().out


def test_verify_fails_where_one_byte_differs(capsys, monkeypatch):
    """The C runs for real; what it answers is changed in one bit on its way to the comparison."""
    honest = verify.HostModel.invoke
    calls = []

    def invoke(self, *inputs):
        outputs = [np.array(output) for output in honest(self, *inputs)]
        calls.append(inputs)
        if len(calls) == 7:
            outputs[0].reshape(-1).view(np.uint8)[1] ^= 1
        return outputs

    monkeypatch.setattr(verify.HostModel, "invoke", invoke)
    assert main(["verify", MODEL, "--samples", "20"]) == 1
    assert "20 samples on host: 1 of 60 output bytes differ" in capsys.readouterr().out
    calls.clear()
    assert main(["verify", MODEL, "--samples", "20", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["bytes_differing"] == 1


def test_bench_prints_its_figures(capsys):
    value = run_json(capsys, "bench", MODEL, "--board", "pico")
    assert value["board"] == "pico"
    assert value["macs"] == 816
    for key in (
        "instructions",
        "estimated_cycles",
        "flash_bytes",
        "weights_bytes",
        "ram_bytes",
        "stack_bytes",
    ):
        assert isinstance(value[key], int)
        assert value[key] > 0
    assert value["latency_us"] == pytest.approx(value["estimated_cycles"] / 133, rel=1e-3)
    assert value["energy_uj"] == pytest.approx(3.3 * 20 * value["latency_us"] / 1000, rel=1e-2)
    power = value["power_at_1_hz"]
    assert power["awake_share"] == pytest.approx(value["latency_us"] / 1e6, abs=1e-6)
    assert power["processor_ma"] == pytest.approx(0.9 + 19.1 * power["awake_share"], rel=1e-3)
    assert value["compiler"].startswith("clang of ziglang")
    assert value["readable_layers"] == [
        {"operator": "SOFTMAX", "layers": [3], "why": "no other kernel for this operator"}
    ]
    assert main(["bench", MODEL]) == 0
    out = capsys.readouterr().out
    assert "one inference a second: processor awake 0.0" in out
    assert "the board's own consumption beside it: 0.9 mA" in out
    assert "built by clang of ziglang" in out
    assert "readable kernel: SOFTMAX (3): no other kernel for this operator" in out
    assert main(["bench", MODEL, "--board", "esp32s3"]) == 0
    assert "no compiler here builds for this processor" in capsys.readouterr().out


def test_fit_lists_every_board_the_tightest_last(capsys):
    rows = run_json(capsys, "fit", MODEL)
    assert len(rows) == 8
    assert all(row["fits"] for row in rows)
    assert [row["margin"] for row in rows] == sorted((row["margin"] for row in rows), reverse=True)
    assert rows[-1]["board"] == "xiao_samd21"  # its Arduino core takes the largest share
    assert main(["fit", MODEL]) == 0
    assert "without its Arduino core" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "no.tflite", "--out", "x"], "cannot read no.tflite"),
        (["export", "README.md", "--out", "x"], "no .tflite model"),
        (["verify", "README.md"], "no .tflite model"),
        (["fit", "no.tflite"], "cannot read no.tflite"),
        (["bench", "no.tflite"], "cannot read no.tflite"),
        (["bench", MODEL, "--board", "uno"], "no board is called 'uno'"),
    ],
)
def test_failures_are_one_clear_line(arguments, message, capsys):
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", MODEL, "--samples", "0"],
        ["verify", MODEL, "--target", "z80"],
        ["export", MODEL],
        ["export", MODEL, "--out", "x", "--format", "pascal"],
    ],
)
def test_wrong_usage_is_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: tinyml" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "verify", "bench", "fit"])
def test_a_device_that_never_ends_is_no_model(command, capsys):
    more = ["--out", "nowhere"] if command == "export" else []
    assert main([command, "/dev/zero", *more]) == 1
    assert "no ordinary file" in capsys.readouterr().err


def test_a_file_larger_than_any_flash_is_not_read(tmp_path, capsys):
    path = tmp_path / "huge.tflite"
    with open(path, "wb") as file:
        file.truncate(1 << 40)  # sparse: takes no room, and no machine could read it
    assert main(["fit", str(path)]) == 1
    assert "1,099,511,627,776 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--self-test"], ["--format", "c-array"]])
def test_an_out_that_is_a_file_is_one_line_and_stays(options, tmp_path, capsys):
    there = tmp_path / "out"
    there.write_text("mine")
    assert main(["export", str(MODEL), "--out", str(there), *options]) == 1
    assert len(capsys.readouterr().err.splitlines()) <= 2
    assert there.read_text() == "mine"


def test_an_empty_out_is_not_the_folder_one_stands_in(tmp_path, capsys, monkeypatch):
    model = Path(MODEL).resolve()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(model), "--name", "net", "--out", ""])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "tinyml export: error: argument --out: it is empty: name a folder or file, or . for this "
        "folder"
    )
    assert not list(tmp_path.iterdir())
    assert main(["export", str(model), "--name", "net", "--out", "."]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"net.h", "net.c"}


@pytest.mark.parametrize("form", ["c-source", "c-array"])
def test_somebodys_own_file_is_not_overwritten(form, tmp_path, capsys):
    mine = tmp_path / ("dense_model_data.h" if form == "c-array" else "dense.c")
    mine.write_text("my notes")
    arguments = ["export", str(MODEL), "--name", "dense", "--format", form, "--out", str(tmp_path)]
    assert main(arguments) == 1
    assert "was not written by tinyml" in capsys.readouterr().err
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(mine, "my notes")]


def test_another_model_under_the_same_name_is_said(tmp_path, capsys):
    other = f"{GOLDEN}/conv1d.tflite"
    for path, said in ((MODEL, ""), (MODEL, ""), (other, "replaced the C of another model")):
        assert main(["export", str(path), "--name", "net", "--out", str(tmp_path)]) == 0
        errors = capsys.readouterr().err
        assert (said in errors) if said else errors == ""


@pytest.mark.parametrize("name", ["double", "true", "lambda", ""])
def test_a_name_that_cannot_be_is_refused_for_its_own_reason(name, tmp_path, capsys):
    assert main(["export", str(MODEL), "--name", name, "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert ("a word of C" in said) == bool(name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("samples", ["0", "-1", "1000001", "1" * 5000, "nan", "1e3", "", "0x10"])
def test_a_count_has_limits(samples, capsys):
    with pytest.raises(SystemExit) as wrong:
        main(["verify", MODEL, "--samples", samples])
    assert wrong.value.code == 2
    said = capsys.readouterr().err
    assert "is no count: give a whole number from 1 to 1,000,000" in said
    assert len(said) < 700


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["verify", "--samples", "3", "--layers"], ["0 of 9 output bytes", "FULLY_CONNECTED"]),
        (["bench"], ["Arduino Nano 33 BLE Sense", "multiplications", "of flash"]),
        (["fit"], ["nano33ble", "wio_terminal", "boards have room"]),
    ],
)
def test_a_page_to_look_at(capsys, tmp_path, arguments, shown):
    page = tmp_path / "page.html"
    command = [arguments[0], MODEL, *arguments[1:]]
    assert main(command) == 0
    alone = capsys.readouterr()
    assert main([*command, "--html", str(page)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (alone.out, f"page: {page}\n")
    html = page.read_text(encoding="utf-8")
    assert [words for words in shown if words not in html] == []


@pytest.mark.parametrize("command", ["verify", "bench", "fit"])
def test_a_page_is_not_written_over_what_is_no_page(capsys, tmp_path, command):
    mine = tmp_path / "mine.html"
    mine.write_text("mine")
    assert main([command, MODEL, "--html", str(mine)]) == 1
    out, said = capsys.readouterr()
    assert out == "", "it was computed first"
    assert "mine.html was not written by tinyml" in said
    assert mine.read_text() == "mine"
