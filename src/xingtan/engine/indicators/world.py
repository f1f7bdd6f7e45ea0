"""What the engine learns about one snapshot and keeps: the organisations' spells, successions, nil returns, and what was reported when."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators.runner import Runner
from xingtan.engine.indicators.sql.source import DECIMAL
from xingtan.engine.indicators.tree import Tree
from xingtan.kernel.period import Period, PeriodError

OPEN_END = np.iinfo(np.int64).max
KEPT = 200
FOREVER = date(9999, 1, 1).toordinal()
Key = tuple[str, date | None]  # canonical period of the row, or "" and its date


@dataclass(frozen=True)
class Spells:
    """Names, kinds and parents over time; days are ordinals, an open end is the greatest integer."""

    org: npt.NDArray[np.int64]
    kind: npt.NDArray[np.object_]
    parent: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]


class World:
    """One snapshot of one place. `codes` is the axis of all organisations that ever were."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._trees: dict[tuple[date | None, date | None], Tree] = {}
        self._keys: dict[str, tuple[Key, ...]] = {}
        self._rows: dict[str, int] = {}
        self._tops: dict[str, frozenset[tuple[int, int]]] = {}
        self._kept: dict[Any, Any] = {}
        self._hits: dict[tuple[str, Period], list[int]] = {}

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What has been derived from this snapshot before, or is now. The oldest goes when there is too much."""
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = make()
        return self._kept[key]

    @cached_property
    def _orgs(self) -> dict[str, list[Any]]:
        columns = {"code": "string", "kind": "string", "parent": "string", "valid_from": "date", "valid_to": "date"}
        return _columns(self.runner, "orgs", columns)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted(set(self._orgs["code"])))

    @cached_property
    def code_array(self) -> pa.Array:
        return pa.array(self.codes, pa.string())

    @cached_property
    def index(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def spells(self) -> Spells:
        table, index = self._orgs, self.index
        return Spells(
            np.array([index[code] for code in table["code"]], dtype=np.int64),
            np.array(table["kind"], dtype=object),
            np.array([index.get(parent or "", -1) for parent in table["parent"]], dtype=np.int64),
            np.array([0 if day is None else day.toordinal() for day in table["valid_from"]], dtype=np.int64),
            np.array([_end(day) for day in table["valid_to"]], dtype=np.int64),
        )

    @cached_property
    def successions(self) -> dict[int, list[tuple[int, Decimal]]]:
        """Successors of each organisation with their shares; a share that is not recorded is whole for a single successor."""
        table = _columns(self.runner, "succession", {"predecessor": "string", "successor": "string", "share": DECIMAL})
        found: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
        for before, after, share in zip(table["predecessor"], table["successor"], table["share"], strict=True):
            if before in self.index and after in self.index:
                found[self.index[before]].append((self.index[after], Decimal(1) if share is None else share))
        return dict(found)

    @cached_property
    def returns(self) -> dict[str, list[tuple[int, str]]]:
        """Nil returns: dataset → (organisation, period)."""
        table = _columns(self.runner, "returns", {"dataset": "string", "org": "string", "period": "string"})
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for dataset, org, period in zip(table["dataset"], table["org"], table["period"], strict=True):
            if org in self.index:
                found[dataset].append((self.index[org], period))
        return dict(found)

    def tree(self, day: date | None, since: date | None = None) -> Tree:
        """The tree on a day; None: the open tree. What closed after `since` and before the day stays where it last stood."""
        if (day, since) not in self._trees:
            tree = self._tree(day, since)
            self._trees[day, since] = next((one for one in self._trees.values() if one.equals(tree)), tree)  # worked out once, then
        return self._trees[day, since]

    def _tree(self, day: date | None, since: date | None) -> Tree:
        spells, size = self.spells, len(self.codes)
        parent, present = np.full(size, -1, dtype=np.int64), np.zeros(size, dtype=bool)
        kind = np.full(size, "", dtype=object)
        if day is None:
            valid = spells.end == OPEN_END
        else:
            valid = (spells.start <= day.toordinal()) & (day.toordinal() < spells.end)
        rows = np.flatnonzero(valid)
        if day is not None and since is not None:
            closed = np.flatnonzero((spells.end > since.toordinal()) & (spells.end <= day.toordinal()))
            closed = closed[np.argsort(spells.end[closed], kind="stable")]
            rows = np.concatenate([closed, rows])  # later assignments win: the last spell, then the valid one
        present[spells.org[rows]] = True
        parent[spells.org[rows]] = spells.parent[rows]
        kind[spells.org[rows]] = spells.kind[rows]
        inside = (parent >= 0) & present[parent]
        return Tree(np.where(present & inside, parent, -1), present, kind)

    def open_on(self, day: date | None) -> npt.NDArray[np.bool_]:
        """Which organisations are open on a day."""
        return self.tree(day).present

    def last_parent(self, org: int) -> int:
        """The organisation above in the last spell, -1 if there is none."""
        mine = np.flatnonzero(self.spells.org == org)
        return int(self.spells.parent[mine[np.argmax(self.spells.end[mine])]]) if len(mine) else -1

    def rows(self, dataset: str) -> int:
        """How many rows the dataset has in the whole place."""
        self.keys(dataset)
        return self._rows[dataset]

    def keys(self, dataset: str) -> tuple[Key, ...]:
        """The periods, and the dates of rows without a period, under which the whole place reported anything."""
        if dataset not in self._keys:
            found = self.runner.run(_reported(dataset), key=f"keys:{dataset}")
            self._rows[dataset] = sum(found["n"].to_pylist())
            pairs = list(zip(found["period"].to_pylist(), found["day"].to_pylist(), strict=True))
            self._keys[dataset] = tuple(sorted(set(pairs), key=lambda pair: (pair[0] or "", str(pair[1]))))
            number = {key: at for at, key in enumerate(self._keys[dataset])}
            tops = zip(found["top"].to_pylist(), pairs, strict=True)
            self._tops[dataset] = frozenset((self.index[org], number[key]) for org, key in tops if org in self.index)
        return self._keys[dataset]

    def tops(self, dataset: str, period: Period) -> list[int]:
        """Organisations that ever had others below them and themselves reported rows of the period."""
        hits = set(self.hits(dataset, period))
        return sorted({org for org, key in self._tops[dataset] if key in hits})

    def hits(self, dataset: str, period: Period) -> list[int]:
        """Which of the dataset's keys belong to the period, by number."""
        if (dataset, period) not in self._hits:
            self._hits[dataset, period] = [number for number, key in enumerate(self.keys(dataset)) if matches(period, key)]
        return self._hits[dataset, period]


