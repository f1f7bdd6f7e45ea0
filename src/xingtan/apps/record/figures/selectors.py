"""Figures read: for a page of indicators, for one figure with all that stands behind it, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import parse, words
from xingtan.kernel.period import Period
from xingtan.kernel.small_groups import Shown
from xingtan.kernel.text import T, Text
from xingtan.pack.scope import titles
from xingtan.ui.named import named

from .asking import TODAY
from .explaining import Reading
from .printing import PERCENT
from .store import Book, book

if TYPE_CHECKING:
    from xingtan.engine.indicators.table import FigureTable

TREND = 8  # periods of a trend: as many as a phone shows without crowding


def indicator_of(shelf: Book, name: str) -> IndicatorSpec:
    """The indicator of that id. Raises XingtanError (`figure.indicator`) when the pack has none."""
    found = next((one for one in shelf.model.spec.indicators if one.id == name), None)
    if found is None:
        message = T("规则包 %(pack)s 里没有指标 %(name)s", pack=shelf.pack.version, name=name)
        raise XingtanError.one("figure.indicator", message, T("在“指标”页面查看有哪些指标"))
    return found


def address(place: str, indicator: str, org: str, period: str, *, view: str = "figures:figure", **more: str) -> str:
    """The address of a figure's provenance page, or of another `view` of the figure."""
    query = {"org": org, "period": period, **{key: value for key, value in more.items() if value}}
    return f"{_path(view, place, indicator)}?{urlencode(query)}"


@lru_cache(maxsize=4096)
def _path(view: str, place: str, indicator: str) -> str:
    """The same few paths stand in every cell of a table."""
    return reverse(view, kwargs={"place": place, "indicator": indicator})


def series(shelf: Book, period: Period) -> tuple[Period, ...]:
    """The periods of a trend that ends with `period`: those of its kind in which anything was reported."""
    known = [one for one in shelf.periods(period.kind) if one < period]
    return (*known[-(TREND - 1) :], period)


@dataclass(frozen=True, slots=True)
class Group:
    """One part of a breakdown: the field, and its value ("" for the breakdown as a whole)."""

    by: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.by}:{self.value}" if self.value else self.by


