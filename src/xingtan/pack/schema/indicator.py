"""Indicators: a formula over ledgers and registers, with unit, direction and breakdowns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from .common import Formula, Id, IntervalText, Model, Noun, SourceRef, Title


class Break(Model):
    """From this period on, the figure was counted in another way."""

    at: Title = Slot(description='first period of the new method, quoted: "2009", "2008-2009"')
    note: Title


class Indicator(Noun):
    """A figure any organisation can have in any period."""

    unit: str = Slot(default="", description="percent, or the unit in Chinese: 元, 人, 平方米")
    better: Literal["higher", "lower", ""] = ""
    formula: Formula
    by: tuple[Id, ...] = Slot(default=(), description="code or text columns the figure is broken down by")
    missing: Literal["unknown", "partial"] = "unknown"
    plausible: IntervalText | None = Slot(default=None, description="lo..hi; outside it the figure is doubtful")
    digits: int | None = Slot(default=None, ge=0, le=10, description="decimals shown; a percent counts them in percent")
    breaks: tuple[Break, ...] = ()
    basis: SourceRef | None = None
    assumptions: tuple[Title, ...] = Slot(default=(), description="printed beside the figure")
    at: Literal["", "start", "end"] = Slot(default="", description="whose tree the figure uses: the period's end (default) or start")
