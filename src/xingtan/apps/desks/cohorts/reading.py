"""Rows of the ledgers as numbers of one organisation: what it states itself, else the sum of what stands below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import Node, tree
from xingtan.apps.record.ledgers.cells import load
from xingtan.apps.record.ledgers.selectors import current, within
from xingtan.apps.record.ledgers.shape import ledger_of
from xingtan.engine.cohorts.given import UNKNOWN
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.pack import Pack
from xingtan.pack.schema.ledger import Ledger

BOYS, GIRLS, BOTH = "男", "女", "不分"  # words of the code table `counted_sex`
Key = tuple[str, ...]
Columns = Mapping[str, Quantity]
Lines = Mapping[Key, Mapping[str, Columns]]  # key → sex → column → number


@dataclass(frozen=True, slots=True)
class Numbers:
    """One school year. `sources`: the organisations that state them, each with the number of its rows."""

    lines: Mapping[Key, Mapping[str, Columns]]
    sources: tuple[tuple[str, int], ...] = ()

    @property
    def keys(self) -> set[Key]:
        return set(self.lines)

    def of(self, key: Key, sex: str, column: str) -> Quantity:
        """A number; unknown where nobody states it."""
        return self.lines.get(key, {}).get(sex, {}).get(column, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one ledger. `keys`: its key columns but the sex; `columns`: its numbers."""

    place: Place
    pack: Pack
    org: Organisation
    ledger: str
    keys: Key
    columns: Key

    def year(self, period: Period) -> Numbers:
        """The numbers of a school year."""
        nodes = tree(self.place, period.end, self.org)
        rows = within(current(self.place, self.ledger), period).filter(org__in=[node.pk for node in nodes])
        spec = ledger_of(self.pack, self.ledger)
        own: dict[int, dict[Key, dict[str, Columns]]] = defaultdict(lambda: defaultdict(dict))
        counts: dict[int, int] = defaultdict(int)
        for org, data in rows.values_list("org_id", "data"):
            key, sex, numbers = self._row(spec, data)
            own[org][key][sex] = numbers
            counts[org] += 1
        speaking = speakers(nodes, set(own))
        return Numbers(_added([own[node.pk] for node in speaking], self.columns), tuple((node.name, counts[node.pk]) for node in speaking))

    def _row(self, spec: Ledger, data: Mapping[str, Any]) -> tuple[Key, str, Columns]:
        cells = {field.id: load(field, data.get(field.id)) for field in spec.fields}
        numbers = {name: cell.value for name in self.columns if (cell := cells[name]) is not None and isinstance(cell.value, Quantity)}
        key = tuple(_word(cells[name].value) if cells[name] is not None else "" for name in self.keys)  # type: ignore[union-attr]
        sex = cells["sex"]
        return key, str(sex.value) if sex is not None else BOTH, numbers


def _word(value: Any) -> str:
    """A key column as text; a number without needless zeros."""
    point = value.value if isinstance(value, Quantity) else None
    return str(value) if point is None else f"{point.normalize():f}"


def speakers(nodes: Iterable[Node], stating: set[int]) -> list[Node]:
    """Those of a tree (in reading order) that state something and have nobody above them who does: no child is counted twice."""
    found: list[Node] = []
    below: int | None = None  # depth of the speaker that we are below
    for node in nodes:
        if below is not None and node.depth > below:
            continue
        below = None
        if node.pk in stating:
            found.append(node)
            below = node.depth
    return found


def _added(parts: Iterable[Mapping[Key, Mapping[str, Columns]]], columns: Key) -> Lines:
    """Sum over organisations. Who has no row of a key has none of it; who has one for girls but not for boys has not said how many boys."""
    total: dict[Key, dict[str, dict[str, Quantity]]] = {}
    for part in parts:
        for key, by_sex in part.items():
            sums = total.setdefault(key, {sex: dict.fromkeys(columns, Quantity.exact(0)) for sex in (BOYS, GIRLS, BOTH)})
            for sex, numbers in sums.items():
                for column in columns:
                    numbers[column] = numbers[column] + _said(by_sex, sex, column)
    return total


def _said(by_sex: Mapping[str, Columns], sex: str, column: str) -> Quantity:
    if sex in by_sex:
        return by_sex[sex].get(column, UNKNOWN)
    if sex != BOTH:
        return UNKNOWN
    return _said(by_sex, BOYS, column) + _said(by_sex, GIRLS, column)
