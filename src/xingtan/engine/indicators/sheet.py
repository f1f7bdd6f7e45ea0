"""Which rows, and what is added up over them: all record functions over one dataset under one time rule share one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.formula.nodes import Expr

ADDITIVE = frozenset({"count", "sum", "mean"})


@dataclass(frozen=True, slots=True)
class TimeRule:
    """Which rows in time: of the period (default), valid `on` a day, or dated `within` the last n units before the period's end."""

    kind: Literal["period", "on", "within"] = "period"
    argument: Expr | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over rows; `in_sql` is False where only the row evaluator is exact."""

    expr: Expr | None
    in_sql: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """A numeric field summed over the rows of a condition (by its number in the sheet)."""

    field: str
    condition: int


@dataclass(frozen=True, slots=True)
class Pull:
    """Values fetched because no sum tells them: median, quantile, distinct, first, last."""

    field: str
    condition: int


@dataclass
class Sheet:
    """One query. Grown while formulas are compiled, never changed afterwards."""

    id: str
    dataset: DatasetSpec
    rule: TimeRule
    conditions: list[Condition] = field(default_factory=list)
    counts: set[int] = field(default_factory=set)  # conditions whose rows are counted
    unions: set[int] = field(default_factory=set)  # conditions that say which rows stand under a figure
    totals: list[Total] = field(default_factory=list)
    means: set[int] = field(default_factory=set)  # totals that are divided by the number of their values
    pulls: list[Pull] = field(default_factory=list)

    def condition(self, condition: Condition) -> int:
        """The number of the condition, added if it is new."""
        return _place(self.conditions, condition)

    def total(self, total: Total) -> int:
        return _place(self.totals, total)

    def pull(self, pull: Pull) -> int:
        return _place(self.pulls, pull)


def _place(items: list[Any], item: Any) -> int:
    if item not in items:
        items.append(item)
    return items.index(item)
