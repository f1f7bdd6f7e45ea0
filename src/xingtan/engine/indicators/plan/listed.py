"""median, quantile, distinct, first and last over records: told by the values themselves, which are fetched and looked at in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from xingtan.engine.indicators.band import Band
from xingtan.engine.indicators.plan.node import Cells, each
from xingtan.engine.indicators.plan.quantile import quantile
from xingtan.engine.indicators.pulled import Item
from xingtan.kernel.formula.values import Value, absent, quantity
from xingtan.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Listed:
    """`pull`: number of the fetched column in the sheet; `q`: which quantile, None if its parameter is not known."""

    sheet: int
    way: Literal["quantile", "distinct", "first", "last"]
    pull: int
    partial: bool
    at: str
    q: Decimal | None = None

    def exact(self, cells: Cells, slot: int, org: int) -> Value:
        if not cells.present(self.at)[slot, org]:
            return Quantity.not_applicable()
        items = [item for item in cells.items(self.sheet, self.pull, self.at, (slot, org)) if not absent(item.value)]
        gap = bool(cells.gaps(self.sheet, self.at, self.partial)[slot, org])
        if self.way == "distinct":
            return _distinct(items, gap)
        if gap:
            return None
        if self.way == "quantile":
            sure = all(item.sure for item in items) and self.q is not None
            return quantile([quantity(item.value) for item in items], self.q or Decimal(0)) if sure else Quantity.unknown()
        return _extreme(items, -1 if self.way == "last" else 0)

    def bulk(self, cells: Cells) -> Band:
        return each(self, cells)


def _known(item: Item) -> object:
    """What tells two values apart; None if that is not known."""
    if isinstance(item.value, Quantity):
        return item.value.lo if item.value.is_exact else None
    return item.value


def _distinct(items: Sequence[Item], gap: bool) -> Quantity:
    sure = {_known(item) for item in items if item.sure}
    seen = sure - {None}
    perhaps = {_known(item) for item in items} - seen - {None}
    vague = sum(_known(item) is None for item in items)
    least = max(len(seen), 1 if sure else 0)
    most = len(seen) + len(perhaps) + vague
    if gap:
        return Quantity.unknown(least)
    unsettled = vague or any(item.vague for item in items if not item.sure)
    return Quantity.unknown(least, most) if unsettled and least != most else Quantity(Decimal(least), Decimal(most))


def _extreme(items: Sequence[Item], end: int) -> Value:
    """The value of the earliest (0) or latest (-1) row; unknown if that row is not sure or rows of one day disagree."""
    if not items or any(item.day is None for item in items):
        return None
    ordered = sorted(items, key=lambda item: item.day or date.min)
    day = ordered[end].day
    chosen = [item for item in items if item.day == day]
    first = chosen[0]
    agreed = all(item.sure and item.value == first.value for item in chosen)
    return first.value if agreed else None
