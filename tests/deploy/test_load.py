"""What the load test computes from what it measured; a run itself is done by hand."""

import os

import psutil
import pytest

from tests.load import Load, extrapolate, find_cores, find_knee, measure_memory, render

ALONE = Load(1, 1, 40.0, 900_000_000, 1_200_000_000, 50.0, 0.05, 1.0, 0.1)
TEN = Load(10, 10, 400.0, 6_000_000_000, 11_000_000_000, 80.0, 0.05, 0.98, 0.1)


def test_the_board_is_counted_apart_from_the_lesson():
    assert ALONE.lesson_cpu_s == pytest.approx(48.0)
    assert TEN.lesson_cpu_s == pytest.approx(60.0)


def test_thirty_are_computed_from_ten():
    gb, seconds = extrapolate(TEN, 30, cores=2)
    assert gb == pytest.approx(18.0)
    assert seconds == pytest.approx(30 * 60 / 0.5)
    assert extrapolate(TEN, 40, cores=2)[1] is None, "forty boards leave nothing of two cores"
    assert find_cores(TEN, 30, 300.0) == pytest.approx(30 * (0.05 + 60 / 300))
    assert find_knee(TEN, cores=2) == pytest.approx(1.9, abs=0.01)


def test_memory_of_a_process_and_its_children_counts_shared_pages_once():
    pss, rss = measure_memory([psutil.Process(os.getpid())])
    assert 10_000_000 < pss <= rss


def test_the_table_has_a_row_a_run():
    text = str(render([ALONE, TEN]))
    assert len(text.splitlines()) == 3
    assert text.splitlines()[2].split()[:5] == ["10", "10", "400", "60", "0.05"]
