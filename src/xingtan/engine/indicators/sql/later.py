"""Values of fetched rows, worked out on arrays instead of by the database: the text of the query stays short, and no column comes twice.

A `Later` stands where an Ibis column would: flags take `&`, `|` and `~`; numbers compare with constants, and choose between each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.kernel.interval import ARITHMETIC

DIGITS = 10
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Decimals in units of 10⁻¹⁰ as words of 64 bits: `high` signed, `low` without sign; where not `valid`, both are 0."""

    high: Ints
    low: Ints
    valid: Bools | None  # None: everywhere

    def fits(self, room: float) -> bool:
        """Whether the low words alone, read with a sign, say everything, and add up to less than `room` whatever their signs."""
        if not len(self.low) or (not self.high.any() and self.low.min() >= 0 and float(self.low.max()) * len(self.low) < room):
            return True
        single = (self.high == self.low >> np.int64(WORD - 1)).all()
        return bool(single and np.abs(self.low.astype(np.float64)).sum() < room)


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """An operation over columns of the answer; compared with `is`."""

    op: str
    args: tuple[Any, ...]

    @classmethod
    def column(cls, name: str) -> Later:
        return cls("column", (name,))

    def __and__(self, other: Any) -> Later:
        return Later("and", (self, other))

    def __or__(self, other: Any) -> Later:
        return Later("or", (self, other))

    def __invert__(self) -> Later:
        return Later("not", (self,))

    def __lt__(self, limit: Any) -> Later:
        return Later("<", (self, Decimal(limit)))

    def __gt__(self, limit: Any) -> Later:
        return Later(">", (self, Decimal(limit)))

    def equals(self, limit: Decimal) -> Later:
        return Later("==", (self, limit))

    def isnull(self) -> Later:
        return Later("null", (self,))

    def fill_null(self, value: bool) -> Later:
        """What a comparison says of a number that is not there; without it, False."""
        return Later("or", (self, self.args[0].isnull())) if value else self

    def instead(self, where: Later, constant: Decimal) -> Later:
        """This number, but the constant where the flag holds."""
        return Later("instead", (self, where, constant))

    def columns(self) -> set[str]:
        """The columns of the answer that it reads."""
        if self.op == "column":
            return {self.args[0]}
        return {name for one in self.args if isinstance(one, Later) for name in one.columns()}


class Answered:
    """Works out later values over one answer, each once."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._flags: dict[Later, Bools] = {}
        self._numbers: dict[Later, Words] = {}
        self._fit: dict[Words, bool] = {}
        self._read: dict[str, Any] = {}

    def flag(self, later: Later) -> Bools:
        if later not in self._flags:
            self._flags[later] = self._flag(later)
        return self._flags[later]

    def number(self, later: Later) -> Words:
        if later not in self._numbers:
            self._numbers[later] = self._number(later)
        return self._numbers[later]

    def fits(self, later: Later, room: float) -> bool:
        """As `Words.fits`, asked once for each number."""
        number = self.number(later)
        if number not in self._fit:
            self._fit[number] = number.fits(room)
        return self._fit[number]

    def _flag(self, later: Later) -> Bools:
        match later.op:
            case "column":
                return self._once(later.args[0], lambda column: column.to_numpy())  # type: ignore[no-any-return]
            case "and":
                return self.flag(later.args[0]) & self.flag(later.args[1])
            case "or":
                return self.flag(later.args[0]) | self.flag(later.args[1])
            case "not":
                return ~self.flag(later.args[0])
            case "null":
                valid = self.number(later.args[0]).valid
                return np.zeros(self.table.num_rows, dtype=bool) if valid is None else ~valid
            case _:
                return self._compared(self.number(later.args[0]), later.op, later.args[1])

    @staticmethod
    def _compared(number: Words, op: str, limit: Decimal) -> Bools:
        high, low = _constant(limit)
        same = number.high == high
        if op == "==":
            found = same & (number.low == low)
        else:
            mine, its = number.low.view(np.uint64), np.uint64(int(low) & ((1 << WORD) - 1))
            beyond = (number.high < high, mine < its) if op == "<" else (number.high > high, mine > its)
            found = beyond[0] | (same & beyond[1])
        return np.asarray(found if number.valid is None else found & number.valid)

    def _number(self, later: Later) -> Words:
        if later.op == "column":
            return self._once(later.args[0], words)  # type: ignore[no-any-return]
        number, where, (high, low) = self.number(later.args[0]), self.flag(later.args[1]), _constant(later.args[2])
        valid = None if number.valid is None else number.valid | where
        return Words(np.where(where, high, number.high), np.where(where, low, number.low), valid)

    def _once(self, name: str, read: Any) -> Any:
        if name not in self._read:
            self._read[name] = read(self.table[name])
        return self._read[name]


def words(column: pa.ChunkedArray) -> Words:
    """The words of a column of decimals."""
    if column.type != pa.decimal128(38, DIGITS):
        column = column.cast(pa.decimal128(38, DIGITS))
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    pairs = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    low, high = pairs[:, 0], pairs[:, 1]
    if not array.null_count:
        return Words(high, low, None)
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    return Words(np.where(valid, high, 0), np.where(valid, low, 0), valid)


def _constant(value: Decimal) -> tuple[np.int64, np.int64]:
    whole = int(ARITHMETIC.scaleb(value, DIGITS))
    low = whole & ((1 << WORD) - 1)
    return np.int64(whole >> WORD), np.int64(low - (1 << WORD) if low >> (WORD - 1) else low)


Recipe = Any  # a Later flag to count, True for every row, or (Later number, flag or True) to sum
Recipes = Mapping[str, Recipe]
