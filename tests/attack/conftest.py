"""`--whole-attack`, a table at the end, and after each case a look at what was left behind."""

from __future__ import annotations

import tempfile
from collections import defaultdict

import pytest

from tests.attack.leftovers import count_leftovers, wait_for_nothing_new


def pytest_addoption(parser):
    parser.addoption("--whole-attack", action="store_true", help="the slow cases too")


def pytest_configure(config):
    config.addinivalue_line("markers", "whole_attack: left out unless --whole-attack is given")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--whole-attack", default=False):
        return
    slow = [item for item in items if item.get_closest_marker("whole_attack")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path, monkeypatch):
    """No process, open file, port, lock, thread or temporary folder after a case."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = count_leftovers(temporary)
    yield
    left = wait_for_nothing_new(before, temporary)
    assert left == {}


@pytest.fixture
def attack(record_property):
    """Say what a case belongs to, and how many lines it sent and lost, for the table."""

    def note(family: str, sent: int = 0, lost: int = 0) -> None:
        record_property("attack", (family, sent, lost))

    return note


def pytest_terminal_summary(terminalreporter):
    """One row a family: cases, those with the outcome they must have, lines sent and lost."""
    rows: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0.0])
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", ()):
                if name == "attack":
                    family, sent, lost = value
                    row = rows[family]
                    row[0] += 1
                    row[1] += outcome == "passed"
                    row[2] += sent
                    row[3] += lost
                    row[4] += report.duration
    if not rows:
        return
    terminalreporter.section("the attack")
    head = f"{'family':<34}{'cases':>7}{'held':>7}{'lines sent':>13}{'lost':>6}{'seconds':>9}"
    terminalreporter.write_line(head)
    for family, (cases, held, sent, lost, seconds) in [
        *sorted(rows.items()),
        ("all", [sum(column) for column in zip(*rows.values(), strict=True)]),
    ]:
        terminalreporter.write_line(
            f"{family:<34}{cases:>7}{held:>7}{sent:>13,}{lost:>6}{seconds:>9.1f}"
        )
