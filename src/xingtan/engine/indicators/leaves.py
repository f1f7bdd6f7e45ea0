"""The answer of a sheet's query: own numbers of each organisation and period, rolled up the tree exactly.

Counts and decimals are kept as integers (decimals in units of 10⁻¹⁰, as two limbs of 32 and 64 bits, or as one where all of a column
together fit into it), so that sums up to 10¹⁸ are exact and still a vector operation. Splitting by fractional shares falls back to
Python numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators.sql.later import Answered, Later, Recipe, Recipes, Words, words
from xingtan.engine.indicators.sql.leaf import ZERO
from xingtan.engine.indicators.tree import Ints, Tree
from xingtan.kernel.interval import ARITHMETIC

DIGITS = 10
UNIT = 10.0**DIGITS
LIMB = 1 << 32
NOWHERE = -1  # stands for the high limb of decimals that need none
ROOM = 2.0**62  # what the absolute numbers of a column may add up to if one limb is to hold every sum of them
HIGHEST = 2.0**30  # the same for the upper words of a column that takes two limbs: sums up to about 2·10¹⁸
PLACES = frozenset({"org", "slot", "group", "period", "date"})
Targets = Mapping[int, list[tuple[int, Decimal]]]  # own organisation → where its numbers go, with shares


Column = tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]  # numbers of the answer's rows, and which rows they count in; None: in all


@dataclass
class Leaves:
    """`org` (position on the axis, -1 outside) and `slot` of each row; `limbs`: column → its place among `columns`: (high, low),
    (NOWHERE, low) or (count,).
    """

    org: Ints
    slot: Ints
    columns: Sequence[Column]
    limbs: Mapping[str, tuple[int, ...]]
    aliases: Mapping[str, str]
    shape: tuple[int, int]  # slots, organisations
    repeated: bool = False  # the same organisation and slot may stand in several answer rows
    copies: int = 1  # the answer is not broken down and holds for so many groups
    _rolled: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def spread(self, targets: Targets | None = None) -> npt.NDArray[Any]:
        """Own numbers as organisations × slots × columns; `targets` moves those of organisations that are no more.

        In memory the organisations of a column and slot lie side by side.
        """
        slots, orgs = self.shape
        matrix = self._moved(targets) if targets else self._placed()
        if self.copies > 1:
            by_period = matrix.reshape(-1, slots // self.copies, self.copies, orgs)
            by_period[:, :, 1:] = by_period[:, :, :1]
        return matrix.reshape(-1, slots, orgs).transpose(2, 1, 0)

    def _placed(self) -> npt.NDArray[Any]:
        slots, orgs = self.shape
        matrix: npt.NDArray[Any] = np.zeros((len(self.columns), slots * orgs), dtype=np.int64)
        inside = self.org >= 0
        rows: Any = slice(None) if inside.all() else np.flatnonzero(inside)
        cells = (self.slot * orgs + self.org)[rows]
        for own, column in zip(matrix, taken(self.columns, rows), strict=True):
            if self.repeated:
                np.add.at(own, cells, counted(column))
            else:
                own[cells] = counted(column)
        return matrix

    def _moved(self, targets: Targets) -> npt.NDArray[Any]:
        slots, orgs = self.shape
        fractional = any(share != 1 or len(goals) > 1 for goals in targets.values() for _, share in goals)
        matrix: npt.NDArray[Any] = np.zeros((len(self.columns), slots, orgs), dtype=object if fractional else np.int64)
        values = np.stack([counted(column).astype(np.int64) for column in self.columns])
        for row in np.flatnonzero(self.org >= 0):
            own = values[:, row]
            for org, share in targets.get(int(self.org[row]), [(int(self.org[row]), Decimal(1))]):
                matrix[:, self.slot[row], org] += own if share == 1 else np.array([int(one) * share for one in own], dtype=object)
        return matrix

    def rolled(self, at: str, trees: list[Tree], targets: Targets | None = None) -> npt.NDArray[Any]:
        """Numbers of whole subtrees in the tree of each slot; kept under `at`."""
        if at not in self._rolled:
            matrix = self.spread(targets)
            distinct = {id(tree): tree for tree in trees}
            for key, tree in distinct.items():
                chosen = [number for number, one in enumerate(trees) if id(one) == key]
                if len(distinct) == 1:
                    tree.roll(matrix)
                else:
                    part = matrix[:, chosen]
                    tree.roll(part)
                    matrix[:, chosen] = part
            self._rolled[at] = matrix
        return self._rolled[at]

    def place(self, name: str) -> tuple[int, ...]:
        """Matrix columns of a named column; empty if it is 0 everywhere."""
        name = self.aliases.get(name, name)
        return () if name == ZERO else self.limbs[name]

    def is_zero(self, name: str) -> bool:
        return not self.place(name)


def bulk(matrix: npt.NDArray[Any], place: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """A column as doubles, slots × organisations; the nearest double to the exact number."""
    if not place:
        return np.zeros((matrix.shape[1], matrix.shape[0]))
    columns = [np.ascontiguousarray(matrix[:, :, one].T, dtype=np.float64) for one in place if one != NOWHERE]
    if len(place) == 1:
        return columns[0]
    return np.asarray(columns[0] / UNIT if place[0] == NOWHERE else (columns[0] * LIMB + columns[1]) / UNIT)


def whole(matrix: npt.NDArray[Any], place: tuple[int, ...]) -> Ints:
    """A column of counts as integers, slots × organisations."""
    if not place:
        return np.zeros((matrix.shape[1], matrix.shape[0]), dtype=np.int64)
    return np.ascontiguousarray(matrix[:, :, place[0]].T.astype(np.int64, copy=False))


def exact(matrix: npt.NDArray[Any], place: tuple[int, ...], slot: int, org: int) -> Decimal:
    """One number of a column, exactly."""
    if not place:
        return Decimal(0)
    if len(place) == 1:
        return _tidy(_plain(matrix[org, slot, place[0]]))
    high = Decimal(0) if place[0] == NOWHERE else ARITHMETIC.multiply(_plain(matrix[org, slot, place[0]]), Decimal(LIMB))
    return _tidy(ARITHMETIC.scaleb(ARITHMETIC.add(high, _plain(matrix[org, slot, place[1]])), -DIGITS))


def _plain(number: Any) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(int(number))


def _tidy(number: Decimal) -> Decimal:
    """Without the zeros that the unit brings along."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize(ARITHMETIC)


