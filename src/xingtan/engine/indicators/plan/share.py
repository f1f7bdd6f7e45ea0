"""share(x, of=…): the figure divided by that of the organisation above (`parent`), of the root, or of the nearest one above of a kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingtan.engine.indicators.band import Band, absent, choose
from xingtan.engine.indicators.plan.node import Cells
from xingtan.engine.indicators.tree import Ints, Tree
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Share:
    indicator: str
    of: str
    at: str

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        whole = int(self._whole(cells, cells.trees(self.at)[slot])[org])
        return Quantity.not_applicable() if whole < 0 else cells.value(self.indicator, slot, org) / cells.value(self.indicator, slot, whole)

    def bulk(self, cells: Cells) -> Band:
        band = cells.band(self.indicator)
        wholes = np.stack([self._whole(cells, tree) for tree in cells.trees(self.at)])
        rows = np.arange(cells.shape[0])[:, np.newaxis]
        result = band / band.take((rows, wholes))
        return result if (wholes >= 0).all() else choose(wholes >= 0, result, absent(cells.shape))

    def _whole(self, cells: Cells, tree: Tree) -> Ints:
        if self.of == "parent":
            return tree.parent
        return tree.root if self.of == "root" else tree.ancestor(cells.kinds(self.of))
