"""Figures read: for a page of indicators, for one figure with all that stands behind it, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, OrgSpell, Place
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import in_words, parse
from xingtan.kernel.period import Period
from xingtan.kernel.text import T

from .explaining import Reading
from .store import Book, book

TREND = 8  # periods of a trend: as many as a phone shows without crowding


def indicator_of(shelf: Book, name: str) -> IndicatorSpec:
    """The indicator of that id. Raises XingtanError (`figure.indicator`) when the pack has none."""
    found = next((one for one in shelf.model.spec.indicators if one.id == name), None)
    if found is None:
        message = T("规则包 %(pack)s 里没有指标 %(name)s", pack=shelf.pack.version, name=name)
        raise XingtanError.one("figure.indicator", message, T("在“指标”页面查看有哪些指标"))
    return found


def address(place: str, indicator: str, org: str, period: str, **more: str) -> str:
    """The address of a figure's provenance page."""
    query = {"org": org, "period": period, **{key: value for key, value in more.items() if value}}
    return f"{reverse('figures:figure', kwargs={'place': place, 'indicator': indicator})}?{urlencode(query)}"


def names_of(place: Place, codes: Iterable[str]) -> dict[str, str]:
    """Names by code, as organisations are or were last called."""
    return dict(Organisation.objects.filter(place=place, code__in=set(codes)).values_list("code", "name"))


def series(shelf: Book, period: Period) -> tuple[Period, ...]:
    """The periods of a trend that ends with `period`: those of its kind in which anything was reported."""
    known = [one for one in shelf.periods(period.kind) if one < period]
    return (*known[-(TREND - 1) :], period)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one organisation with its trend, the present period last."""

    indicator: IndicatorSpec
    readings: tuple[Reading, ...]

    @property
    def now(self) -> Reading:
        return self.readings[-1]


def overview(place: Place, org: Organisation, period: Period) -> list[Line]:
    """All indicators of an organisation, each with its trend: one evaluation."""
    shelf = book(place)
    periods = series(shelf, period)
    table = shelf.table([org.code], periods, shelf.indicators)
    return [
        Line(spec, tuple(_reading(shelf, table.get(spec.id, org.code, one.text), spec, org.name) for one in periods))
        for spec in shelf.model.spec.indicators
    ]


def trend(shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period, group: str = "") -> tuple[Reading, ...]:
    """One indicator over the periods up to this one."""
    periods = series(shelf, period)
    by, key = _group(group)
    table = shelf.table([org.code], periods, [indicator.id], by)
    return tuple(_reading(shelf, table.get(indicator.id, org.code, one.text, key), indicator, org.name) for one in periods)


def below(shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period) -> list[Line]:
    """The same indicator for the organisations directly below, with their trends."""
    nodes = orgs.children(org, period.end)
    if not nodes:
        return []
    periods = series(shelf, period)
    table = shelf.table([node.code for node in nodes], periods, [indicator.id])
    return [
        Line(indicator, tuple(_reading(shelf, table.get(indicator.id, node.code, one.text), indicator, node.name) for one in periods))
        for node in nodes
    ]


def groups(shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period, by: str) -> list[tuple[str, Reading]]:
    """The figure broken down by one of its columns."""
    table = shelf.table([org.code], [period], [indicator.id], by)
    return [
        (group, _reading(shelf, table.get(indicator.id, org.code, period, group), indicator, org.name))
        for group in table.groups
        if group is not None
    ]


def _group(text: str) -> tuple[str | None, str | None]:
    """`by:value` of an address."""
    by, _, value = text.partition(":")
    return (by, value) if by else (None, None)


def _reading(shelf: Book, figure: Any, indicator: IndicatorSpec, name: str) -> Reading:
    snapshot = shelf.snapshot.manifest.name
    return Reading(figure, indicator, name, address(shelf.place.slug, indicator.id, figure.org, figure.period, snapshot=snapshot))


def formula_in_words(shelf: Book, indicator: IndicatorSpec) -> str:
    """The formula as a clerk would say it."""
    parsed = parse(indicator.formula)
    return str(in_words(parsed.expr, titles(shelf))) if parsed.expr is not None else indicator.formula


def titles(shelf: Book) -> dict[str, str]:
    """What every name of a formula is called: datasets, `dataset.field`, fields, indicators, parameters."""
    spec = shelf.model.spec
    found: dict[str, str] = {name: parameter.title for name, parameter in shelf.pack.parameters.items()}
    for dataset in spec.datasets:
        found[dataset.id] = dataset.title
        for field in dataset.fields:
            found[f"{dataset.id}.{field.id}"] = field.title
            found.setdefault(field.id, field.title)
    found.update({indicator.id: indicator.title for indicator in spec.indicators})
    return found


def open_orgs(place: Place, period: Period) -> Sequence[str]:
    """Codes of all organisations at the end of a period."""
    spells = OrgSpell.objects.filter(org__place=place)
    spells = spells.on(period.end) if period.end else spells.open()
    return list(spells.order_by("org__code").values_list("org__code", flat=True))
