"""previous(x, n): the same figure n periods before. A period in which nothing was reported is unknown, not zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xingtan.engine.indicators.band import UNKNOWN, Band
from xingtan.engine.indicators.plan.node import Cells
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Previous:
    indicator: str
    back: int

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        before = cells.shifted(slot, self.back)
        return Quantity.unknown() if before < 0 else cells.value(self.indicator, before, org)

    def bulk(self, cells: Cells) -> Band:
        band = cells.band(self.indicator)
        before = np.array([cells.shifted(slot, self.back) for slot in range(cells.shape[0])])
        found = (before >= 0)[:, np.newaxis]
        lo, hi = np.where(found, band.lo[before], -np.inf), np.where(found, band.hi[before], np.inf)
        if found.all() and band.flags is None:
            return Band.exact(band.lo[before])
        return Band(lo, hi, np.where(found, band.marks[before], UNKNOWN))