def _reported(dataset: str) -> Any:
    """Rows counted by `period`, `day` (of rows without a period) and `top`: the row's organisation if its row speaks for others below it.

    A row of a period states something about the whole of its organisation; a dated row is one happening and states nothing about others.
    """
    table = ibis.table({"org": "string", "period": "string", "date": "date"}, name=dataset)
    above = ibis.table({"parent": "string"}, name="orgs").filter(lambda rows: rows.parent != "").distinct()
    joined = table.left_join(above, table.org == above.parent)
    dated = table.period == ""
    counted = joined.select(
        period=table.period,
        day=ibis.ifelse(dated, table.date, ibis.null("date")),
        top=ibis.ifelse(dated, ibis.null("string"), above.parent),
    )
    return counted.group_by("period", "day", "top").aggregate(n=lambda rows: rows.count())


def matches(period: Period, key: Key) -> bool:
    """Whether a row reported under the key belongs to the period."""
    text, day = key
    if not text:
        return day is not None and period.covers(day)
    try:
        return period.contains(Period.parse(text))
    except PeriodError:
        return False


_WORLDS: weakref.WeakKeyDictionary[Any, tuple[str, World]] = weakref.WeakKeyDictionary()


def world_of(runner: Runner) -> World:
    """The world of the runner's snapshot, learnt once for each version of it."""
    version, known = runner.version, _WORLDS.get(runner)
    if known is None or known[0] != version:
        known = (version, World(weakref.proxy(runner)))
        _WORLDS[runner] = known
    return known[1]


def _end(day: date | None) -> int:
    return OPEN_END if day is None or day.toordinal() >= FOREVER else day.toordinal()


def _columns(runner: Runner, name: str, schema: dict[str, str]) -> dict[str, list[Any]]:
    table = ibis.table(schema, name=name)
    result = runner.run(table.select(*schema), key=f"side:{name}")
    return {column: result[column].to_pylist() for column in schema}


def mapped(world: World, codes: Sequence[str]) -> npt.NDArray[np.int64]:
    """Positions of codes on the axis of all organisations, -1 for a code that is none."""
    return np.array([world.index.get(code, -1) for code in codes], dtype=np.int64)
