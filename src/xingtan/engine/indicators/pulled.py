"""Rows fetched from a sheet and looked at one by one: values for quantiles and the like, conditions that SQL cannot decide exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from xingtan.engine.indicators.sheet import Sheet
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec
from xingtan.kernel.formula.evaluate import evaluate
from xingtan.kernel.formula.nodes import Name, walk
from xingtan.kernel.formula.values import NOT_APPLICABLE, Env, Value, tri, unknown
from xingtan.kernel.period import Period, PeriodError
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.tri import Tri, and3


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a fetched column. `sure`: its row counts surely; `vague`: whether it counts rests on an unknown value."""

    value: Value
    sure: bool
    vague: bool
    day: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One fetched row: own organisation (position), slot, values by field, and what each condition says of it."""

    org: int
    slot: int
    day: date | None
    doubtful: bool
    values: Mapping[str, Value]
    truths: Mapping[int, tuple[Tri, bool]]  # condition → (holds, whether that rests on an unknown value)


def read_value(dataset: DatasetSpec, field_id: str, row: Mapping[str, Any]) -> Value:
    """A field of a table row as the evaluator knows it; a number is narrowed to its declared range."""
    field = dataset.field(field_id)
    assert field is not None
    if field.type in NUMERIC:
        ends = (row[f"{field_id}__{end}"] for end in ("lo", "hi", "lo_open", "hi_open", "reason"))
        return Quantity.from_columns(*ends).narrow(field.minimum, field.maximum)
    reason = row[f"{field_id}__reason"]
    if reason == "not_applicable":
        return NOT_APPLICABLE
    return None if reason == "unknown" else row[field_id]


class Reader:
    """Reads fetched rows of one sheet. `position` and `slot` place a row in the cells, `env` gives what a slot's conditions see."""

    def __init__(self, sheet: Sheet, by: str, fields: Sequence[str], env: Callable[[int], Env]) -> None:
        self.sheet, self.by, self.fields, self.env = sheet, by, fields, env

    def rows(self, table: pa.Table, orgs: Sequence[int], slots: Sequence[int], numbers: Sequence[int]) -> Iterator[Seen]:
        """The rows that lie on the axis, with the truth of the conditions `numbers`."""
        for org, slot, row in zip(orgs, slots, table.to_pylist(), strict=True):
            if org < 0:
                continue
            values = {field: read_value(self.sheet.dataset, field, row) for field in self.fields}
            truths = {number: self._truth(number, row, values, slot) for number in numbers}
            yield Seen(org, slot, _day(row), bool(row["doubt"]), values, truths)

    def _truth(self, number: int, row: Mapping[str, Any], values: Mapping[str, Value], slot: int) -> tuple[Tri, bool]:
        condition = self.sheet.conditions[number]
        if condition.in_sql:
            holds = True if row[f"y{number}"] else None if row[f"m{number}"] else False
            return holds, bool(row[f"w{number}"])
        whole = {**values, **{name: row[name] for name in ("date", "org", "valid_from", "valid_to")}, "doubtful": bool(row["doubt"])}
        assert condition.expr is not None
        env = self.env(slot)
        holds = tri(evaluate(condition.expr, {**whole, **values}, env))
        seen = {**env.times, **env.names, **whole, **values}
        names = {node.id for node in walk(condition.expr) if isinstance(node, Name)}
        vague = any(unknown(seen[name]) for name in names & seen.keys())
        anywhere = self.by and values[self.by] is None  # the row may belong to any group
        if anywhere or self._undated(row):
            return and3(holds, None), True
        return holds, vague

    def _undated(self, row: Mapping[str, Any]) -> bool:
        """Whether the row does not say the day that the sheet's time rule asks for."""
        day = {"on": "valid_from", "within": "date"}.get(self.sheet.rule.kind)
        return day is not None and row[day] is None


def _day(row: Mapping[str, Any]) -> date | None:
    """The row's date, or the last day of its period."""
    if row["date"] is not None or not row["period"]:
        return row["date"]  # type: ignore[no-any-return]
    try:
        return Period.parse(row["period"]).end
    except PeriodError:
        return None


Sums = dict[tuple[int, int], dict[str, Decimal]]


def added(sheet: Sheet, rows: Sequence[Seen], numbers: Sequence[int]) -> Sums:
    """The columns of `sql.leaf` for conditions that Python decides: (organisation, slot) → column → number."""
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        cell = sums[row.org, row.slot]
        for number in numbers:
            holds, vague = row.truths[number]
            if holds is not False:
                cell[f"y{number}"] += holds is True
                cell[f"m{number}"] += 1
                cell[f"w{number}"] += holds is None and vague
                cell[f"d{number}"] += row.doubtful
        for place, total in enumerate(sheet.totals):
            if total.condition in numbers:
                _total(cell, place, row.values[total.field], *row.truths[total.condition])
    return sums


def _total(cell: dict[str, Decimal], place: int, value: Value, holds: Tri, vague: bool) -> None:
    if holds is False or not isinstance(value, Quantity):
        return
    if value.is_not_applicable:
        cell[f"x{place}"] += 1
        return
    cell[f"p{place}"] += holds is True
    cell[f"q{place}"] += 1
    cell[f"u{place}"] += value.is_unknown or (holds is None and vague)
    cell[f"a{place}"] += value.reason.value == "approximate"
    for end, sign, bound, is_open in (("l", -1, value.lo, value.lo_open), ("h", 1, value.hi, value.hi_open)):
        if bound is None:
            cell[f"i{end}{place}"] += 1
        elif holds is True or sign * bound > 0:
            cell[("lo" if end == "l" else "hi") + str(place)] += bound
            cell[f"o{end}{place}"] += is_open
