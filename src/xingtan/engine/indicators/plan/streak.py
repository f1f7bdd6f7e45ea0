"""streak(condition): for how many periods up to this one the condition has held without a break.

Periods before the first that is known of leave the length open upwards; an undecided period makes it an interval.
"""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.engine.indicators.band import Band
from xingtan.engine.indicators.plan.node import Cells, each
from xingtan.kernel.formula.nodes import Expr
from xingtan.kernel.formula.values import tri
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Streak:
    condition: Expr

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        surely, length, at = None, 0, slot
        while at >= 0:
            holds = tri(cells.evaluate(self.condition, at, org))
            if holds is False:
                return Quantity.exact(length) if surely is None else Quantity.unknown(surely, length)
            if holds is None and surely is None:
                surely = length
            length, at = length + 1, cells.shifted(at, 1)
        return Quantity.unknown(length if surely is None else surely)

    def bulk(self, cells: Cells) -> Band:
        return each(self, cells)