def read(table: pa.Table, recipes: Recipes | None = None) -> tuple[list[Column], dict[str, tuple[int, ...]]]:
    """Take the answer's columns apart: integers, and where among them each column is. `recipes`: how they come out of the rows."""
    columns: list[Column] = []
    limbs: dict[str, tuple[int, ...]] = {}
    answered = Answered(table)
    for name in recipes or [name for name in table.column_names if name not in PLACES]:
        parts, decimal = _cooked(recipes[name], answered) if recipes else _parts(table[name])
        if name != "n" and parts[0][0].dtype == bool and not parts[0][0].any():
            parts = []  # 0 everywhere
        at = tuple(range(len(columns), len(columns) + len(parts)))
        limbs[name] = (NOWHERE, *at) if len(parts) == 1 and decimal else at
        columns.extend(parts)
    return columns, limbs


def counted(column: Column) -> npt.NDArray[Any]:
    """The numbers of a column, 0 in the rows that do not count."""
    numbers, mask = column
    return numbers if mask is None else numbers * mask


def size_of(columns: Sequence[Column]) -> int:
    """How many bytes the columns hold, shared ones once."""
    arrays = {id(one): one.nbytes for column in columns for one in column if one is not None}
    return sum(arrays.values())


def taken(columns: Sequence[Column], rows: Ints | slice) -> Sequence[Column]:
    """Some rows of the columns."""
    if isinstance(rows, slice):
        return columns
    return [(numbers[rows], None if mask is None else mask[rows]) for numbers, mask in columns]


def gathered(org: Ints, slot: Ints, columns: Sequence[Column], slots: int) -> tuple[Ints, Ints, Sequence[Column]]:
    """One answer row for each organisation and slot: rows that came one by one are added up."""
    cells = np.where(org >= 0, org * slots + slot, -1)
    if not len(cells) or np.bincount(cells + 1)[1:].max(initial=0) <= 1:
        return org, slot, columns
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cells[order]) > 0])
    first = order[starts]
    return org[first], slot[first], [(np.add.reduceat(counted(one)[order], starts, dtype=np.int64), None) for one in columns]


def _cooked(recipe: Recipe, answered: Answered) -> tuple[list[Column], bool]:
    """The parts of one column, and whether it holds decimals: rows counted, or numbers of some rows."""
    if not isinstance(recipe, tuple):
        if not isinstance(recipe, Later):
            return [(np.full(answered.table.num_rows, recipe), None)], False
        flag = answered.flag(recipe)
        return [(flag, None)], False
    bound, rows = recipe
    number = answered.number(bound)
    mask = None if rows is True else answered.flag(rows)
    if answered.fits(bound, ROOM):  # so does any part of it
        return [(number.low, mask)], True
    parts = number if mask is None else Words(number.high * mask, number.low * mask, None)
    return [(one, None) for one in _limbs(parts)], True


def _parts(column: pa.ChunkedArray) -> tuple[list[Column], bool]:
    if not pa.types.is_decimal(column.type):
        return [(column.fill_null(0).cast(pa.int64()).to_numpy(), None)], False
    return [(one, None) for one in _limbs(words(column))], True


def _limbs(parts: Words) -> list[npt.NDArray[Any]]:
    """Integers that can be added up: one for each number where all of them fit, else two."""
    low, high = parts.low, parts.high
    if parts.fits(ROOM):
        return [low]
    if np.abs(high.astype(np.float64)).sum() >= HIGHEST:
        raise OverflowError("the numbers of a column add up to more than 10¹⁸")  # never a wrong figure
    top = (high << np.int64(32)) | ((low >> np.int64(32)) & np.int64(LIMB - 1))
    bottom = low & np.int64(LIMB - 1)
    return [top, bottom]


def limbs_of(number: Decimal) -> tuple[int, int]:
    """High and low limb of a decimal in units of 10⁻¹⁰."""
    whole = int(ARITHMETIC.scaleb(number, DIGITS))
    return whole >> 32, whole & (LIMB - 1)
