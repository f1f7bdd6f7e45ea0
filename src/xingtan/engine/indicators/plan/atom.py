"""count, sum and mean over records: sums of the rows that surely count, widened by those that perhaps do."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from xingtan.engine.indicators import leaves as columns
from xingtan.engine.indicators.band import ABSENT, APPROXIMATE, HI_OPEN, LO_OPEN, UNKNOWN, Band, absent, choose
from xingtan.engine.indicators.plan.node import Cells
from xingtan.kernel.quantity import Quantity, Reason


@dataclass(frozen=True, slots=True)
class Atom:
    """A record function. `number` is that of the condition (count) or of the total (sum, mean) in the sheet.

    `floor`, `ceiling`: whether the field cannot be below, above zero, so that rows not yet reported move the sum one way only.
    """

    sheet: int
    aggregate: Literal["count", "sum", "mean"]
    number: int
    partial: bool
    at: str
    floor: bool = True
    ceiling: bool = False

    def exact(self, cells: Cells, slot: int, org: int) -> Quantity:
        if not cells.present(self.at)[slot, org]:
            return Quantity.not_applicable()
        read = _Reader(cells, self, slot, org)
        gap = bool(cells.gaps(self.sheet, self.at, self.partial)[slot, org])
        if self.aggregate == "count":
            return self._open(read.count("y", "m", "w"), gap, True, False)
        total = self._open(read.total(), gap, self.floor, self.ceiling)
        if self.aggregate == "sum" or total.is_not_applicable:
            return total
        return total / self._open(read.count("p", "q", ""), gap, True, False)

    def bulk(self, cells: Cells) -> Band:
        read = _Reader(cells, self)
        gapless = cells.gapless(self.sheet, self.at, self.partial)
        gap = None if gapless else cells.gaps(self.sheet, self.at, self.partial)
        if self.aggregate == "count":
            result = _widen(read.counts("y", "m", "w"), gap, True, False)
        else:
            result = _widen(read.totals(), gap, self.floor, self.ceiling)
            if self.aggregate == "mean":
                result = result / _widen(read.counts("p", "q", ""), gap, True, False)
        return result if cells.everywhere(self.at) else choose(cells.present(self.at), result, absent(cells.shape))

    @staticmethod
    def _open(value: Quantity, gap: bool, floor: bool, ceiling: bool) -> Quantity:
        """What is not reported adds an unknown number, of which only the sign may be known."""
        if not gap:
            return value
        lo, hi = value.lo if floor else None, value.hi if ceiling else None
        if value.is_not_applicable:
            lo, hi = Decimal(0) if floor else None, Decimal(0) if ceiling else None
        return Quantity.unknown(lo, hi, lo_open=value.lo_open and lo is not None, hi_open=value.hi_open and hi is not None)


def _widen(band: Band, gap: Any, floor: bool, ceiling: bool) -> Band:
    if gap is None:
        return band
    gone = band.has(ABSENT)
    lo = np.where(gone, 0.0, band.lo) if floor else np.full(band.lo.shape, -np.inf)
    hi = np.where(gone, 0.0, band.hi) if ceiling else np.full(band.lo.shape, np.inf)
    kept = (LO_OPEN if floor else np.uint8(0)) | (HI_OPEN if ceiling else np.uint8(0))
    return choose(gap, Band(lo, hi, (band.marks & kept) | UNKNOWN), band)


class _Reader:
    """Reads the columns of one atom, for one cell or for all."""

    def __init__(self, cells: Cells, atom: Atom, slot: int = 0, org: int = 0) -> None:
        self.cells, self.atom = cells, atom
        self.leaves = cells.leaves(atom.sheet)
        self.matrix = cells.rolled(atom.sheet, atom.at)
        self.number, self.slot, self.org = atom.number, slot, org

    def one(self, name: str) -> Decimal:
        return columns.exact(self.matrix, self.leaves.place(f"{name}{self.number}"), self.slot, self.org)

    def some(self, name: str) -> bool:
        place = self.leaves.place(f"{name}{self.number}")
        return bool(place) and bool(self.matrix[self.org, self.slot, place[0]])

    def all(self, name: str) -> Any:
        return self.cells.doubles(self.atom.sheet, self.atom.at, f"{name}{self.number}")

    def zero(self, name: str) -> bool:
        return self.leaves.is_zero(f"{name}{self.number}")

    def same(self, a: str, b: str) -> bool:
        return self.leaves.place(f"{a}{self.number}") == self.leaves.place(f"{b}{self.number}")

    def count(self, sure: str, perhaps: str, unknown: str) -> Quantity:
        reason = Reason.UNKNOWN if unknown and self.some(unknown) else Reason.NONE
        lo = self.one(sure)
        return Quantity(lo, lo if self.same(sure, perhaps) else self.one(perhaps), reason=reason)

    def counts(self, sure: str, perhaps: str, unknown: str) -> Band:
        lo = self.all(sure)
        if self.same(sure, perhaps):
            return Band(lo, lo)
        flags = np.zeros(lo.shape, dtype=np.uint8)
        if unknown and not self.zero(unknown):
            flags = np.where(self.all(unknown) > 0, UNKNOWN, np.uint8(0))
        return Band(lo, self.all(perhaps), flags)

    def total(self) -> Quantity:
        if self.some("x") and not self.some("q"):
            return Quantity.not_applicable()
        lo = None if self.some("il") else self.one("lo")
        hi = None if self.some("ih") else lo if self.same("lo", "hi") else self.one("hi")
        reason = Reason.UNKNOWN if self.some("u") else Reason.APPROXIMATE if self.some("a") else Reason.NONE
        return Quantity(lo, hi, lo is not None and self.some("ol"), hi is not None and self.some("oh"), reason)

    def totals(self) -> Band:
        lo = self.all("lo")
        if self.same("lo", "hi") and all(self.zero(name) for name in ("il", "ih", "ol", "oh", "u", "a", "x")):
            return Band(lo, lo)
        below, above = self.all("il") > 0, self.all("ih") > 0
        flags = np.where((self.all("ol") > 0) & ~below, LO_OPEN, np.uint8(0))
        flags |= np.where((self.all("oh") > 0) & ~above, HI_OPEN, np.uint8(0))
        flags |= np.where(self.all("u") > 0, UNKNOWN, np.where(self.all("a") > 0, APPROXIMATE, np.uint8(0)))
        band = Band(np.where(below, -np.inf, lo), np.where(above, np.inf, self.all("hi")), flags)
        if self.zero("x"):
            return band
        return choose((self.all("x") > 0) & (self.all("q") == 0), absent(lo.shape), band)
