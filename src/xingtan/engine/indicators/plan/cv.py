"""cv(x, over=kind, weight=y): the weighted coefficient of variation, √(Σ wᵢ/W (xᵢ − x̄)²) ÷ x̄ with x̄ = Σ wᵢ xᵢ / W.

Without a weight all organisations weigh the same. Unknown as soon as one value or weight is not a point, or the mean is zero;
organisations to which either does not apply are left out, and under `missing: partial` those unknown for want of a return.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingtan.engine.indicators import band as bands
from xingtan.engine.indicators.band import ABSENT, APPROXIMATE, UNKNOWN, Band, Doubles, Flags
from xingtan.engine.indicators.plan.node import Bools, Cells
from xingtan.engine.indicators.tree import Ints
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Variation:
    indicator: str
    kind: str
    weight: str
    at: str
    partial: bool = False

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        """A root is a double anyhow: all cells are computed at once and kept."""
        band = cells.computed(self)
        flags = 0 if band.flags is None else int(band.flags[slot, org])
        if flags & ABSENT:
            return Quantity.not_applicable()
        if flags & UNKNOWN:
            return Quantity.unknown()
        value = float(band.lo[slot, org])
        return Quantity.about(value) if flags & APPROXIMATE else Quantity.exact(value)

    def _lacking(self, cells: Cells) -> Bools:
        own = cells.lacking(self.indicator)
        return own | cells.lacking(self.weight) if self.weight else own

    def _pair(self, cells: Cells, slot: int, org: int) -> tuple[Quantity, Quantity]:
        return cells.value(self.indicator, slot, org), cells.value(self.weight, slot, org) if self.weight else Quantity.exact(1)

    def bulk(self, cells: Cells) -> Band:
        return cells.computed(self)

    def compute(self, cells: Cells) -> Band:
        """The variation in every cell."""
        x = cells.band(self.indicator)
        w = cells.band(self.weight) if self.weight else Band.exact(np.ones(cells.shape))
        marks = None if x.flags is None and w.flags is None else x.marks | w.marks
        lacks = self._lacking(cells) if self.partial else np.zeros(cells.shape, dtype=bool)
        slots = [
            self._slot(
                tree.pairs(cells.kinds(self.kind)), x.value[slot], w.value[slot], None if marks is None else (marks[slot], lacks[slot])
            )
            for slot, tree in enumerate(cells.trees(self.at))
        ]
        lo, hi, flags = (np.stack([getattr(band, end) for band in slots]) for end in ("lo", "hi", "marks"))
        return Band(lo, hi, flags) if flags.any() else Band(lo, lo)

    def _slot(self, pairs: tuple[Ints, Ints], x: Doubles, w: Doubles, marks: tuple[Flags, Bools] | None) -> Band:
        """The variation below every organisation in one period; `marks`: flags of values and weights, and who lacks a return."""
        ancestors, descendants = pairs
        result = bands.absent(x.shape)
        lo, hi, flags = result.lo, result.hi, result.marks.copy()
        if marks is not None:
            own = marks[0][descendants]
            applies = (own & ABSENT) == 0
            flags[ancestors[applies]] = UNKNOWN  # unless some are left
            counted = applies & ~(((own & UNKNOWN) != 0) & marks[1][descendants])
            ancestors, descendants = ancestors[counted], descendants[counted]
        if not len(ancestors):
            return Band(lo, hi, flags)
        starts = np.flatnonzero(np.r_[True, np.diff(ancestors) > 0])
        at, value = ancestors[starts], _spread(x[descendants], w[descendants], starts)
        found = np.isfinite(value)
        lo[at], hi[at] = np.where(found, value, -np.inf), np.where(found, value, np.inf)
        reason = np.uint8(0) if marks is None else np.bitwise_or.reduceat(marks[0][descendants], starts) & APPROXIMATE
        flags[at] = np.where(found, reason, UNKNOWN)
        return Band(lo, hi, flags)


def _spread(x: Doubles, w: Doubles, starts: Ints) -> Doubles:
    """√(weighted variance) ÷ weighted mean of each group; NaN where a value is no point, infinite or NaN where the mean is zero."""
    total = np.add.reduceat(w, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.add.reduceat(w * x, starts) / total
        apart = x - np.repeat(mean, np.diff(np.r_[starts, len(x)]))
        return np.asarray(np.sqrt(np.add.reduceat(w * apart * apart, starts) / total) / mean)
