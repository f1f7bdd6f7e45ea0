"""rank(x, among=kind): the place among the organisations of a kind under the same parent; 1 is best, equals share a place.

Whoever is surely better pushes the place down; whoever perhaps is makes it an interval. What is better says the indicator x
(`better: lower`, else higher). An organisation of another kind, or one to which x does not apply, has no place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingtan.engine.indicators.band import Band
from xingtan.engine.indicators.plan.node import Cells, each
from xingtan.engine.indicators.tree import Ints, Tree
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Rank:
    indicator: str
    kind: str
    at: str

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        tree = cells.trees(self.at)[slot]
        if not tree.present[org] or tree.kind[org] not in cells.kinds(self.kind):
            return Quantity.not_applicable()
        own = cells.value(self.indicator, slot, org)
        if own.is_not_applicable:
            return own
        others = [cells.value(self.indicator, slot, int(one)) for one in self._rivals(tree, cells.kinds(self.kind), org)]
        sign = "<" if cells.better(self.indicator) == "lower" else ">"
        answers = [(other.compare(sign, own), other.is_unknown) for other in others]  # type: ignore[arg-type]
        surely = sum(answer is True for answer, _ in answers)
        perhaps = sum(answer is None for answer, _ in answers)
        unknown = perhaps and (own.is_unknown or any(vague for answer, vague in answers if answer is None))
        return (
            Quantity.exact(1 + surely) + Quantity.between(0, perhaps) if not unknown else Quantity.unknown(1 + surely, 1 + surely + perhaps)
        )

    @staticmethod
    def _rivals(tree: Tree, kinds: frozenset[str], org: int) -> Ints:
        same = tree.present & (tree.parent == tree.parent[org]) & np.isin(tree.kind, list(kinds))
        same[org] = False
        return np.flatnonzero(same)

    def bulk(self, cells: Cells) -> Band:
        band = cells.band(self.indicator)
        if band.flags is not None:
            return each(self, cells)
        sign = 1.0 if cells.better(self.indicator) == "lower" else -1.0
        places = np.full(cells.shape, np.nan)
        for slot, tree in enumerate(cells.trees(self.at)):
            rows = np.flatnonzero(tree.present & np.isin(tree.kind, list(cells.kinds(self.kind))))
            order = rows[np.lexsort((sign * band.lo[slot, rows], tree.parent[rows]))]
            first = np.r_[True, np.diff(tree.parent[order]) != 0][: len(order)]
            fresh = first | np.r_[True, np.diff(band.lo[slot, order]) != 0][: len(order)]
            number = np.arange(len(order))
            start = np.maximum.accumulate(np.where(first, number, 0))
            places[slot, order] = np.maximum.accumulate(np.where(fresh, number, 0)) - start + 1
        known = ~np.isnan(places)
        flags = np.where(known, np.uint8(0), np.uint8(16))
        return Band(np.where(known, places, -np.inf), np.where(known, places, np.inf), flags)
