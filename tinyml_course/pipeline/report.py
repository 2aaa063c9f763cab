"""The report of a run as a table that a person can read."""

from __future__ import annotations

from pathlib import Path

from tinyml_course.pipeline.judging import say_judgement
from tinyml_course.report import (
    DetectorResult,
    DeviceResult,
    LearningResult,
    Report,
    YourData,
    say_groups,
)
from tinyml_course.shipped import IS_CHECKOUT
from tinyml_course.table import Table


def render_report(report: Report) -> str:
    """The text at the end of `tinyml run`."""
    data, who = report.data, report.data.groups_are
    lines = [
        report.title,
        f"{data.windows:,} windows of {say_groups(data.groups, who)}, seed {report.seed}; "
        f"judged on {say_groups(data.parts['test'].groups, who)} never trained on",
        "",
        str(make_stage_table(report)),
    ]
    if report.errors:
        lines += ["", str(make_error_table(report))]
    if report.verify:
        verify = report.verify
        lines += [
            "",
            f"generated C against TFLM, {verify.samples:,} test windows: "
            f"{verify.bytes_differing} of {verify.bytes_compared:,} output bytes differ",
        ]
    if report.board:
        lines += ["", *_board(report.board, report.measure)]
    if report.detector:
        lines += ["", str(make_detector_table(report.detector))]
    if report.trees:
        lines += ["", *_trees(report)]
    if report.elsewhere:
        lines += ["", str(make_elsewhere_table(report))]
    if report.learning:
        lines += ["", str(make_learning_table(report.learning)), *_learning(report.learning)]
    if report.your_data:
        lines += ["", *_your_data(report.your_data, report.measure)]
    return "\n".join(lines)


def render_next_steps(report: Report, folder: str | Path) -> str:
    """Where the files are, and what to do now."""
    lines = [
        f"everything is in {folder}/",
        "  model_int8.tflite  preprocessing.json  labels.json  golden.npz   the Bundle",
    ]
    if any(name.startswith("plots/") for name in report.files):
        lines += [
            f"  c_array/{report.lab}_model_data.h   the model as C for TensorFlow Lite Micro",
            f"  c_source/{report.lab}.c, .h   the model as C that needs no interpreter",
            "  sketches/   for the Arduino IDE: the model on your own board",
            "  formats/    every row of the table as a .tflite file",
            "  plots/      training, answers beside the truth, accuracy against bytes",
            "  report.html the report as a page for a browser: one file, opens offline",
        ]
    lessons = "make lab      " if IS_CHECKOUT else "tinyml lessons"
    return "\n".join(
        [
            *lines,
            "  report.json the table's figures",
            "",
            f"next:  {lessons}            open the lessons, begin with 00_start_here",
            f"       tinyml run {report.lab} --data PATH       your own recordings",
        ]
    )


def make_stage_table(report: Report) -> Table:
    """Accuracy, file and arena of every stage; where TFLM refuses one, its reason."""
    rows = []
    for stage, accuracy in report.accuracy.items():
        arena = report.arena_bytes[stage]
        needed = report.refusal.get(stage, "-") if arena is None else f"{arena:,}"
        rows.append((stage, f"{accuracy:.3f}", f"{report.bytes[stage]:,}", needed))
    header = ("stage", report.measure, "file bytes", "TFLM arena bytes")
    return Table(header, tuple(rows), align="lrrl", rule=True)


def make_error_table(report: Report) -> Table:
    """Of a regression: the root of the mean squared error of each target, by who answers."""
    rows = [
        (name, *(f"{value:.3g}" for value in row.values())) for name, row in report.errors.items()
    ]
    header = ("rms error", *(f"{name} ({unit})" for name, unit in report.units.items()))
    return Table(header, tuple(rows), align="l" + "r" * len(report.units), rule=True)


