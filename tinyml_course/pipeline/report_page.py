"""The report of a run as a page to look at: `report.html` in the Bundle's folder.

What the page knows of a report is its form: figures by stage stand in one table, a value with
attributes in a table of its own, lines as lines. A report that gets a further attribute shows it
without a change here. `WORDS` only says some names better than the attributes do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any

from tinyml_course.pages import page
from tinyml_course.report import Report, say_groups
from tinyml_course.table import Table

# Sections, columns and pictures as a person says them.
TITLES = {
    "verify": "The generated C",
    "board": "On the board",
    "your_data": "Your recordings",
    "trees": "Trees and forests",
    "elsewhere": "Under other conditions",
    "errors": "How far off: the root of the mean squared error, in units",
    "seconds": "How long it took, in seconds",
    "before": "Before it learnt from some of them",
    "after": "After it learnt from some of them, on the others",
}
WORDS = {
    "bytes": ".tflite file, bytes",
    "arena_bytes": "TFLM arena, bytes",
    "refusal": "why TFLM refuses",
    "groups_are": "groups are",
}
PICTURES = {
    "training": "Training: what the network learnt, epoch by epoch",
    "values": "Answers: each above its true value, on windows never trained on",
    "confusion": "Confusion: what was said of each class, on windows never trained on",
}
UNITS = {"_us": "µs", "_bytes": "bytes", "_uj": "µJ", "_hz": "Hz", "_s": "s", "_ma": "mA"}
# Shown at the top, in tables of stages, or of no use to a reader.
ELSEWHERE_ON_THE_PAGE = {
    "lab",
    "title",
    "model",
    "generator",
    "seed",
    "data",
    "files",
    "accuracy_floor",
    "measured_by",
}
INSTEAD = {"stages"}  # pictures that the bars of this page replace


def render_report_page(report: Report, pictures: Mapping[str, bytes] | None = None) -> str:
    """One HTML file: figures, tables and pictures of a run.

    Args:
        pictures: PNG files of the run by name, for instance "confusion".
    """
    columns, rest = _stage_columns(report)
    sections = [page.Section("Every stage", _stages(report, columns))]
    shown = {name: png for name, png in (pictures or {}).items() if name not in INSTEAD}
    drawn = [page.picture(png, PICTURES.get(name, _words(name))) for name, png in shown.items()]
    sections.append(page.Section("Pictures", drawn))
    for name, value in rest.items():
        title = _title(name) + (f": {report.measure}" if name == "elsewhere" else "")
        pieces = _verdict(value) + describe(value, report.measure)
        sections.append(page.Section(title, pieces))
    sections.append(page.Section("Learnt from and judged on", describe(report.data)))
    return page.render_page(report.title or report.lab, _lead(report), sections)


def _lead(report: Report) -> list[str]:
    test = report.data.parts.get("test")
    who = report.data.groups_are
    line = f"Lab {report.lab}, model {report.model}, seed {report.seed}."
    if test is not None:
        of = say_groups(test.groups, who)
        line += f" Judged on {test.windows:,} windows of {of} never trained on."
    figures: dict[str, str] = {}
    for name, by_stage in _stage_columns(report)[0].items():
        if isinstance(by_stage.get("int8"), int | float):
            figures[f"{_words(name)}, int8"] = _cell(by_stage["int8"])
    if report.accuracy_floor is not None:
        figures[f"the least {report.measure} that is accepted"] = _cell(report.accuracy_floor)
    if report.board:
        figures[f"µs an inference on {report.board.board}, estimated"] = _cell(
            report.board.latency_us
        )
    return [page.paragraph(line), page.tiles(figures)]


def _stage_columns(report: Report) -> tuple[dict[str, Mapping[str, Any]], dict[str, Any]]:
    """The attributes that hold a figure or word a stage; and the others that hold anything."""
    stages = set(report.bytes) or set(report.accuracy)
    columns, rest = {}, {}
    for each in fields(report):
        value = getattr(report, each.name)
        if each.name in ELSEWHERE_ON_THE_PAGE or value in (None, {}, ()):
            continue
        is_column = isinstance(value, Mapping) and set(value) <= stages
        if is_column and not any(is_dataclass(one) for one in value.values()):
            columns[report.measure if each.name == "accuracy" else each.name] = value
        else:
            rest[each.name] = value
    return columns, rest


def _stages(report: Report, columns: dict[str, Mapping[str, Any]]) -> list[str]:
    stages = list(dict.fromkeys(stage for column in columns.values() for stage in column))
    rows = tuple(
        (stage, *(_cell(column[stage]) if stage in column else "" for column in columns.values()))
        for stage in stages
    )
    charts = []
    for name, column in columns.items():
        values = {k: float(v) for k, v in column.items() if isinstance(v, int | float)}
        if values and min(values.values()) >= 0 and not _is_arena(name):
            full = 1.0 if max(values.values()) <= 1 else None
            texts = {stage: _cell(column[stage]) for stage in values}
            charts.append(f"<h3>{escape(_words(name))}</h3>" + page.bars(values, texts, full))
    return [
        page.pair(*charts),
        page.table(Table(("stage", *map(_words, columns)), rows), _sides(rows)),
    ]


def _is_arena(name: str) -> bool:
    return name == "arena_bytes"  # often the same for all: a column of equal bars says nothing


def _verdict(value: Any) -> list[str]:
    """Whether what was compared is equal, for any value that counts what differs of what."""
    found = []
    owners = value if isinstance(value, Mapping) else {"": value}
    for name, owner in owners.items():
        counts = [each.name for each in fields(owner)] if is_dataclass(owner) else []
        for count in counts:
            what = count.removesuffix("_differing")
            compared = getattr(owner, f"{what}_compared", None)
            if what != count and compared:
                differing = getattr(owner, count)
                passed = getattr(owner, "passed", differing == 0)
                said = f"{differing:,} of {compared:,} {what} differ"
                found.append(page.verdict(bool(passed), f"{name}: {said}" if name else said))
    return found


def describe(value: Any, measure: str = "accuracy") -> list[str]:
    """Any value of a report as pieces of a page, by its form.

    Args:
        measure: what the figures called `accuracy` are.
    """
    if is_dataclass(value):
        return _attributes(value, measure)
    if isinstance(value, Mapping):
        return _mapping(value, measure)
    if isinstance(value, tuple | list):
        return [page.text_lines([_cell(one) for one in value])]
    return [page.paragraph(_cell(value))]


def _attributes(value: Any, measure: str) -> list[str]:
    plain, pieces = [], []
    for each in fields(value):
        one = getattr(value, each.name)
        if is_dataclass(one) or isinstance(one, Mapping) or _are_lines(one):
            if one:
                pieces += [f"<h3>{escape(_title(each.name))}</h3>", *describe(one, measure)]
        elif one not in (None, "", ()) and one != each.default:
            plain.append((_words(each.name, measure), _cell(one)))
    return ([page.table(Table((), tuple(plain)), "ll")] if plain else []) + pieces


def _are_lines(value: Any) -> bool:
    """What a program printed, and not a few names."""
    return isinstance(value, tuple) and any(len(_cell(one)) > 40 for one in value)


def _mapping(value: Mapping[str, Any], measure: str) -> list[str]:
    """Values of one form as rows of one table; nested ones below."""
    inner = {name: _as_row(one) for name, one in value.items()}
    header = list(dict.fromkeys(key for row in inner.values() for key in row))
    rows = tuple(
        (name, *(_cell(row[key]) if key in row else "" for key in header))
        for name, row in inner.items()
    )
    words = ("", *(key and _words(key, measure) for key in header))
    return [page.table(Table(words if any(words) else (), rows), _sides(rows))]


def _as_row(value: Any) -> dict[str, Any]:
    """Cells by column: attributes, nested ones with their owner's name before them."""
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if not isinstance(value, Mapping):
        return {"": value}
    row: dict[str, Any] = {}
    for name, one in value.items():
        if isinstance(one, Mapping) or is_dataclass(one):
            row |= {f"{name}: {inner}" if inner else name: v for inner, v in _as_row(one).items()}
        else:
            row[name] = one
    return row


def _sides(rows: tuple[tuple[str, ...], ...]) -> str:
    columns = list(zip(*rows, strict=True))[1:]
    return "l" + "".join("r" if _are_numbers(cells) else "l" for cells in columns)


def _are_numbers(cells: tuple[str, ...]) -> bool:
    return all(not cell or cell == "-" or cell[0].isdigit() or cell[0] == "-" for cell in cells)


def _words(name: str, measure: str = "accuracy") -> str:
    """A name with its unit apart.

    >>> _words("latency_us"), _words("bytes_differing")
    ('latency, µs', 'bytes differing')
    """
    if name == "accuracy":
        return measure
    if name in WORDS:
        return WORDS[name]
    for suffix, unit in UNITS.items():
        if name.endswith(suffix):
            return f"{name.removesuffix(suffix).replace('_', ' ')}, {unit}"
    return name.replace("_", " ")


def _title(name: str) -> str:
    words = TITLES.get(name) or _words(name)
    return words[:1].upper() + words[1:]


def _cell(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) > 1 else f"{value:,.4g}"
    if isinstance(value, tuple | list):
        return ", ".join(map(_cell, value))
    return str(value)
