"""Arrays of all cells as Arrow columns: picked, without copies where nothing need be picked, and what is shared made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators.band import Band


class Columns:
    """`pick`: index of the wanted cells (slots × organisations), None: all in their own order."""

    def __init__(self, pick: Any) -> None:
        self.pick = pick
        self._made: dict[tuple[str, int], tuple[Any, pa.Array]] = {}  # the array is kept as long as its id is the key

    def values(self, band: Band) -> pa.Array:
        """Points; null where there is none."""
        if band.flags is None:
            return self.of(band.lo)
        return self._once("values", band, lambda: self._masked(band.lo, ~self._picked(band.points)))

    def ends(self, end: npt.NDArray[np.float64], band: Band) -> pa.Array:
        """One end of each; null where it is infinite."""
        return self.of(end) if band.flags is None else self._masked(end, np.isinf(self._picked(end)))

    def of(self, array: npt.NDArray[Any]) -> pa.Array:
        """The array as it is."""
        return self._once("plain", array, lambda: pa.array(self._picked(array)))

    def words(self, numbers: npt.NDArray[np.int8] | None, texts: Sequence[str], size: int) -> pa.Array:
        """Texts by their numbers; None: the first one everywhere."""
        given = pa.array([str(text) for text in texts])
        chosen = self._once("bytes", None, lambda: pa.array(np.zeros(size, dtype=np.int8))) if numbers is None else self._picked(numbers)
        return pa.DictionaryArray.from_arrays(chosen, given, safe=False)

    def word(self, text: str, size: int) -> pa.Array:
        """One text everywhere."""
        numbers = self._once("numbers", None, lambda: pa.array(np.zeros(size, dtype=np.int32)))
        return pa.DictionaryArray.from_arrays(numbers, pa.array([text]), safe=False)

    def nothing(self, size: int) -> pa.Array:
        return self._once("nothing", None, lambda: pa.nulls(size, pa.float64()))

    def _masked(self, array: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> pa.Array:
        return pa.array(self._picked(array), mask=missing) if missing.any() else self.of(array)

    def _picked(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return array.ravel() if self.pick is None else array[self.pick].ravel()

    def _once(self, way: str, source: Any, make: Callable[[], pa.Array]) -> pa.Array:
        key = way, id(source)
        if key not in self._made:
            self._made[key] = source, make()
        return self._made[key][1]
