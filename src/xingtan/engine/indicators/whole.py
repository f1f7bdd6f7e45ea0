"""Answers that hold for a whole snapshot: rows with their own organisation, period and date, placed where a question wants them.

What a small dataset says does not depend on which organisations and periods a page asks for. It is fetched once for each version of the
snapshot, and kept as long as there is room.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xingtan.engine.indicators.setting import Setting
from xingtan.engine.indicators.tree import Ints
from xingtan.engine.indicators.world import World

LAST = "organisations of the last rows"
ROOM = 192 << 20  # bytes of answers kept for one snapshot


@dataclass(frozen=True, slots=True)
class Spots:
    """Where rows belong: `org` among all organisations, `key` among what the dataset was reported under; -1: nowhere."""

    org: Ints
    key: Ints


@dataclass(frozen=True, slots=True)
class Placed:
    """Which rows a question sees (`rows`; one may stand in several periods), on which position of the axis, in which period."""

    rows: Ints | slice
    org: Ints
    period: Ints
    single: bool = False  # rows of different keys stand in different periods


class Larder:
    """Values by key, the least recently used dropped when they outgrow `room` bytes. Safe to share between threads."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._kept: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(self, key: Any, make: Callable[[], tuple[Any, int]]) -> Any:
        """What is kept under the key, or is made now; `make` tells the value and its size in bytes."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value, size = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value, size
                self._size += size
            while self._size > self.room:
                self._size -= self._kept.popitem(last=False)[1][1]
        return value

    def put(self, key: Any, value: Any, size: int) -> None:
        """Keep a value in place of what was under the key."""
        with self._lock:
            self._size += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = value, size

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


def larder_of(world: World) -> Larder:
    """The answers kept for a snapshot; they go with it."""
    return world.kept("larder", Larder)  # type: ignore[no-any-return]


def spots(world: World, dataset: str, table: pa.Table) -> Spots:
    """Read `org`, `period` and, where some rows have only that, `date`."""
    keys = world.keys(dataset)
    named: Any = table["period"]
    if "date" in table.column_names:
        day = pc.binary_join_element_wise("", table["date"].cast(pa.string()), "@")
        named = pc.if_else(pc.equal(named, ""), day, named)
    known = pa.array([text or (f"@{day.isoformat()}" if day else None) for text, day in keys], pa.string())
    return Spots(_orgs(world, table["org"]), _place(named, known))


def _orgs(world: World, column: Any) -> Ints:
    """Positions of the organisations; ledgers often hold the same ones in the same order, so the last answer is tried first."""
    larder = larder_of(world)
    before, places = larder.of(LAST, lambda: ((None, None), 0))
    if before is not None and column.equals(before):
        return places  # type: ignore[no-any-return]
    found = _place(column, world.code_array)
    larder.put(LAST, (column, found), column.nbytes + found.nbytes)
    return found


def place(found: Spots, setting: Setting, dataset: str) -> Placed:
    """The rows on the axis and in the periods asked."""
    axis = setting.axis.place
    org = np.where(found.org >= 0, axis[found.org], -1)
    hits = [setting.world.hits(dataset, period) for period in setting.periods]
    period_of = np.full(len(setting.world.keys(dataset)) + 1, -1, dtype=np.int64)  # the last one: of rows that are nowhere
    if sum(len(one) for one in hits) != len({key for one in hits for key in one}):
        return _repeated(found, org, hits, period_of)
    for number, one in enumerate(hits):
        period_of[one] = number
    period = period_of[found.key]
    inside = (org >= 0) & (period >= 0)
    single = all(len(one) <= 1 for one in hits)
    if inside.all():
        return Placed(slice(None), org, period, single)
    rows = np.flatnonzero(inside)
    return Placed(rows, org[rows], period[rows], single)


def _repeated(found: Spots, org: Ints, hits: list[list[int]], period_of: Ints) -> Placed:
    """Periods that contain each other see the same rows."""
    rows, periods = [], []
    for number, one in enumerate(hits):
        period_of[:] = -1
        period_of[one] = number
        own = np.flatnonzero((org >= 0) & (period_of[found.key] >= 0))
        rows.append(own)
        periods.append(np.full(len(own), number, dtype=np.int64))
    chosen = np.concatenate(rows)
    return Placed(chosen, org[chosen], np.concatenate(periods))


def _place(column: Any, known: pa.Array) -> Ints:
    found = pc.index_in(column, value_set=known, skip_nulls=True)
    if found.null_count:
        found = found.fill_null(-1)
    return np.asarray(found.to_numpy(), dtype=np.int64)
