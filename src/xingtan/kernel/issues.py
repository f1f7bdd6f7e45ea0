"""Findings about what somebody gave us: each with its place, its reason and its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xingtan.kernel.text import Text


class Severity(StrEnum):
    """How much a finding weighs: an error refuses, a warning asks, a doubt marks, historical excuses the source, info tells."""

    ERROR = "error"
    WARNING = "warning"
    DOUBT = "doubt"
    HISTORICAL = "historical"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a finding; `line`, `column` and `row` count from 1. `str()` gives “台账.xlsx · Sheet1!C7” or “rules.yaml:12:5”."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    field: str = ""

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        head = ":".join([self.file, *numbers]) if self.file else ":".join(numbers)
        spot = self.cell or (str(self.row) if self.row is not None else "")
        table = f"{self.sheet}!{spot}" if self.sheet and spot else self.sheet or spot
        return " · ".join(part for part in (head, table, self.field) if part)


NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. `code` is stable and dotted (`formula.syntax`); `value` is what was found; `excerpt` the source line over a caret."""

    severity: Severity
    code: str
    message: Text
    where: Where = NOWHERE
    hint: Text | None = None
    value: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place}  {self.message}" if place else str(self.message)


def has_errors(issues: Iterable[Issue]) -> bool:
    return any(issue.severity is Severity.ERROR for issue in issues)


def error(code: str, message: Text, where: Where = NOWHERE, hint: Text | None = None) -> Issue:
    """A fault that refuses; a cell's reader leaves its place to whoever notes it."""
    return Issue(Severity.ERROR, code, message, where, hint)
