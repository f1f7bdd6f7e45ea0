"""The organisations below one figure laid side by side: as a table, as bars in order, as small multiples.

Unknown ones stand apart, never as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xingtan.kernel.period import Period
from xingtan.press import panels, svg

from .explaining import Reading
from .printing import PERCENT
from .selectors import Line

SHOWS = ("table", "bars", "multiples")


@dataclass(frozen=True, slots=True)
class Bar:
    """One organisation with its bar."""

    reading: Reading
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class Panel:
    """One organisation with its small line."""

    reading: Reading
    drawing: SafeString


class Children:
    """The lines below a figure, in one of three forms; `above` are the parent's readings over the same periods."""

    def __init__(self, lines: Sequence[Line], above: Sequence[Reading], show: str) -> None:
        self.lines, self.above = lines, above
        self.show = show if show in SHOWS else SHOWS[0]

    @property
    def parent(self) -> Reading:
        return self.above[-1]

    @cached_property
    def known(self) -> list[Line]:
        """Those with a value, the best first; the greatest first where the indicator has no direction."""
        found = [line for line in self.lines if line.now.number is not None]
        lower = bool(found) and found[0].indicator.better == "lower"
        return sorted(found, key=lambda line: (line.now.number or 0.0) * (1 if lower else -1))

    @property
    def apart(self) -> list[Reading]:
        """Those without a point: unknown, known by a bound only, or not concerned."""
        return [line.now for line in self.lines if line.now.number is None]

    @property
    def bars(self) -> list[Bar]:
        numbers = [line.now.number for line in self.known if line.now.number is not None]
        line = self.parent.number if self.held_against else None
        ends = (min([0.0, *numbers, line or 0.0]), max([0.0, *numbers, line or 0.0]))
        return [Bar(one.now, _safe(panels.bar(one.now.number or 0.0, ends, line))) for one in self.known]

    @property
    def held_against(self) -> bool:
        """Whether the parent's value may stand as a line beside its parts: it may not where it is their sum."""
        numbers = [line.now.number for line in self.known if line.now.number is not None]
        return self.parent.number is not None and bool(numbers) and min(numbers) <= self.parent.number <= max(numbers)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The axis that all panels share."""
        found = [value for line in self.lines for value in _numbers(line) if value is not None]
        return panels.span([*found, *(value for value in self._behind if value is not None)])

    @property
    def _behind(self) -> tuple[float | None, ...]:
        return tuple(one.number for one in self.above) if self.held_against else ()

    @property
    def panels(self) -> list[Panel]:
        return [Panel(line.now, _safe(panels.panel(_numbers(line), self.ends, self._behind))) for line in self.lines if _drawable(line)]

    @property
    def axis(self) -> tuple[str, str]:
        """What the ends of the common axis are called."""
        unit = "%" if self.parent.indicator.unit in PERCENT else self.parent.indicator.unit
        return f"{self.ends[0]:,.4g}{unit}", f"{self.ends[1]:,.4g}{unit}"

    @property
    def periods(self) -> list[Period]:
        return [Period.parse(one.figure.period) for one in self.above]

    @property
    def breaks(self) -> list[str]:
        """Method breaks inside the periods drawn."""
        first, last = self.periods[0], self.periods[-1]
        return [
            _("自 %(at)s 起：%(note)s") % {"at": mark.at, "note": mark.note}
            for mark in self.parent.indicator.breaks
            if first < Period.parse(mark.at) <= last
        ]

    def image(self, title: str) -> str:
        """The present form as one drawing to be saved."""
        if self.show == "multiples":
            lines = [line for line in self.lines if _drawable(line)]
            drawings = [panels.panel(_numbers(line), self.ends, self._behind) for line in lines]
            return panels.sheet([(line.now.org_name, str(line.now.text)) for line in lines], drawings, title)
        return svg.bars([svg.Point(line.now.org_name, line.now.number, str(line.now.text)) for line in self.known], title)


def _numbers(line: Line) -> tuple[float | None, ...]:
    """The points of the trend; of a single period the value itself."""
    return line.numbers or (line.now.number,)


def _drawable(line: Line) -> bool:
    return any(value is not None for value in _numbers(line))


def _safe(drawing: str) -> SafeString:
    """Drawn by us from numbers and escaped texts."""
    return mark_safe(drawing)  # noqa: S308
