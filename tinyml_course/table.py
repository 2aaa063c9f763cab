"""A table of results that reads well in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """Cells as text, under one header. The first column is aligned left, numbers right.

    >>> print(Table(("model", "bytes"), (("fp32", "4,936"), ("int8", "3,100")), "two files"))
    model  bytes
    fp32   4,936
    int8   3,100
    two files
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __str__(self) -> str:
        columns = list(zip(self.header, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        right = [False, *(_is_number(column[1:]) for column in columns[1:])]
        lines = [
            "  ".join(
                cell.rjust(width) if to_right else cell.ljust(width)
                for cell, width, to_right in zip(row, widths, right, strict=True)
            ).rstrip()
            for row in (self.header, *self.rows)
        ]
        return "\n".join([*lines, self.caption] if self.caption else lines)

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.header)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _is_number(cells: Sequence[str]) -> bool:
    """Whether most cells of a column begin as a number does."""
    return sum(cell[:1].isdigit() for cell in cells) * 2 > len(cells)