def make_elsewhere_table(report: Report) -> Table:
    """Accuracy of all that was trained: on the test part, then under each other condition."""
    stages = list(next(iter(report.elsewhere.values())))
    here = {s: report.accuracy[_stage(report, s)] for s in stages if s not in report.trees}
    here |= {name: tree.accuracy for name, tree in report.trees.items()}
    rows = [
        (stage, f"{here[stage]:.3f}", *(f"{c[stage]:.3f}" for c in report.elsewhere.values()))
        for stage in stages
    ]
    header = (report.measure, "test part", *report.elsewhere)
    return Table(header, tuple(rows), align="l" + "r" * (len(header) - 1), rule=True)


def make_detector_table(detector: DetectorResult) -> Table:
    """The detector beside its controls: by fault, and false alarms of one window and of five."""
    faults = list(next(iter(detector.methods.values())).auc)
    rows = [
        (
            name,
            *(f"{one.auc[fault]:.3f}" for fault in faults),
            f"{one.false_alarms:.1%}",
            f"{one.false_alarms_of_five:.1%}",
        )
        for name, one in detector.methods.items()
    ]
    what = "AUC" if faults else "no fault recorded"
    header = (what, *faults, "false alarms", "median of 5")
    return Table(header, tuple(rows), align="l" + "r" * (len(header) - 1), rule=True)


def make_learning_table(learning: LearningResult) -> Table:
    """What labels bought under each condition, and what it did to the test part."""
    rows = [
        (name, *(f"{getattr(one, key):.3f}" for key in _LEARNT))
        for name, one in learning.conditions.items()
    ]
    header = (
        f"taught by ({learning.labels} labels of each class)", "before", "after", "rehearsed",
        "test part before", "after", "rehearsed",
    )  # fmt: skip
    return Table(header, tuple(rows), align="lrrrrrr", rule=True)


_LEARNT = ("before", "plain", "rehearsed", "test_before", "test_plain", "test_rehearsed")


def _learning(one: LearningResult) -> list[str]:
    return [
        f"learning in C, {one.labels_compared} labels, {one.steps:,} steps: "
        f"{one.weights_differing} of {one.weights_compared:,} weights differ from Python's",
        f"a step {one.step_us:g} us, a label {one.label_us:,.0f} us (estimated); "
        f"{one.ram_bytes:,} B of RAM, {one.flash_bytes:,} B of flash",
    ]


def _stage(report: Report, name: str) -> str:
    """The chosen model's int8 file has no model's name before it."""
    return "int8" if name == f"{report.model}_int8" else name


def _trees(report: Report) -> list[str]:
    return [
        f"{name}: {one.trees} with {one.nodes:,} nodes, accuracy {one.accuracy:.3f}; C "
        f"({one.form}) {one.flash_bytes:,} B, {one.latency_us:g} us (estimated); "
        f"{one.leaves_differing} of {one.leaves_compared:,} leaves differ from scikit-learn's"
        for name, one in report.trees.items()
    ]


def _board(board: DeviceResult, measure: str) -> list[str]:
    """The emulated board: its sketch's own lines, and what was measured on it."""
    shown = [f"  | {line}" for line in board.lines[:1] + board.lines[-3:]]
    accuracy = "" if board.accuracy is None else f"{measure} {board.accuracy:.3f}, "
    return [
        f"{board.board}, emulated, runs the sketch {board.sketch}:",
        *shown,
        f"all {board.windows:,} test windows on it: {accuracy}"
        f"{board.bytes_differing} of {board.bytes_compared:,} output bytes differ from TFLM",
        f"one inference {board.latency_us:,.0f} us (estimated); the sketch takes "
        f"{board.flash_bytes:,} B of flash and {board.ram_bytes:,} B of RAM",
    ]


def _your_data(yours: YourData, measure: str) -> list[str]:
    lines = [f"your recordings: {yours.source}"]
    lines += [
        f"  {name}_int8, trained without them: {say_judgement(one, measure)}"
        for name, one in yours.before.items()
    ]
    if yours.after:
        lines.append(f"  trained on with some of them: {say_judgement(yours.after, measure)}")
    if yours.detector:
        lines += ["", "on your recordings, beside the controls:"]
        lines.append(str(make_detector_table(yours.detector)))
    return lines
