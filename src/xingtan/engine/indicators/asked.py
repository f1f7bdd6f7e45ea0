"""Which periods are asked, as the small table a sheet's query joins; and what the time names mean in each."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from xingtan.engine.indicators.sheet import Sheet, TimeRule
from xingtan.engine.indicators.sql.row import time_column
from xingtan.engine.indicators.sql.source import NO_DATE, Shape, asked_schema
from xingtan.engine.indicators.world import World, matches
from xingtan.kernel.calendar import WorkingCalendar
from xingtan.kernel.formula.values import quantity
from xingtan.kernel.period import Period, PeriodKind
from xingtan.kernel.terms import SchoolTerms

TYPES = {"int32": pa.int32(), "string": pa.string(), "date": pa.date32()}
FAR = 3660  # days; `within` more working days than lie in ten years is a slip
SCHOOL = frozenset({PeriodKind.SCHOOL_YEAR, PeriodKind.TERM})


def times(period: Period, today: date | None, terms: SchoolTerms | None = None) -> dict[str, Any]:
    """Time names of a figure's period; None where they have no date. The year is a school year for school years and terms.

    School years and terms begin and end as `terms`, the place's calendar, says.
    """
    day = period.end
    if day is None:
        return {"today": today, **dict.fromkeys(("year.start", "year.end", "term.start", "term.end", "term"))}
    calendar = terms or SchoolTerms()
    year = Period.at(PeriodKind.SCHOOL_YEAR if period.kind in SCHOOL else PeriodKind.YEAR, day)
    first, last = calendar.school_year(year) if period.kind in SCHOOL else (year.start, year.end)
    term = calendar.term_at(day) if period.kind is PeriodKind.DAY else Period.at(PeriodKind.TERM, day)
    inside = period.kind is PeriodKind.DAY or term.contains(period)
    start, end = calendar.term(term) if inside else (None, None)
    return {
        "today": today,
        "year.start": first,
        "year.end": last,
        "term.start": start,
        "term.end": end,
        "term": f"T{term.part}" if inside else None,
    }


def reported(sheet: Sheet, periods: Sequence[Period], world: World) -> list[bool] | None:
    """For each period, whether the whole place reported anything under it; None: only a query can tell."""
    if sheet.rule.kind != "period":
        return None
    nil = {text for _, text in world.returns.get(sheet.dataset.id, ()) if text}
    return [bool(world.hits(sheet.dataset.id, one)) or any(matches(one, (text, None)) for text in nil) for one in periods]


def ask(sheet: Sheet, shape: Shape, periods: Sequence[Period], world: World, more: Callable[[int], Mapping[str, Any]]) -> pa.Table:
    """`more(number)`: values of `argument` (of on, within), `calendar` and the time names for the period of that number."""
    schema = pa.schema([(name, TYPES[kind]) for name, kind in asked_schema(sheet, shape).items()])
    rows: list[dict[str, Any]] = []
    known = world.keys(sheet.dataset.id) if sheet.rule.kind == "period" else ()
    for number, period in enumerate(periods):
        given = more(number)
        own = {"slot": number, **{time_column(name): given[name] for name in shape.times}}
        found = [known[hit] for hit in world.hits(sheet.dataset.id, period)] if known else []
        keys = [_key(shape, *key) for key in found] if sheet.rule.kind == "period" else _window(sheet.rule, given, period)
        rows += [{**own, **key} for key in keys]
    return pa.Table.from_pylist(rows, schema=schema)


def _key(shape: Shape, text: str, day: date | None) -> dict[str, Any]:
    if not shape.dated:
        return {"row_period": text}
    return {"row_period": text, "row_date": date.fromisoformat(NO_DATE) if text else day}


def _window(rule: TimeRule, given: Mapping[str, Any], period: Period) -> list[dict[str, Any]]:
    """The day of on(…), or the days after the last one outside within(…); nothing if they are not known."""
    argument = given["argument"]
    if rule.kind == "on":
        return [{"day": argument}] if isinstance(argument, date) else []
    until, amount = period.end, quantity(argument).value
    if until is None or amount is None:
        return []
    units = int(amount.to_integral_value(rounding="ROUND_CEILING"))  # a day is inside if fewer whole units lie between
    after = _before(until, units, rule.unit, given["calendar"])
    return [] if after is None else [{"after": after, "until": until}]


def _before(until: date, units: int, unit: str, calendar: WorkingCalendar | None) -> date | None:
    """The last day that is no longer within so many units of `until`."""
    if unit in {"days", "weeks"}:
        return until - timedelta(days=units * (7 if unit == "weeks" else 1))
    if unit == "months":
        year, month = divmod(until.year * 12 + until.month - 1 - units, 12)
        return date(year, month + 1, min(until.day, monthrange(year, month + 1)[1]))
    if calendar is None:
        return None
    days = (until - timedelta(days=back) for back in range(FAR))
    return next((day for day in days if _workdays(calendar, day, until) >= units), None)


def _workdays(calendar: WorkingCalendar, day: date, until: date) -> int:
    return 0 if day == until else calendar.workdays(day + timedelta(days=1), until)
