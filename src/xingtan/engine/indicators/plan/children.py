"""children(x, kind): the figures of the organisations of a kind below; sum, mean, least, greatest, median and quantile over them.

A child to which the figure does not apply is left out; where there is none left, the result does not apply either. An unknown child
makes the result unknown; an indicator that declares `missing: partial` leaves it out.
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


def figures(cells: Cells, indicator: str, kind: str, at: str, cell: tuple[int, int]) -> list[Quantity]:
    """The applicable figures of the organisations of the kind below one."""
    slot, org = cell
    ancestors, descendants = cells.trees(at)[slot].pairs(cells.kinds(kind))
    first, last = np.searchsorted(ancestors, [org, org + 1])
    found = [cells.value(indicator, slot, int(child)) for child in descendants[first:last]]
    return [value for value in found if not value.is_not_applicable]


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
        found = figures(cells, self.indicator, self.kind, self.at, (slot, org))
        if self.partial:
            found = [value for value in found if not value.is_unknown]
        if not found:
            return Quantity.not_applicable()
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
        members = cells.band(self.indicator).take((slot, descendants))
        if members.flags is not None:
            out = ABSENT | UNKNOWN if self.partial else ABSENT
            counted = (members.marks & out) == 0
            ancestors, members = ancestors[counted], members.take(counted)
        nothing = bands.absent((size,))
        if not len(ancestors):
            return nothing
        starts = np.flatnonzero(np.r_[True, np.diff(ancestors) > 0])
        some = self._groups(members, starts, np.diff(np.r_[starts, len(ancestors)]))
        at = ancestors[starts]
        lo, hi, flags = nothing.lo, nothing.hi, nothing.marks.copy()
        lo[at], hi[at], flags[at] = some.lo, some.hi, some.marks
        return Band(lo, hi, flags)

    def _groups(self, members: Band, starts: np.ndarray, sizes: np.ndarray) -> Band:
        if self.way == "greatest":
            return -_least(-members, starts)
        if self.way == "least":
            return _least(members, starts)
        lo = np.add.reduceat(members.lo, starts)
        if members.flags is None:
            total = Band(lo, lo)
        else:
            total = Band(lo, np.add.reduceat(members.hi, starts), np.bitwise_or.reduceat(members.marks, starts))
            total = total + Band.exact(np.zeros(1))
        return total if self.way == "sum" else total / Band.exact(sizes.astype(np.float64))


def _least(members: Band, starts: np.ndarray) -> Band:
    lo = np.minimum.reduceat(members.lo, starts)
    if members.flags is None:
        return Band(lo, lo)
    hi = np.minimum.reduceat(members.hi, starts)
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(members.lo)]))
    lo_open = np.logical_and.reduceat(members.has(LO_OPEN) | (members.lo != lo[group]), starts)
    hi_open = np.logical_or.reduceat(members.has(HI_OPEN) & (members.hi == hi[group]), starts)
    reasons = np.bitwise_or.reduceat(members.marks & REASONS, starts)
    return Band(lo, hi, np.asarray(reasons | np.where(lo_open, LO_OPEN, np.uint8(0)) | np.where(hi_open, HI_OPEN, np.uint8(0))))
