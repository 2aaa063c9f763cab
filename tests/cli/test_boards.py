"""The commands for boards: what they print, as text and as JSON, and how they fail."""

import json

import pytest

from tinyml_course.cli.main import main

MODEL = "data/bundles/motion/model_int8.tflite"
TRACE = "data/motion_p000.csv"


def run_json(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


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
    assert main(["bench", MODEL, "--board", "esp32s3"]) == 0
    assert "no compiler here builds for this processor" in capsys.readouterr().out


def test_fit_lists_every_board_the_tightest_last(capsys):
    rows = run_json(capsys, "fit", MODEL)
    assert len(rows) == 8
    assert all(row["fits"] for row in rows)
    assert [row["margin"] for row in rows] == sorted((row["margin"] for row in rows), reverse=True)
    assert rows[-1]["board"] == "nano33ble"  # its Arduino core takes the largest share
    assert main(["fit", MODEL]) == 0
    assert "without its Arduino core" in capsys.readouterr().out


def test_boards_and_ports(capsys):
    assert {b["name"] for b in run_json(capsys, "boards")} >= {"nano33ble", "wio_terminal"}
    assert "virtual://esp32c3" in {p["url"] for p in run_json(capsys, "ports")}
    assert main(["boards"]) == 0
    assert "nobody measured this here" in capsys.readouterr().out


def test_a_sketch_is_built_and_run(capsys):
    built = run_json(capsys, "sketch", "build", "motion", "--board", "wio_terminal")
    assert built["flash_bytes"] > 5000
    assert built["ram_free_bytes"] > 0
    ran = run_json(capsys, "sketch", "run", "motion", "--trace", TRACE, "--seconds", "4")
    assert ran["lines"][0] == "# motion 1 nano33ble"
    assert len(ran["lines"]) == 4


def test_monitor_and_record_take_a_virtual_board(capsys, tmp_path):
    seen = run_json(
        capsys, "monitor", "virtual://pico?sketch=selftest", "--send", "?", "--seconds", "0.5"
    )
    assert seen["lines"] == ["# selftest 1", "inputs:8,outputs:3"]
    url = f"virtual://nano33ble?sketch=recorder&trace={TRACE}"
    out = tmp_path / "walk.csv"
    recorded = run_json(
        capsys, "record", url, "--label", "walk", "--seconds", "1", "--out", str(out)
    )
    assert (recorded["state"], recorded["samples"], recorded["dropped"]) == ("complete", 50, 0)
    assert len(out.read_text().splitlines()) == 51


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bench", "no.tflite"], "cannot read no.tflite"),
        (["bench", MODEL, "--board", "uno"], "no board is called 'uno'"),
        (["sketch", "run", "nope"], "nope is no sketch"),
        (["sketch", "run", "motion", "--board", "pico"], "No sensor header for this board"),
        (["sketch", "run", "motion", "--trace", "no.csv"], "cannot read the trace no.csv"),
        (["monitor", "/dev/ttyNONE"], "cannot open /dev/ttyNONE"),
        (["monitor", "virtual://nano33ble"], "needs a sketch"),
        (
            [
                "record",
                "virtual://pico?sketch=selftest",
                "--label",
                "x",
                "--seconds",
                "1",
                "--out",
                "/proc/nowhere/all.csv",
            ],
            "cannot write /proc/nowhere/all.csv",
        ),
        (
            [
                "record",
                "virtual://pico?sketch=selftest",
                "--label",
                "a b",
                "--seconds",
                "1",
                "--out",
                "x.csv",
            ],
            "cannot be a label",
        ),
    ],
)
def test_failures_are_one_clear_line(arguments, message, capsys):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
