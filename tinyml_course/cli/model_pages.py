"""What `verify`, `bench` and `fit` found as pages to look at: their `--html FILE`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tinyml_course.pages.page import (
    Section,
    bars,
    pair,
    paragraph,
    refuse_page,
    render_page,
    table,
    text_lines,
    tiles,
    verdict,
    write_page,
)
from tinyml_course.table import Table

if TYPE_CHECKING:  # what they import takes longer than most commands
    from collections.abc import Sequence

    from tinyml_course.board.bench import BoardBench
    from tinyml_course.export.check.layers import LayerComparison
    from tinyml_course.export.check.tables import TableCheck
    from tinyml_course.report import Verification


def add_html_option(command: argparse.ArgumentParser) -> None:
    """Add `--html FILE`."""
    command.add_argument(
        "--html", type=Path, metavar="FILE", help="also write a page for a browser, in one file"
    )


def refuse_html(options: argparse.Namespace) -> None:
    """Say now what cannot become the page, before anything is computed.

    Raises:
        OutputError: a folder, or a file that is no page of the course.
    """
    if options.html:
        refuse_page(options.html)


def write_html(options: argparse.Namespace, page: str) -> None:
    """Write the page and say where it is, on stderr: stdout is for the result alone."""
    print(f"page: {write_page(options.html, page)}", file=sys.stderr)


def verify_page(
    name: str, result: Verification, tables: TableCheck, layers: LayerComparison | None
) -> str:
    """`tinyml verify`: the verdict, the tables, and the layers if they were asked for."""
    lead = [verdict(result.passed, str(result)), verdict(tables.passed, str(tables))]
    pieces = []
    if layers:
        first = layers.first_differing
        words = "no layer differs"
        if first is not None:
            words = f"the first layer that differs is number {first.number}, {first.kind}"
        rows = tuple(
            (
                str(each.number),
                each.kind,
                each.name,
                " x ".join(map(str, each.shape)),
                f"{each.bytes_compared:,}",
                f"{each.bytes_differing:,}",
            )
            for each in layers.layers
        )
        header = ("layer", "operator", "name", "shape", "bytes compared", "differing")
        pieces = [verdict(first is None, words), table(Table(header, rows), "lllrrr")]
    title = f"{name}: the generated C against {result.engine}"
    return render_page(title, lead, [Section("Layer by layer", pieces)])


def bench_page(name: str, bench: BoardBench, lines: Sequence[str]) -> str:
    """`tinyml bench`: the figures of one inference on a board.

    Args:
        lines: what the command prints, with sources and notes.
    """
    value, board, fit = bench.as_dict(), bench.board, bench.fit
    units = {"latency_us": "µs an inference, estimated", "energy_uj": "µJ an inference, estimated"}
    units |= {"flash_bytes": "bytes of flash", "ram_bytes": "bytes of RAM"}
    figures = {words: f"{value[key]:,}" for key, words in units.items() if value[key] is not None}
    used = {
        "flash": 1 - fit.flash_free_bytes / board.flash_bytes,
        "RAM": 1 - fit.ram_free_bytes / board.ram_bytes,
    }
    free = {"flash": fit.flash_free_bytes, "RAM": fit.ram_free_bytes}
    texts = {key: f"{share:.0%} used, {free[key]:,} B free" for key, share in used.items()}
    over = [key for key, share in used.items() if share > 1]
    core = "with" if fit.core_is_counted else "without"
    sections = [
        Section(
            "Of the board's memory",
            [
                bars({key: max(share, 0) for key, share in used.items()}, texts, 1.0, over),
                paragraph(f"The whole program, {core} the board's Arduino core.", soft=True),
            ],
        ),
        Section("All figures", [text_lines(lines, whole=True)]),
    ]
    lead = [
        paragraph(f"{board.title}, {board.mcu} at {board.clock_hz / 1e6:g} MHz"),
        tiles(figures),
    ]
    words = (f"{fit.margin:.0%} of the scarcer memory is left", ("fits", "does NOT fit"))
    lead.append(verdict(fit.fits, *words))
    return render_page(f"{name}: one inference", lead, sections)


def fit_page(name: str, rows: Sequence[BoardBench], shown: Table, note: str) -> str:
    """`tinyml fit`: every board with its margin, latency and energy.

    Args:
        shown: the table that the command prints.
        note: what it says below.
    """
    fitting = sum(each.fit.fits for each in rows)
    margins = {each.board.name: max(each.fit.margin, 0.0) for each in rows}
    words = {each.board.name: f"{each.fit.margin:.0%}" for each in rows}
    waits = {e.board.name: e.latency_us for e in rows if e.latency_us is not None}
    times = {board: f"{latency_us:,.0f} µs" for board, latency_us in waits.items()}
    charts = [f"<h3>memory free</h3>{bars(margins, words, 1.0)}"]
    if waits:
        charts.append(f"<h3>an inference, estimated</h3>{bars(waits, times)}")
    said = f"{fitting} of {len(rows)} boards have room for it"
    lead = [verdict(fitting == len(rows), said, ("fits everywhere", "does not fit everywhere"))]
    pieces = [pair(*charts), table(shown)] + ([paragraph(note, soft=True)] if note else [])
    return render_page(f"{name}: on which boards it fits", lead, [Section("Boards", pieces)])
