"""The net under all commands: a line that asks for a report, the traceback only with --debug."""

import pytest

from tinyml_course.cli import boards
from tinyml_course.cli.main import main


@pytest.fixture
def with_net(monkeypatch):
    monkeypatch.delenv("TINYML_DEBUG")


@pytest.fixture
def faulty(monkeypatch):
    """A `tinyml boards` that raises what it is told to."""

    def make(error):
        def show(*_):
            raise error

        monkeypatch.setattr(boards, "show", show)

    return make


@pytest.mark.parametrize(
    "error",
    [KeyError("x"), RecursionError("too\ndeep"), ZeroDivisionError(), ValueError("y" * 900)],
)
def test_what_escapes_is_one_line_that_asks_for_a_report(with_net, faulty, capsys, error):
    faulty(error)
    assert main(["boards"]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert said.startswith("tinyml boards: this is a fault of the course, please report it: ")
    assert type(error).__name__ in said
    assert "test_net.py:" in said
    assert "--debug" in said
    assert said.count("\n") == 1
    assert len(said) < 600


def test_with_debug_there_is_no_net(with_net, faulty):
    faulty(KeyError("x"))
    with pytest.raises(KeyError):
        main(["boards", "--debug"])


def test_tests_run_without_it(faulty):
    faulty(KeyError("x"))
    with pytest.raises(KeyError):
        main(["boards"])


def test_no_memory_is_no_fault_of_the_course(with_net, faulty, capsys):
    faulty(MemoryError())
    assert main(["boards"]) == 1
    assert capsys.readouterr().err == (
        "tinyml boards: there is not enough memory; close other programs, or give it less\n"
    )
