"""The model card of a Bundle: what the model is for, what it learnt from, what it was measured on.

The form follows Mitchell et al., "Model Cards for Model Reporting" (2019). Every figure is the
report's; nobody types one.
"""

from __future__ import annotations

from tinyml_course.pipeline.judging import say_judgement
from tinyml_course.report import DetectorResult, Judgement, Report, say_groups


def render_model_card(report: Report) -> str:
    """The card of a run in Markdown."""
    data, yours = report.data, report.your_data
    train, test = data.parts["train"], data.parts["test"]
    after = yours.after if yours else None
    lines = [
        f"# Model card: {report.lab}",
        "",
        f"{report.title}. {_answers(report)}",
        f"Network `{report.model}`, int8, {report.bytes['int8']:,} bytes.",
        "",
        "## Learnt from",
        "",
        f"- {data.source}: {train.windows:,} windows of "
        f"{say_groups(train.groups, data.groups_are)}",
    ]
    if yours and after:
        lines.append(f"- {yours.source}: all but those held out below")
    lines += [
        "",
        "## Measured",
        "",
        f"- on {test.windows:,} windows of {say_groups(test.groups, data.groups_are)} "
        f"of the first source that it never met: {report.measure} {report.accuracy['int8']:.3f}",
    ]
    for name, row in report.errors.items():
        errors = ", ".join(f"{k} {v:.3g} {report.units[k]}" for k, v in row.items())
        lines.append(f"- rms error there, {name}: {errors}")
    for name, tree in report.trees.items():
        lines.append(
            f"- {name} ({tree.trees} with {tree.nodes:,} nodes) on the same: {tree.accuracy:.3f}; "
            f"{tree.leaves_differing} of {tree.leaves_compared:,} leaves of its C differ from "
            "scikit-learn's"
        )
    if report.detector:
        lines += _methods(report.detector)
    for condition, row in report.elsewhere.items():
        lines.append(f"- {condition}: " + ", ".join(f"{k} {v:.3f}" for k, v in row.items()))
    if yours:
        before = _describe(yours.before[report.model], report)
        lines.append(
            f"- before it learnt from the second source, on all of that: {before}"
            if after
            else f"- on {yours.source}: {before}"
        )
    if yours and yours.detector:
        lines += ["", f"On {yours.source}, beside the controls:", "", *_methods(yours.detector), ""]
    if after:
        lines += [
            f"- after, on {after.windows:,} windows of the {after.groups} "
            f"{after.groups_are} held out: {_describe(after, report)}",
            "",
            "Held out: " + ", ".join(after.held_out) + ".",
        ]
    data_option = " --data FOLDER" if yours else ""
    lines += [
        "",
        "## Made with",
        "",
        f"    tinyml run {report.lab}{data_option} --seed {report.seed}",
        "",
        f"{report.generator}. Another computer's arithmetic may move the figures by some tenths "
        "of a point.",
        "",
        "## Not for",
        "",
        _limits(report),
    ]
    return "\n".join(lines) + "\n"


def _methods(detector: DetectorResult) -> list[str]:
    lines = []
    for method, found in detector.methods.items():
        faults = ", ".join(f"{fault} {auc:.3f}" for fault, auc in found.auc.items())
        what = f"AUC {faults}" if faults else "no fault recorded, so no AUC"
        lines.append(
            f"- {method}: {what}; false alarms {found.false_alarms:.1%} of the healthy "
            f"windows, {found.false_alarms_of_five:.1%} by the median of five"
        )
    return lines


def _answers(report: Report) -> str:
    if not report.units:
        return f"Classes: {', '.join(report.data.classes)}."
    return "Values: " + ", ".join(f"{name} in {unit}" for name, unit in report.units.items()) + "."


def _limits(report: Report) -> str:
    if report.detector:
        return (
            "Anything where a missed fault or a false alarm does harm. It says that a machine is "
            "not as it was when it was commissioned: whatever has changed, a fault, the load or "
            "the sensor's place."
        )
    if report.units:
        return (
            "Anything where a wrong answer does harm. It answers with a number whatever it is "
            f"given, and says nothing of how sure it is. {report.data.groups_are.capitalize()} "
            "unlike those it learnt from are foretold less well."
        )
    return (
        "Anything where a wrong answer does harm. It knows the classes above and answers with one "
        "of them whatever it is given. People unlike those it learnt from are recognised less "
        "well."
    )


def _describe(judged: Judgement, report: Report) -> str:
    if report.detector or judged.errors:
        return say_judgement(judged, report.measure)
    recall = ", ".join(f"{name} {value:.3f}" for name, value in judged.recall.items())
    return f"balanced accuracy {judged.balanced_accuracy:.3f} ({recall})"
