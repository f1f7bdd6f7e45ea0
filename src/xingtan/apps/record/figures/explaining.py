"""What stands on a figure's provenance page, as data: how it came about, in words of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from xingtan.engine.indicators.figure import Figure
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.period import Period
from xingtan.kernel.text import T, Text
from xingtan.press import svg

from . import printing


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as a page shows it."""

    figure: Figure
    indicator: IndicatorSpec
    org_name: str
    url: str = ""

    @property
    def text(self) -> Text:
        return printing.grouped(self.figure.value, self.indicator)

    @property
    def status(self) -> str:
        return str(self.figure.status)

    @property
    def numerator(self) -> Text | None:
        return _part(self.figure.numerator, self.indicator)

    @property
    def denominator(self) -> Text | None:
        return _part(self.figure.denominator, self.indicator)

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


def _part(value: object, indicator: IndicatorSpec) -> Text | None:
    from dataclasses import replace

    from xingtan.kernel.quantity import Quantity

    return printing.grouped(value, replace(indicator, unit="", digits=None)) if isinstance(value, Quantity) else None


def drawing(readings: Sequence[Reading], title: str) -> SafeString:
    """The series as a drawing with its method breaks; "" when nothing can be drawn. Every text in it is escaped where it is drawn."""
    points = [_point(reading) for reading in readings]
    breaks = _breaks(readings)
    return mark_safe(svg.trend(points, title, breaks) if sum(point.value is not None for point in points) > 1 else "")  # noqa: S308


def spark(readings: Sequence[Reading]) -> str:
    """The series as a sparkline; "" with fewer than two points."""
    values = [reading.number for reading in readings]
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
        at = next((n for n, reading in enumerate(readings) if reading.figure.period == mark.at), None)
        if at:
            found.append(svg.Break(at, mark.note))
    return found


def missing_names(figure: Figure, names: dict[str, str]) -> Text | None:
    """Who has not reported, by name; None when nobody is missing."""
    if not figure.missing:
        return None
    return T("%(names)s（共%(n)s个）", names="、".join(names.get(code, code) for code in figure.missing), n=len(figure.missing))
