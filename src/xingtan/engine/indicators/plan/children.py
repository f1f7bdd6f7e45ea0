"""children(x, kind): the figures of the organisations of a kind below; sum, mean, least, greatest, median and quantile over them.

A child to which the figure does not apply is left out; where there is none, the result does not apply either. An unknown child makes
the result unknown; an indicator that declares `missing: partial` leaves it out if it is unknown for want of somebody's return.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from xingtan.engine.indicators import band as bands
from xingtan.engine.indicators.band import ABSENT, HI_OPEN, LO_OPEN, REASONS, UNKNOWN, Band
from xingtan.engine.indicators.plan.node import Cells, each
from xingtan.engine.indicators.plan.quantile import quantile
from xingtan.kernel.quantity import Quantity

Way = Literal["sum", "mean", "least", "greatest", "quantile"]


def members(cells: Cells, kind: str, at: str, cell: tuple[int, int]) -> list[int]:
    """The organisations of the kind below one."""
    slot, org = cell
    ancestors, descendants = cells.trees(at)[slot].pairs(cells.kinds(kind))
    first, last = np.searchsorted(ancestors, [org, org + 1])
    return [int(child) for child in descendants[first:last]]


@dataclass(frozen=True, slots=True)
class Children:
    """`q`: which quantile."""

    way: Way
    indicator: str
    kind: str
    at: str
    partial: bool = False
    q: Decimal = Decimal("0.5")

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        below = [(child, cells.value(self.indicator, slot, child)) for child in members(cells, self.kind, self.at, (slot, org))]
        apply = [(child, value) for child, value in below if not value.is_not_applicable]
        if not apply:
            return Quantity.not_applicable()
        lacking = cells.lacking(self.indicator)[slot] if self.partial else None
        found = [value for child, value in apply if lacking is None or not (value.is_unknown and lacking[child])]
        if not found:
            return Quantity.unknown()
        if self.way == "least":
            return found[0].minimum(*found[1:])
        if self.way == "greatest":
            return found[0].maximum(*found[1:])
        if self.way == "quantile":
            return quantile(found, self.q)
        total = sum(found[1:], found[0])
        return total if self.way == "sum" else total / len(found)

    def bulk(self, cells: Cells) -> Band:
        if self.way == "quantile":
            return each(self, cells)
        parts = [self._slot(cells, slot) for slot in range(cells.shape[0])]
        lo = np.stack([part.lo for part in parts])
        if all(part.flags is None for part in parts):
            return Band(lo, lo)
        return Band(lo, np.stack([part.hi for part in parts]), np.stack([part.marks for part in parts]))

    def _slot(self, cells: Cells, slot: int) -> Band:
        size = cells.shape[1]
        ancestors, descendants = cells.trees(self.at)[slot].pairs(cells.kinds(self.kind))
        figures = cells.band(self.indicator).take((slot, descendants))
        result = bands.absent((size,))
        lo, hi, flags = result.lo, result.hi, result.marks.copy()
        if figures.flags is not None:
            applies = ~figures.has(ABSENT)
            flags[ancestors[applies]] = UNKNOWN  # unless some are left
            counted = applies & ~(figures.has(UNKNOWN) & cells.lacking(self.indicator)[slot, descendants]) if self.partial else applies
            ancestors, figures = ancestors[counted], figures.take(counted)
        if len(ancestors):
            starts = np.flatnonzero(np.r_[True, np.diff(ancestors) > 0])
            some = self._groups(figures, starts, np.diff(np.r_[starts, len(ancestors)]))
            at = ancestors[starts]
            lo[at], hi[at], flags[at] = some.lo, some.hi, some.marks
        return Band(lo, hi, flags) if flags.any() else Band(lo, lo)

    def _groups(self, figures: Band, starts: np.ndarray, sizes: np.ndarray) -> Band:
        if self.way == "greatest":
            return -_least(-figures, starts)
        if self.way == "least":
            return _least(figures, starts)
        lo = np.add.reduceat(figures.lo, starts)
        if figures.flags is None:
            total = Band(lo, lo)
        else:
            total = Band(lo, np.add.reduceat(figures.hi, starts), np.bitwise_or.reduceat(figures.marks, starts))
            total = total + Band.exact(np.zeros(1))
        return total if self.way == "sum" else total / Band.exact(sizes.astype(np.float64))


def _least(figures: Band, starts: np.ndarray) -> Band:
    lo = np.minimum.reduceat(figures.lo, starts)
    if figures.flags is None:
        return Band(lo, lo)
    hi = np.minimum.reduceat(figures.hi, starts)
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(figures.lo)]))
    lo_open = np.logical_and.reduceat(figures.has(LO_OPEN) | (figures.lo != lo[group]), starts)
    hi_open = np.logical_or.reduceat(figures.has(HI_OPEN) & (figures.hi == hi[group]), starts)
    reasons = np.bitwise_or.reduceat(figures.marks & REASONS, starts)
    return Band(lo, hi, np.asarray(reasons | np.where(lo_open, LO_OPEN, np.uint8(0)) | np.where(hi_open, HI_OPEN, np.uint8(0))))