WHOLE = Group()
Readings = dict[tuple[str, str], Reading]


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one organisation in the present period, and its trend: points for a drawing, None where there is none."""

    indicator: IndicatorSpec
    now: Reading
    numbers: tuple[float | None, ...]


def overview(place: Place, org: Organisation, period: Period, reader: Any = None) -> list[Line]:
    """All indicators of an organisation, each with its trend: one evaluation. Small groups are hidden from who may not see the pupils."""
    shelf = book(place, reader=reader)
    periods = series(shelf, period)
    table = shelf.table([org.code], periods, shelf.indicators)
    return [_line(shelf, table, (spec, org.code), periods) for spec in shelf.model.spec.indicators]


def _line(shelf: Book, table: FigureTable, what: tuple[IndicatorSpec, str], periods: Sequence[Period], group: Group = WHOLE) -> Line:
    """The present figure exactly; the trend, which is only drawn, in doubles."""
    (spec, code), value = what, group.value if group.by else None
    now = _reading(shelf, table.get(spec.id, code, periods[-1], value), spec, group)
    scale = 100 if spec.unit in PERCENT else 1
    points = _points(shelf, table, (spec, code), periods, group) if len(periods) > 1 else []
    return Line(spec, now, tuple(None if point is None else point * scale for point in points))


def _points(
    shelf: Book, table: FigureTable, what: tuple[IndicatorSpec, str], periods: Sequence[Period], group: Group
) -> list[float | None]:
    """The drawn numbers; none where a small group must not be shown."""
    (spec, code), value = what, group.value if group.by else None
    points = table.points(spec.id, code, periods, value)
    if not shelf.veil.counts.get(spec.id):
        return points
    plain = [shelf.veil.state(table.get(spec.id, code, one, value), group.by) is Shown.PLAIN for one in periods]
    return [point if shown else None for point, shown in zip(points, plain, strict=True)]


def trend(shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period, group: Group = WHOLE) -> tuple[Reading, ...]:
    """One indicator over the periods up to this one; of one group if given."""
    periods, value = series(shelf, period), group.value if group.by else None
    table = _asked(shelf, indicator, (org.code,), periods, group)
    return tuple(_reading(shelf, table.get(indicator.id, org.code, one, value), indicator, group) for one in periods)


def below(shelf: Book, indicator: IndicatorSpec, codes: Sequence[str], period: Period, group: Group = WHOLE) -> list[Line]:
    """The same indicator for other organisations, with their trends."""
    return _lines(shelf, indicator, codes, period, group) if codes else []


def _lines(shelf: Book, indicator: IndicatorSpec, codes: Sequence[str], period: Period, group: Group) -> list[Line]:
    periods = series(shelf, period)
    table = _asked(shelf, indicator, codes, periods, group)
    return [_line(shelf, table, (indicator, code), periods, group) for code in codes]


def _asked(shelf: Book, indicator: IndicatorSpec, codes: Sequence[str], periods: Sequence[Period], group: Group) -> FigureTable:
    table = shelf.table(codes, periods, [indicator.id], group.by or None)
    if group.by and group.value not in table.groups:
        raise _no_group(f"{group.by}:{group.value}")
    return table


def groups(shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period, by: str) -> list[tuple[str, Reading]]:
    """The figure broken down by one of its columns."""
    table = shelf.table([org.code], [period], [indicator.id], by)
    return [
        (group, _reading(shelf, table.get(indicator.id, org.code, period, group), indicator, Group(by, group)))
        for group in table.groups
        if group is not None
    ]


def _no_group(text: str) -> XingtanError:
    return XingtanError.one("figure.group", T("没有分组 %(group)s", group=text), T("从指标页面上的“按……分”进入"))


def group_of(indicator: IndicatorSpec, text: str) -> Group:
    """`by` or `by:value` of an address. Raises XingtanError (`figure.group`) when the indicator is not broken down so."""
    by, _, value = text.partition(":")
    if text and by not in indicator.by:
        raise _no_group(text)
    return Group(by, value)


def _reading(shelf: Book, figure: Any, indicator: IndicatorSpec, group: Group = WHOLE) -> Reading:
    name = shelf.tree.name(figure.org, shelf.day(Period.parse(figure.period)))
    more = {**told(shelf), "group": str(group)}
    return Reading(
        shelf.veil.cover(figure, indicator, group.by),
        indicator,
        name,
        address(shelf.place.slug, indicator.id, figure.org, figure.period, **more),
    )


def readings(shelf: Book, specs: Sequence[IndicatorSpec], codes: Sequence[str], period: Period, group: Group = WHOLE) -> Readings:
    """Many indicators of many organisations in one period, by (indicator, organisation): one evaluation."""
    table, value = shelf.table(codes, [period], [spec.id for spec in specs], group.by or None), group.value if group.by else None
    shelf.veil.ask(codes)
    if group.by and value not in table.groups:  # nobody reported of this part
        return {}
    return {(spec.id, code): _reading(shelf, table.get(spec.id, code, period, value), spec, group) for spec in specs for code in codes}


def told(shelf: Book) -> dict[str, str]:
    """What an address has to say so that the next page reads the same snapshot in the same tree."""
    return {"snapshot": shelf.snapshot.manifest.name, "recast": TODAY if shelf.retold else ""}


def formula_in_words(shelf: Book, indicator: IndicatorSpec) -> Text | str:
    """The formula as a clerk would say it, in the reader's language."""
    parsed = parse(indicator.formula)
    return words(parsed.expr, titles(shelf.pack, named)) if parsed.expr is not None else indicator.formula


def title_of(shelf: Book, column: str) -> str:
    """What a column is called by which a figure is broken down; its id where it has no title."""
    ledgers = shelf.pack.ledgers.values()
    return next((named(field) for ledger in ledgers for field in ledger.fields if field.id == column), column)
