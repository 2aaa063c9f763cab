"""The report's page shows what the report has, also what it gets after this was written."""

import json
import re
from dataclasses import dataclass, field, replace

import pytest

from tests.test_report import FULL
from tinyml_course.pipeline.report_page import render_report_page
from tinyml_course.report import Report
from tinyml_course.shipped import BUNDLES

BOTH = replace(FULL, accuracy={"int8": 0.934, "fp16": 0.9345}, bytes={"int8": 1, "fp16": 2})


def text_of(html):
    body = html[html.index("<body>") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def read(name):
    return Report.from_json(json.loads((BUNDLES / name / "report.json").read_text()))


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*/report.json")), ids=lambda p: p.parent.name)
def test_every_stage_and_figure_of_a_shipped_report_is_there(path):
    report = read(path.parent.name)
    shown = text_of(render_report_page(report))
    for stage, accuracy in report.accuracy.items():
        assert f" {stage} " in shown
        assert f"{accuracy:.4g}" in shown
        assert f" {report.bytes[stage]:,} " in shown
    for reason in report.refusal.values():
        assert reason in shown
    for condition in report.elsewhere:
        assert condition in shown
    if report.board:
        assert f"{report.board.flash_bytes:,}" in shown
        assert report.board.lines[0] in shown


def test_figures_by_stage_are_one_table():
    shown = text_of(render_report_page(BOTH))
    header = "stage accuracy .tflite file, bytes TFLM arena, bytes why TFLM refuses"
    assert f"{header} int8 0.934 1 2,192 fp16 0.9345 2 - refuses" in shown


def test_what_differs_is_said_in_words():
    html = render_report_page(BOTH)
    assert "<b>NOT equal</b>: 1 of 40 bytes differ" in html
    assert "<b>equal</b>: 0 of 40 bytes differ" in html


def test_your_recordings_before_and_after():
    shown = text_of(render_report_page(BOTH))
    assert "Before it learnt from some of them windows groups groups are accuracy" in shown
    assert "recall: yes recall: no ds_cnn 40 3 speakers 0.85 0.8123 0.9 0.7" in shown


def test_a_report_that_got_more_shows_it_without_a_change_here():
    @dataclass(frozen=True)
    class Found:
        alarms_a_day: float
        delay_us: int | None = None

    @dataclass(frozen=True, kw_only=True)
    class Wider(Report):
        error_c: dict = field(default_factory=dict)
        anomaly: Found | None = None
        by_fault: dict = field(default_factory=dict)

    wider = Wider(
        **vars(BOTH),
        error_c={"int8": 0.31, "fp16": 0.29},
        anomaly=Found(0.5, 77),
        by_fault={"worn": Found(2.25)},
    )
    shown = text_of(render_report_page(wider))
    assert "error c" in shown
    assert "int8 0.934 1 2,192 0.31 fp16 0.9345 2 - refuses 0.29" in shown
    assert "Anomaly alarms a day 0.5 delay, µs 77" in shown
    assert "By fault alarms a day delay, µs worn 2.25 -" in shown


def test_pictures_stand_inside_with_words_for_those_who_do_not_see_them():
    html = render_report_page(BOTH, {"confusion": b"one", "stages": b"two", "errors": b"three"})
    assert html.count("<img alt=") == 2  # the page's own bars replace one
    assert 'alt="Confusion: what was said' in html
    assert 'alt="errors"' in html


def test_what_is_no_accuracy_is_not_called_so():
    shown = text_of(render_report_page(read("vibration")))
    assert "accuracy" not in shown
    assert "Under other conditions: AUC" in shown


def test_whatever_was_compared_gets_its_verdict():
    html = render_report_page(read("personalize"))
    assert re.search(r"<b>equal</b>: 0 of [\d,]+ weights differ", html)
