"""Two series side by side: one indicator of two organisations, or two indicators of one, each with its method breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.figures import selectors
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.explaining import Reading, drawing
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.apps.record.figures.store import Book
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.ui.named import named


@dataclass(frozen=True, slots=True)
class Side:
    """One series with its drawing."""

    title: str
    org: str
    indicator: IndicatorSpec
    readings: tuple[Reading, ...]
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Pair:
    """One or two sides; `lines` are periods with the readings of every side."""

    sides: list[Side]
    shared: bool

    @property
    def lines(self) -> list[tuple[Any, list[Reading]]]:
        columns = [side.readings for side in self.sides]
        return [(found[0].period, list(found)) for found in zip(*columns, strict=True)]

    @property
    def breaks(self) -> list[tuple[str, str, str]]:
        """(title, period, what changed) of every break inside the periods."""
        found = {}
        for side in self.sides:
            first, last = (Period.parse(side.readings[at].figure.period) for at in (0, -1))
            for mark in side.indicator.breaks:
                if first < Period.parse(mark.at) <= last:
                    found[side.indicator.id, mark.at] = (named(side.indicator), mark.at, mark.note)
        return list(found.values())


def pair(shelf: Book, here: Asked, names: Sequence[str], other: str) -> Pair:
    """The series asked for. Raises XingtanError for an indicator or organisation that is not there, or that the reader may not see."""
    specs = [selectors.indicator_of(shelf, name) for name in dict.fromkeys(names)]
    orgs = [here.org, *([_other(here, other)] if other and other != here.org.code else [])]
    for org in orgs:
        shelf.require(org.code)
    wanted = [(specs[0], org) for org in orgs] if len(orgs) > 1 else [(spec, here.org) for spec in specs[:2]]
    found = [(spec, org, selectors.trend(shelf, spec, org, here.period)) for spec, org in wanted]
    shared = len({spec.unit for spec, _org, _readings in found}) == 1
    also = [one.number for _spec, _org, readings in found for one in readings if one.number is not None] if shared else []
    sides = [_side(spec, readings, also) for spec, _org, readings in found]
    return Pair(sides, shared and len(sides) > 1)


def _side(spec: IndicatorSpec, readings: tuple[Reading, ...], also: Sequence[float]) -> Side:
    return Side(named(spec), readings[-1].org_name, spec, readings, drawing(readings, f"{readings[-1].org_name} · {named(spec)}", also))


def _other(here: Asked, code: str) -> Organisation:
    there = Organisation.objects.filter(place=here.place, code=code)
    found = POLICY.visible(here.account, VIEW, there).first()
    if found is None:
        message = T("没有单位 %(code)s，或不在您的查看范围内", code=code[:64])
        raise XingtanError.one("compare.org", message, T("在“与谁对比”里重新选一个单位"))
    return found
