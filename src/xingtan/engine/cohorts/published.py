"""Published tables of flow rates: promoted, repeating and dropped out are everybody, so each cell's three rates add up to 100 %."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xingtan.kernel.interval import ARITHMETIC
from xingtan.kernel.quantity import Quantity

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a published table. Rates are fractions of one; `area`, `level` and `sex` are words of the table."""

    area: str
    level: str
    sex: str
    promotion: Quantity
    repetition: Quantity
    dropout: Quantity
    origin: str = ""

    @property
    def rates(self) -> tuple[Quantity, Quantity, Quantity]:
        return self.promotion, self.repetition, self.dropout


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that does not add up: what its rates add up to, and by how much that is off (both fractions of one)."""

    cell: Cell
    total: Quantity
    off: Quantity


@dataclass(frozen=True, slots=True)
class Checked:
    """All cells of a table: those that hold, those that break, and those of which a rate is unknown, so that nobody can tell."""

    digits: int
    holding: tuple[Cell, ...]
    broken: tuple[Broken, ...]
    undecided: tuple[Cell, ...]


def check(cells: Iterable[Cell], digits: int | None = None) -> Checked:
    """Add up every cell. `digits`: decimals of the printed percentages; None: the most that any of them has.

    Three rounded rates are off by at most half a unit of the last decimal each: what lies beyond is no rounding.
    """
    every = list(cells)
    places = _printed(every) if digits is None else digits
    room = 3 * HALF.scaleb(-places - 2)
    holding, broken, undecided = [], [], []
    for cell in every:
        total = cell.promotion + cell.repetition + cell.dropout
        off = total - 1
        within = _both(off.compare("<=", room), off.compare(">=", -room))
        if within:
            holding.append(cell)
        elif within is None:
            undecided.append(cell)
        else:
            broken.append(Broken(cell, total, off))
    return Checked(places, tuple(holding), tuple(broken), tuple(undecided))


def _both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _printed(cells: Sequence[Cell]) -> int:
    points = [rate.value * 100 for cell in cells for rate in cell.rates if rate.value is not None]
    return max([0, *(-int(point.normalize(ARITHMETIC).as_tuple().exponent) for point in points)])
