"""The commands about boards: the catalogue, the ports, and sketches built and run."""

import pytest

from tests.cli.calls import TRACE, run_json
from tinyml_course.cli.main import main


def test_boards_and_ports(capsys):
    assert {b["name"] for b in run_json(capsys, "boards")} >= {"nano33ble", "wio_terminal"}
    assert "virtual://esp32c3" in {p["url"] for p in run_json(capsys, "ports")}
    assert main(["boards"]) == 0
    assert "nobody measured this here" in capsys.readouterr().out


def test_the_columns_of_the_catalogue(capsys):
    assert main(["boards"]) == 0
    table = capsys.readouterr().out.split("\n\nsources\n")[0].splitlines()
    assert table[0].split()[:4] == ["board", "processor", "MHz", "FPU"]
    column = table[0].index("MHz")
    assert all(line[column - 2 : column] == "  " for line in table)
    assert table[1][column:].startswith("64   yes  983,040    262,144  3.3 to 6.3   yes")


def test_a_sketch_is_built_and_run(capsys):
    built = run_json(capsys, "sketch", "build", "motion", "--board", "wio_terminal")
    assert built["flash_bytes"] > 5000
    assert built["ram_free_bytes"] > 0
    ran = run_json(capsys, "sketch", "run", "motion", "--trace", TRACE, "--seconds", "4")
    assert ran["lines"][0] == "# motion 1 nano33ble"
    assert len(ran["lines"]) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sketch", "run", "nope"], "there is no folder nope"),
        (["sketch", "run", "motion", "--board", "pico"], "No sensor header for this board"),
        (["sketch", "run", "motion", "--trace", "no.csv"], "trace no.csv: cannot be read (No such"),
    ],
)
def test_failures_are_one_clear_line(arguments, message, capsys):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e400", "0", "-1"])
def test_a_sketch_runs_for_a_time_that_is_one(seconds, capsys):
    with pytest.raises(SystemExit) as end:
        main(["sketch", "run", "motion", f"--seconds={seconds}"])
    assert end.value.code == 2
    assert "is no time" in capsys.readouterr().err
