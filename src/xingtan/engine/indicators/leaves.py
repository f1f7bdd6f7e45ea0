"""The answer of a sheet's query: own numbers of each organisation and period, rolled up the tree exactly.

Counts and decimals are kept as integers (decimals in units of 10⁻¹⁰, as two limbs of 32 and 64 bits, or as one where all of a column
together fit into it), so that sums up to 10¹⁸ are exact and still a vector operation. Splitting by fractional shares falls back to
Python numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

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


@dataclass
class Leaves:
    """`org` (position on the axis, -1 outside) and `slot` of each row; `limbs`: column → its matrix columns: (high, low), (NOWHERE, low) or
    (count,).
    """

    org: npt.NDArray[np.int64]
    slot: npt.NDArray[np.int64]
    values: npt.NDArray[np.int64]
    limbs: Mapping[str, tuple[int, ...]]
    aliases: Mapping[str, str]
    shape: tuple[int, int]  # slots, organisations
    repeated: bool = False  # the same organisation and slot may stand in several answer rows
    copies: int = 1  # the answer is not broken down and holds for so many groups
    _rolled: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def spread(self, targets: Targets | None = None) -> npt.NDArray[Any]:
        """Own numbers as organisations × slots × columns; `targets` moves those of organisations that are no more."""
        slots, orgs = self.shape
        inside = self.org >= 0
        width = self.values.shape[1]
        matrix: npt.NDArray[Any] = np.zeros((orgs, slots, width), dtype=np.int64)
        if targets:
            matrix = self._moved(matrix, targets)
        elif self.repeated:
            np.add.at(matrix, (self.org[inside], self.slot[inside]), self.values[inside])
        else:
            cells, values = self.org * slots + self.slot, self.values
            if not inside.all():
                cells, values = cells[inside], values[inside]
            matrix.reshape(-1, width)[cells] = values
        if self.copies > 1:
            by_period = matrix.reshape(orgs, -1, self.copies, matrix.shape[2])
            by_period[:, :, 1:] = by_period[:, :, :1]
        return matrix

    def _moved(self, matrix: npt.NDArray[Any], targets: Targets) -> npt.NDArray[Any]:
        if any(share != 1 or len(goals) > 1 for goals in targets.values() for _, share in goals):
            matrix = matrix.astype(object)
        for row in np.flatnonzero(self.org >= 0):
            own = self.values[row]
            for org, share in targets.get(int(self.org[row]), [(int(self.org[row]), Decimal(1))]):
                matrix[org, self.slot[row]] += own if share == 1 else np.array([int(one) * share for one in own], dtype=object)
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
    if len(place) == 1:
        return np.ascontiguousarray(matrix[:, :, place[0]].T, dtype=np.float64)
    if place[0] == NOWHERE:
        return np.asarray(np.ascontiguousarray(matrix[:, :, place[1]].T, dtype=np.float64) / UNIT)
    high, low = (np.ascontiguousarray(matrix[:, :, one].T, dtype=np.float64) for one in place)
    return np.asarray((high * LIMB + low) / UNIT)


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


def read(table: pa.Table) -> tuple[npt.NDArray[np.int64], dict[str, tuple[int, ...]]]:
    """Take the answer's columns apart: the matrix, and where in it each column is."""
    columns: list[npt.NDArray[np.int64]] = []
    limbs: dict[str, tuple[int, ...]] = {}
    for name in table.column_names:
        if name in PLACES:
            continue
        parts = _parts(table[name])
        at = tuple(range(len(columns), len(columns) + len(parts)))
        limbs[name] = (NOWHERE, *at) if len(parts) == 1 and pa.types.is_decimal(table.schema.field(name).type) else at
        columns.extend(parts)
    values = np.column_stack(columns) if columns else np.zeros((table.num_rows, 0), dtype=np.int64)
    return values, limbs


def gathered(org: Ints, slot: Ints, values: Ints, slots: int) -> tuple[Ints, Ints, Ints]:
    """One answer row for each organisation and slot: rows that came one by one are added up."""
    cells = np.where(org >= 0, org * slots + slot, -1)
    if not len(cells) or np.bincount(cells + 1)[1:].max(initial=0) <= 1:
        return org, slot, values
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cells[order]) > 0])
    first = order[starts]
    return org[first], slot[first], np.add.reduceat(values[order], starts, axis=0)


def _parts(column: pa.ChunkedArray) -> list[npt.NDArray[np.int64]]:
    if not pa.types.is_decimal(column.type):
        return [column.fill_null(0).cast(pa.int64()).to_numpy()]
    if column.type != pa.decimal128(38, DIGITS):
        column = column.cast(pa.decimal128(38, DIGITS))
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    words = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    low, high = words[:, 0], words[:, 1]
    if array.null_count:
        valid = pc.is_valid(array).to_numpy(zero_copy_only=False)
        low, high = np.where(valid, low, 0), np.where(valid, high, 0)
    if (high == low >> np.int64(63)).all() and np.abs(low.astype(np.float64)).sum() < ROOM:
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
