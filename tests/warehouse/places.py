"""Sources in memory for one invented place: what apps register in the real program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.warehouse import contracts, rows
from xingtan.warehouse.registry import Registry

PUPILS = DatasetSpec(
    "pupils",
    "在校生",
    (
        FieldSpec("number", "number", minimum=Decimal(0)),
        FieldSpec("kind", "code"),
        FieldSpec("boarding", "boolean"),
        FieldSpec("date", "date"),
    ),
    due_from=("school",),
    period_kind="year",
)
VISITS = DatasetSpec("visits", "听课", (FieldSpec("cost", "money"), FieldSpec("by", "person")))
ORGS = [
    {"code": "XS", "name": "溪山县", "kind": "county", "parent": None, "valid_from": None, "valid_to": None},
    {"code": "XS-11", "name": "东溪中学", "kind": "school", "parent": "XS", "valid_from": date(1985, 9, 1), "valid_to": None},
]
CLOSURE = [
    {"ancestor": one, "descendant": other, "depth": depth, "valid_from": None, "valid_to": None}
    for one, other, depth in (("XS", "XS", 0), ("XS", "XS-11", 1), ("XS-11", "XS-11", 0))
]


@dataclass
class Source:
    """Rows by dataset and period; every change through `put` gives the period a new stamp. `asked` counts what was read."""

    specs: tuple[DatasetSpec, ...] = (PUPILS, VISITS)
    cells: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    stamps: dict[tuple[str, str], int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def put(self, dataset: str, period: str, *records: Mapping[str, Any]) -> None:
        self.cells[dataset, period] = [{"org": "XS-11", "period": period, **record} for record in records]
        self.stamps[dataset, period] = self.stamps.get((dataset, period), 0) + 1

    def datasets(self, place: str) -> tuple[DatasetSpec, ...]:
        return self.specs

    def version(self, place: str, dataset: str) -> dict[str, str]:
        return {period: str(stamp) for (name, period), stamp in self.stamps.items() if name == dataset}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        self.asked.append((dataset, period))
        spec = next(spec for spec in self.specs if spec.id == dataset)
        return rows.table(spec, self.cells[dataset, period])


@dataclass
class Tree:
    """The side tables of the place."""

    orgs: list[dict[str, Any]] = field(default_factory=lambda: list(ORGS))
    stamp: int = 1
    asked: list[str] = field(default_factory=list)

    def sides(self) -> tuple[str, ...]:
        return ("orgs", "closure", "succession", "returns")

    def version(self, place: str, side: str) -> str:
        return str(self.stamp)

    def table(self, place: str, side: str) -> pa.Table:
        self.asked.append(side)
        given: dict[str, list[dict[str, Any]]] = {
            "orgs": self.orgs,
            "closure": CLOSURE,
            "succession": [{"predecessor": "XS-11", "successor": "XS", "share": Decimal("0.5"), "date": date(2008, 8, 1)}],
            "returns": [{"dataset": "visits", "org": "XS-11", "period": "2009"}],
        }
        return pa.Table.from_pylist(given[side], schema=contracts.SIDES[side])


@dataclass
class World:
    source: Source
    tree: Tree

    @property
    def registry(self) -> Registry:
        return Registry([self.source], [self.tree])


def world() -> World:
    """Two datasets; exact, bounded, unknown and inapplicable cells; a doubtful row."""
    source = Source()
    source.put(
        "pupils",
        "2008",
        {"row_id": "1", "number": 480, "kind": "boy", "boarding": True, "date": date(2008, 9, 1)},
        {"row_id": "2", "number": 450, "kind": "girl", "boarding": False, "date": date(2008, 9, 2)},
    )
    source.put(
        "pupils",
        "2009",
        {"row_id": "3", "number": Quantity.more_than(500), "kind": "boy", "doubt": "两处不一致"},
        {"row_id": "4", "number": Quantity.unknown(), "kind": Reason.NOT_APPLICABLE, "boarding": Reason.UNKNOWN},
        {"row_id": "5", "number": Quantity.not_applicable(), "kind": "girl", "boarding": True, "date": date(2009, 9, 1)},
        {"row_id": "6", "number": Quantity.about(38), "kind": "girl", "boarding": True, "date": date(2009, 9, 1)},
    )
    source.put("visits", "", {"row_id": "7", "cost": Decimal("12.35"), "by": "P1", "date": date(2009, 3, 8)})
    return World(source, Tree())
