"""A table of results that reads well in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """Cells as text, under one header. The first column is aligned left, numbers right.

    Attributes:
        header: the columns' names; `()` for a table without.
        align: "l" or "r" a column, where the rule above is not wanted.
        rule: whether a line stands under the header.

    >>> print(Table(("model", "bytes"), (("fp32", "4,936"), ("int8", "3,100")), "two files"))
    model  bytes
    fp32   4,936
    int8   3,100
    two files
    >>> print(Table((), (("ok", "python", "3.11"), ("ok", "disk", "80 GB")), align="lll"))
    ok  python  3.11
    ok  disk    80 GB
    >>> print(Table(("model", "arena"), (("fp32", "2,192"), ("fp16", "-")), align="lr", rule=True))
    model  arena
    ------------
    fp32   2,192
    fp16       -
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    align: str = ""
    rule: bool = False

    def __str__(self) -> str:
        head = [self.header] if self.header else []
        columns = list(zip(*head, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        lines = [
            "  ".join(
                cell.rjust(width) if side == "r" else cell.ljust(width)
                for cell, width, side in zip(row, widths, self._sides(columns), strict=True)
            ).rstrip()
            for row in (*head, *self.rows)
        ]
        if self.rule:
            lines.insert(len(head), "-" * max(map(len, lines)))
        return "\n".join([*lines, self.caption] if self.caption else lines)

    def _sides(self, columns: Sequence[Sequence[str]]) -> str:
        if self.align:
            return self.align
        below = [column[len(self.header[:1]) :] for column in columns[1:]]
        return "l" + "".join("r" if _is_number(cells) else "l" for cells in below)

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        names = "".join(f"<th>{escape(cell)}</th>" for cell in self.header)
        head = f"<thead><tr>{names}</tr></thead>" if names else ""
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _is_number(cells: Sequence[str]) -> bool:
    """Whether most cells of a column begin as a number does."""
    return sum(cell[:1].isdigit() for cell in cells) * 2 > len(cells)
