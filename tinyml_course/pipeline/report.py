"""The report of a run as a table that a person can read."""

from __future__ import annotations

from typing import Any


def render_report(report: dict[str, Any]) -> str:
    """The text at the end of `tinyml run`; `report` is what `pipeline.run_lab` returns."""
    data, seed = report["data"], report["seed"]
    who = data["groups_are"]
    lines = [
        report["title"],
        f"{data['windows']:,} windows of {data['groups']} {who}, seed {seed}; "
        f"judged on {data['parts']['test']['groups']} {who} never trained on",
        "",
        *_stage_table(report),
    ]
    if report["verify"]:
        verify = report["verify"]
        lines += [
            "",
            f"generated C against TFLM, {verify['samples']:,} test windows: "
            f"{verify['bytes_differing']} of {verify['bytes_compared']:,} output bytes differ",
        ]
    if report["board"]:
        lines += ["", *_board(report["board"])]
    if report["your_data"]:
        lines += ["", *_your_data(report["your_data"])]
    return "\n".join(lines)


def render_next_steps(report: dict[str, Any], folder: str) -> str:
    """Where the files are, and what to do now."""
    lines = [
        f"everything is in {folder}/",
        "  model_int8.tflite  preprocessing.json  labels.json  golden.npz   the Bundle",
    ]
    if any(name.startswith("plots/") for name in report["files"]):
        lines += [
            f"  c_array/{report['lab']}_model_data.h   the model as C for TensorFlow Lite Micro",
            f"  c_source/{report['lab']}.c, .h   the model as C that needs no interpreter",
            "  sketches/   for the Arduino IDE: the model on your own board",
            "  formats/    every row of the table as a .tflite file",
            "  plots/      training, confusion, accuracy against bytes",
        ]
    return "\n".join(
        [
            *lines,
            "  report.json the table's figures",
            "",
            "next:  make lab                  open the lessons, begin with 00_start_here",
            f"       tinyml run {report['lab']} --data PATH       your own recordings",
        ]
    )


def _board(board: dict[str, Any]) -> list[str]:
    """The emulated board: its sketch's own lines, and what was measured on it."""
    shown = [f"  | {line}" for line in board["lines"][:1] + board["lines"][-3:]]
    return [
        f"{board['board']}, emulated, runs the sketch {board['sketch']}:",
        *shown,
        f"all {board['windows']:,} test windows on it: accuracy {board['accuracy']:.3f}, "
        f"{board['bytes_differing']} of {board['bytes_compared']:,} output bytes differ from TFLM",
        f"one inference {board['latency_us']:,.0f} us (estimated); the sketch takes "
        f"{board['flash_bytes']:,} B of flash and {board['ram_bytes']:,} B of RAM",
    ]


def _stage_table(report: dict[str, Any]) -> list[str]:
    rows = [("stage", "accuracy", "file bytes", "TFLM arena bytes")]
    for stage, accuracy in report["accuracy"].items():
        arena = report["arena_bytes"][stage]
        rows.append(
            (
                stage,
                f"{accuracy:.3f}",
                f"{report['bytes'][stage]:,}",
                f"{arena:,}" if arena is not None else report["refusal"].get(stage, "-"),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{name:<{widths[0]}}  {accuracy:>{widths[1]}}  {size:>{widths[2]}}  {arena}"
        for name, accuracy, size, arena in rows
    ]
    return [lines[0], "-" * max(len(line) for line in lines), *lines[1:]]


def _your_data(yours: dict[str, Any]) -> list[str]:
    lines = [f"your recordings: {yours['source']}"]
    lines += [
        f"  {name}_int8, trained without them: {_judged(r)}" for name, r in yours["before"].items()
    ]
    if yours["after"]:
        lines.append(f"  trained on with some of them: {_judged(yours['after'])}")
    return lines


def _judged(result: dict[str, Any]) -> str:
    recall = ", ".join(f"{name} {value:.3f}" for name, value in result["recall"].items())
    return (
        f"{result['accuracy']:.3f} of {result['windows']:,} windows of "
        f"{result['groups']} {result['groups_are']} ({recall})"
    )
