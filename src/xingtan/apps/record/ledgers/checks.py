"""The checks of a ledger on one row: a row for which `when` holds is refused or kept as doubtful. The day is given, never a clock's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date as Day  # noqa: N812 - a row's own `date` stands beside it
from decimal import Decimal
from typing import Any

from xingtan.kernel.formula import Env, evaluate, parse
from xingtan.kernel.formula.nodes import Expr, Name, walk
from xingtan.kernel.issues import Severity
from xingtan.kernel.period import Period, PeriodKind
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.kernel.text import T
from xingtan.pack.schema.ledger import NUMERIC, Check
from xingtan.pack.working_days import school_terms

from .cells import Cell
from .shape import Shape
from .values import Fault


class Checker:
    """All checks of a ledger, parsed once."""

    def __init__(self, shape: Shape, today: Day) -> None:
        self.shape, self.today = shape, today
        self.checks: list[tuple[Check, Expr]] = []
        for check in shape.ledger.checks:
            parsed = parse(check.when)
            if parsed.expr is not None:
                self.checks.append((check, parsed.expr))
        self.env = environment(shape, today)

    def run(self, cells: Mapping[str, Cell], *, date: Day | None, org: str, doubt: str) -> list[tuple[str, Fault]]:
        """The checks that hold, each beside the first column it names. An undecided check refuses nobody."""
        row = values(self.shape, cells, date=date, org=org, doubt=doubt)
        return [
            (self.column(expr), fault_of(check, self.titles(expr))) for check, expr in self.checks if evaluate(expr, row, self.env) is True
        ]

    def columns(self, expr: Expr) -> list[str]:
        """The columns of the ledger that a check names, in the order of writing."""
        return list(dict.fromkeys(node.id for node in walk(expr) if isinstance(node, Name) and node.id in self.shape.fields))

    def column(self, expr: Expr) -> str:
        """The first of them, beside which the fault is shown."""
        return next(iter(self.columns(expr)), "")

    def titles(self, expr: Expr) -> list[str]:
        return [self.shape.fields[name].title for name in self.columns(expr)]


def fault_of(check: Check, columns: Collection[str]) -> Fault:
    """The sentence of the check, as the pack says it, and the columns (titles) to look at."""
    severity = Severity.ERROR if check.severity == "refuse" else Severity.DOUBT
    return Fault(
        check.code or "ledger.check", T(check.say), T("请核对：%(columns)s", columns="、".join(columns)) if columns else None, severity
    )


def values(
    shape: Shape, cells: Mapping[str, Cell], *, date: Day | None, org: str, doubt: str, used: Collection[str] | None = None
) -> dict[str, Any]:
    """A row as formulas see it: a blank number is wholly unknown within its range, a blank of another kind is None.

    `used` are the fields that are asked for; None for all.
    """
    row: dict[str, Any] = {"date": date, "org": org, "doubtful": bool(doubt)}
    for item in shape.ledger.fields if used is None else [shape.fields[name] for name in used]:
        cell = cells.get(item.id)
        if item.type in NUMERIC:
            row[item.id] = cell.value if cell else Quantity.unknown().narrow(item.min, item.max)
        else:
            row[item.id] = Reason.NOT_APPLICABLE if cell and cell.reason is Reason.NOT_APPLICABLE else cell.value if cell else None
    return row


def environment(shape: Shape, today: Day) -> Env:
    """Parameters of the pack, the day with its school year and term, and the order of ordered codes."""
    calendar = school_terms(shape.pack.calendar)
    term = calendar.term_at(today)
    first, last = calendar.school_year(Period.at(PeriodKind.SCHOOL_YEAR, today))
    start, end = calendar.term(term)
    times: dict[str, Any] = {"today": today, "year.start": first, "year.end": last, "term.start": start, "term.end": end}
    times["term"] = f"T{term.part}"
    tables = {item.id: shape.pack.codes.get(item.codes or "") for item in shape.ledger.fields}
    orders = {name: table.words() for name, table in tables.items() if table is not None and table.ordered}
    names = {name: Quantity.exact(value) if isinstance(value, Decimal) else value for name, value in shape.parameters.items()}
    return Env(names=names, times=times, orders=orders)
