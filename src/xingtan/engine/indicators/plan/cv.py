"""cv(x, over=kind, weight=y): the weighted coefficient of variation, √(Σ wᵢ/W (xᵢ − x̄)²) ÷ x̄ with x̄ = Σ wᵢ xᵢ / W.

Without a weight all organisations weigh the same. Unknown as soon as one value or weight is not a point, or the mean is zero;
organisations to which either does not apply are left out, and so are unknown ones of an indicator that declares `missing: partial`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xingtan.engine.indicators import band as bands
from xingtan.engine.indicators.band import ABSENT, APPROXIMATE, UNKNOWN, Band
from xingtan.engine.indicators.plan.node import Cells
from xingtan.kernel.interval import ARITHMETIC
from xingtan.kernel.quantity import Quantity, Reason


@dataclass(frozen=True, slots=True)
class Variation:
    indicator: str
    kind: str
    weight: str
    at: str
    partial: bool = False

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        ancestors, descendants = cells.trees(self.at)[slot].pairs(cells.kinds(self.kind))
        first, last = np.searchsorted(ancestors, [org, org + 1])
        pairs = [self._pair(cells, slot, int(child)) for child in descendants[first:last]]
        pairs = [pair for pair in pairs if not any(one.is_not_applicable for one in pair)]
        if self.partial:
            pairs = [pair for pair in pairs if not any(one.is_unknown for one in pair)]
        return _variation(pairs) if pairs else Quantity.not_applicable()

    def _pair(self, cells: Cells, slot: int, org: int) -> tuple[Quantity, Quantity]:
        return cells.value(self.indicator, slot, org), cells.value(self.weight, slot, org) if self.weight else Quantity.exact(1)

    def bulk(self, cells: Cells) -> Band:
        x = cells.band(self.indicator)
        w = cells.band(self.weight) if self.weight else Band.exact(np.ones(cells.shape))
        marks = None if x.flags is None and w.flags is None else x.marks | w.marks
        result = bands.absent(cells.shape)
        values, flags = np.full(cells.shape, np.nan), result.marks.copy()
        for slot, tree in enumerate(cells.trees(self.at)):
            ancestors, descendants = tree.pairs(cells.kinds(self.kind))
            if marks is not None:
                out = ABSENT | UNKNOWN if self.partial else ABSENT
                counted = (marks[slot, descendants] & out) == 0
                ancestors, descendants = ancestors[counted], descendants[counted]
            if len(ancestors):
                self._slot(x.value[slot], w.value[slot], (ancestors, descendants), (values[slot], flags[slot]), marks, slot)
        known = ~np.isnan(values)
        flags = np.where(known | (flags != UNKNOWN), flags, UNKNOWN)
        lo, hi = np.where(known, values, -np.inf), np.where(known, values, np.inf)
        return Band(lo, hi, flags) if flags.any() else Band(lo, lo)

    @staticmethod
    def _slot(x, w, pairs, out, marks, slot) -> None:  # type: ignore[no-untyped-def]
        ancestors, descendants = pairs
        starts = np.flatnonzero(np.r_[True, np.diff(ancestors) > 0])
        at = ancestors[starts]
        own, weight = x[descendants], w[descendants]
        total = np.add.reduceat(weight, starts)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.add.reduceat(weight * own, starts) / total
            spread = own - np.repeat(mean, np.diff(np.r_[starts, len(own)]))
            out[0][at] = np.sqrt(np.add.reduceat(weight * spread * spread, starts) / total) / mean
        found = np.isfinite(out[0][at])
        out[0][at] = np.where(found, out[0][at], np.nan)
        reason = np.zeros(len(at), dtype=np.uint8)
        if marks is not None:
            reason = np.bitwise_or.reduceat(marks[slot, descendants], starts) & APPROXIMATE
        out[1][at] = np.where(found, reason, UNKNOWN)


def _variation(pairs: list[tuple[Quantity, Quantity]]) -> Quantity:
    points = [(x.value, w.value) for x, w in pairs]
    if any(x is None or w is None for x, w in points):
        return Quantity.unknown()
    known = [(x, w) for x, w in points if x is not None and w is not None]
    context = ARITHMETIC.copy()
    total = sum((w for _, w in known), Decimal(0))
    if total <= 0:
        return Quantity.unknown()
    mean = context.divide(sum((context.multiply(x, w) for x, w in known), Decimal(0)), total)
    if not mean:
        return Quantity.unknown()
    squares = (context.multiply(w, context.power(context.subtract(x, mean), Decimal(2))) for x, w in known)
    value = context.divide(context.sqrt(context.divide(sum(squares, Decimal(0)), total)), mean)
    approximate = any(Reason.APPROXIMATE in (x.reason, w.reason) for x, w in pairs)
    return Quantity.about(value) if approximate else Quantity.exact(value)
