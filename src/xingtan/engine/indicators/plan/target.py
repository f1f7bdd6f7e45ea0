"""target(x): what the organisation promised for the indicator in this period; unknown where nothing was promised."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.engine.indicators.band import Band
from xingtan.engine.indicators.plan.node import Cells, each
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Target:
    indicator: str

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        return cells.target(self.indicator, slot, org)

    def bulk(self, cells: Cells) -> Band:
        return each(self, cells)
