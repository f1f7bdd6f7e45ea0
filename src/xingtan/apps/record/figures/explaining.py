"""What stands on a figure's provenance page, as data: how it came about, in words of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xingtan.engine.indicators.figure import Figure
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text
from xingtan.press import svg
from xingtan.ui.figures import light

from . import printing


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as a page shows it."""

    figure: Figure
    indicator: IndicatorSpec
    org_name: str
    url: str = ""
    pending: bool = False  # newer rows wait to be read

    @property
    def text(self) -> Text:
        return printing.grouped(self.figure.value, self.indicator)

    @property
    def status(self) -> str:
        return str(self.figure.status)

    @property
    def lights(self) -> list[tuple[str, str]]:
        """What must be said beside the value, as (name of a light, its word): doubt does not hide that somebody is missing."""
        status, missing = self.status, len(self.figure.missing)
        found = [("stale", "")] if self.pending else []
        if status == "doubtful":
            found.append(("doubtful", ""))
        if status in {"partial", "doubtful"} and missing and self.indicator.missing == "partial":
            found.append(("partial", _("部分：%(n)s 个单位未报") % {"n": missing}))
        if status == "unknown":
            found.append(("unknown", "" if self.figure.rows or not missing else _("尚未上报")))
        return found

    @property
    def standing(self) -> str:
        """The lights as words: for workbooks."""
        return "；".join(str(word or light(state).word) for state, word in self.lights)

    @property
    def numerator(self) -> Text | None:
        return self._part(self.figure.numerator)

    @property
    def denominator(self) -> Text | None:
        return self._part(self.figure.denominator)

    def _part(self, value: Quantity | None) -> Text | None:
        """Numerator or denominator; None where nothing was reported: an empty sum is no count."""
        if value is None or (self.status == "unknown" and not self.figure.rows):
            return None
        return printing.grouped(value, replace(self.indicator, unit="", digits=None))

    @property
    def period(self) -> Text:
        return Period.parse(self.figure.period).label()

    @property
    def number(self) -> float | None:
        """The value as a point for drawings: percent as percent; None when it is not a point."""
        value = self.figure.value.value
        if value is None or self.figure.status == "unknown":
            return None
        return float(value * 100 if self.indicator.unit in printing.PERCENT else value)


def drawing(readings: Sequence[Reading], title: str, also: Sequence[float] = ()) -> SafeString:
    """The series as a drawing with its method breaks; "" when nothing can be drawn. Every text in it is escaped where it is drawn.

    `also` are values of a series beside it, drawn on the same axis.
    """
    points = [_point(reading) for reading in readings]
    breaks = _breaks(readings)
    unit = "%" if readings and readings[0].indicator.unit in printing.PERCENT else ""
    return mark_safe(svg.trend(points, title, breaks, unit=unit, also=also) if sum(point.value is not None for point in points) > 1 else "")  # noqa: S308


def spark(values: Sequence[float | None]) -> str:
    """The series as a sparkline; "" with fewer than two points."""
    return svg.spark(values) if sum(value is not None for value in values) > 1 else ""


def _point(reading: Reading) -> svg.Point:
    value = reading.figure.value
    scale = 100 if reading.indicator.unit in printing.PERCENT else 1
    bounded = reading.number is None and not value.is_not_applicable
    low = float(value.lo * scale) if bounded and value.lo is not None and value.lo != 0 else None
    high = float(value.hi * scale) if bounded and value.hi is not None else None
    return svg.Point(str(reading.period), reading.number, str(reading.text), low, high, reading.url)


def _breaks(readings: Sequence[Reading]) -> list[svg.Break]:
    found: list[svg.Break] = []
    for mark in readings[0].indicator.breaks if readings else ():
        start = Period.parse(mark.at)
        at = next((n for n, reading in enumerate(readings) if Period.parse(reading.figure.period) >= start), None)
        if at:
            found.append(svg.Break(at, mark.note))
    return found


def missing_names(figure: Figure, names: dict[str, str]) -> Text | None:
    """Who has not reported, by name; None when nobody is missing."""
    if not figure.missing:
        return None
    return T("%(names)s（共%(n)s个）", names="、".join(names.get(code, code) for code in figure.missing), n=len(figure.missing))
