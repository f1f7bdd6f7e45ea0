"""cv(x, over=kind, weight=y): the weighted coefficient of variation, √(Σ wᵢ/W (xᵢ − x̄)²) ÷ x̄ with x̄ = Σ wᵢ xᵢ / W.

Without a weight all organisations weigh the same. Unknown as soon as one value or weight is not a point, or the mean is zero;
organisations to which either does not apply are left out, and under `missing: partial` those unknown for want of a return.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xingtan.engine.indicators import band as bands
from xingtan.engine.indicators.band import ABSENT, APPROXIMATE, UNKNOWN, Band, Doubles, Flags
from xingtan.engine.indicators.plan.node import Bools, Cells
from xingtan.engine.indicators.tree import Ints, Tree
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
        lacks = self._lacking(cells) if self.partial else None
        result = bands.absent(cells.shape)
        trees = cells.trees(self.at)
        for tree in {id(one): one for one in trees}.values():
            slots: Any = [number for number, one in enumerate(trees) if one is tree]
            slots = slice(None) if len(slots) == len(trees) else slots
            counted, applies = _members(tree, cells.kinds(self.kind), marks, lacks, slots)
            flags = np.zeros(1, dtype=np.uint8) if marks is None else marks[slots]
            given = x.value[slots], w.value[slots], flags
            result.lo[slots], result.hi[slots], result.marks[slots] = _below(tree, counted, applies, given)
        return result if result.marks.any() else Band(result.lo, result.lo)


def _members(tree: Tree, kinds: frozenset[str], marks: Flags | None, lacks: Bools | None, slots: Any) -> tuple[Bools, Bools]:
    """Who is counted, and to whom the figure applies at all; slots × organisations (one slot for all: no flags)."""
    members = tree.of(kinds)[np.newaxis]
    if marks is None:
        return members, members
    applies = members & ((marks[slots] & ABSENT) == 0)
    return applies if lacks is None else applies & ~(((marks[slots] & UNKNOWN) != 0) & lacks[slots]), applies


def _below(tree: Tree, counted: Bools, applies: Bools, given: tuple[Doubles, Doubles, Flags]) -> tuple[Doubles, Doubles, Flags]:
    """lo, hi and flags of the variation below every organisation; `given`: values, weights and their flags."""
    x, w, marks = given
    lo = _spread(tree, counted, x, w)
    lost = ~np.isfinite(lo)
    hi = lo.copy()
    lo[lost], hi[lost] = -np.inf, np.inf
    flags = lost * UNKNOWN
    if (marks & APPROXIMATE).any():
        flags |= tree.below_any(np.where(counted, marks & APPROXIMATE, np.uint8(0))) * ~lost
    flags[np.broadcast_to(~tree.below_any(applies), flags.shape)] = ABSENT
    return lo, hi, flags


def _spread(tree: Tree, counted: Bools, x: Doubles, w: Doubles) -> Doubles:
    """√(weighted variance) ÷ weighted mean of those counted below; NaN where a value is no point, infinite or NaN where the mean is zero.

    From the leaves up: the spread of a group is that within its parts and that between their means.
    """
    weight = np.where(counted, w, 0.0)
    total, within = np.where(counted, w * x, 0.0), np.zeros(weight.shape)
    value = np.full(weight.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        for level in tree.levels:
            weights, totals = weight[:, level.children], total[:, level.children]
            group, sums = np.add.reduceat(weights, level.starts, axis=1), np.add.reduceat(totals, level.starts, axis=1)
            mean = sums / group
            leaves = counted[:, level.children].all() and level is tree.levels[0]
            means = x[:, level.children] if leaves else np.where(weights == 0, 0.0, totals / weights)
            apart = means - np.repeat(mean, level.sizes, axis=1)
            spread = weights * apart * apart
            spread = np.add.reduceat(spread if leaves else spread + within[:, level.children], level.starts, axis=1)
            value[:, level.parents] = np.sqrt(spread / group) / mean
            _joined((weight, total, within), level.parents, (group, sums, spread))
    return value


def _joined(own: tuple[Doubles, Doubles, Doubles], at: Ints, below: tuple[Doubles, Doubles, Doubles]) -> None:
    """Add what is below to the organisations' own weight, total and spread (they may be counted themselves)."""
    (weight, total, within), (group, sums, spread) = own, below
    mine, both = weight[:, at], weight[:, at] + group
    if mine.any():
        apart = np.where((mine == 0) | (group == 0), 0.0, total[:, at] / mine - sums / group)
        spread = spread + np.where(mine == 0, 0.0, mine * group / both * apart * apart)
    weight[:, at], total[:, at], within[:, at] = both, total[:, at] + sums, spread
