"""Faults of an import while it is read: by row and column of the sheet, so that people find the cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Severity


@dataclass(frozen=True, slots=True)
class Found:
    """`row` from 1; `column` from 0 in the file, None when the fault is the whole row's; `title` the heading."""

    row: int
    column: int | None
    title: str
    value: str
    fault: Fault


@dataclass(slots=True)
class Findings:
    """All faults of a file, in the order found. `refused` are the rows that cannot be taken."""

    items: list[Found] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def add(self, row: int, fault: Fault, *, column: int | None = None, title: str = "", value: str = "") -> None:
        self.items.append(Found(row, column, title, value[:200], fault))
        if fault.severity is Severity.ERROR:
            self.refused.add(row)

    def refuse(self, rows: Iterable[int]) -> None:
        """Rows that cannot be taken for a reason that is told once for all of them."""
        self.refused.update(rows)

    def add_rows(self, rows: Iterable[int], fault: Fault, *, column: int | None = None, title: str = "") -> None:
        for row in rows:
            self.add(row, fault, column=column, title=title)

    def ordered(self) -> list[Found]:
        """By row, then column; faults of the whole file first."""
        return sorted(self.items, key=lambda found: (found.row, -1 if found.column is None else found.column))

    def good(self, rows: pl.Series) -> pl.Series:
        """Which of these rows have no error."""
        return ~rows.is_in(list(self.refused)) if self.refused else pl.repeat(value=True, n=rows.len(), eager=True, dtype=pl.Boolean)
