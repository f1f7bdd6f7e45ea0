"""Small worlds for the engine's tests: rows and organisations as Python values, in a DuckDB of their own."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec
from xingtan.kernel.quantity import Quantity, Reason

AMOUNT = pa.decimal128(38, 10)
FOREVER = None


@dataclass
class Org:
    code: str
    kind: str
    parent: str = ""
    start: date = date(1990, 1, 1)
    end: date | None = None


@dataclass
class Row:
    org: str
    period: str = ""
    day: date | None = None
    doubt: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Place:
    orgs: Sequence[Org]
    rows: Mapping[str, Sequence[Row]]
    returns: Sequence[tuple[str, str, str]] = ()
    succession: Sequence[tuple[str, str, Decimal, date]] = ()


def schema(dataset: DatasetSpec) -> pa.Schema:
    columns: dict[str, pa.DataType] = {name: pa.string() for name in ("row_id", "org", "period")}
    columns |= {"date": pa.date32(), "doubt": pa.string(), "valid_from": pa.date32(), "valid_to": pa.date32()}
    for one in dataset.fields:
        if one.type in NUMERIC:
            columns |= {
                f"{one.id}__lo": AMOUNT,
                f"{one.id}__hi": AMOUNT,
                f"{one.id}__lo_open": pa.bool_(),
                f"{one.id}__hi_open": pa.bool_(),
            }
        else:
            columns[one.id] = {"date": pa.date32(), "boolean": pa.bool_()}.get(one.type, pa.string())
        columns[f"{one.id}__reason"] = pa.string()
    return pa.schema(list(columns.items()))


def as_columns(dataset: DatasetSpec, number: int, row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "row_id": f"{dataset.id}-{number}",
        "org": row.org,
        "period": row.period,
        "date": row.day,
        "doubt": row.doubt,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }
    for one in dataset.fields:
        value = row.values.get(one.id, Reason.UNKNOWN)
        if one.type in NUMERIC:
            quantity = _quantity(value)
            cells |= dict(
                zip([f"{one.id}__{end}" for end in ("lo", "hi", "lo_open", "hi_open", "reason")], quantity.columns(), strict=True)
            )
        else:
            cells |= (
                {one.id: None, f"{one.id}__reason": value.value} if isinstance(value, Reason) else {one.id: value, f"{one.id}__reason": ""}
            )
    return cells


def _quantity(value: Any) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, Reason):
        return Quantity.unknown() if value is Reason.UNKNOWN else Quantity.not_applicable()
    return Quantity.exact(value)


def tables(place: Place, datasets: Sequence[DatasetSpec]) -> dict[str, pa.Table]:
    orgs = [
        {"code": o.code, "name": o.code, "kind": o.kind, "parent": o.parent, "valid_from": o.start, "valid_to": o.end} for o in place.orgs
    ]
    spell = {
        "code": pa.string(),
        "name": pa.string(),
        "kind": pa.string(),
        "parent": pa.string(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
    }
    result = {"orgs": pa.Table.from_pylist(orgs, schema=pa.schema(list(spell.items())))}
    returns = [dict(zip(("dataset", "org", "period"), one, strict=True)) for one in place.returns]
    result["returns"] = pa.Table.from_pylist(returns, schema=pa.schema([(name, pa.string()) for name in ("dataset", "org", "period")]))
    heirs = [dict(zip(("predecessor", "successor", "share", "date"), one, strict=True)) for one in place.succession]
    after = pa.schema([("predecessor", pa.string()), ("successor", pa.string()), ("share", AMOUNT), ("date", pa.date32())])
    result["succession"] = pa.Table.from_pylist(heirs, schema=after)
    for dataset in datasets:
        rows = [as_columns(dataset, number, row) for number, row in enumerate(place.rows.get(dataset.id, ()))]
        result[dataset.id] = pa.Table.from_pylist(rows, schema=schema(dataset))
    return result


class Duck:
    """A runner over tables in memory. `exact` is measured, as a warehouse measures it; `careful` says nothing is exact."""

    dialect = "duckdb"

    def __init__(self, held: Mapping[str, pa.Table], datasets: Sequence[DatasetSpec], *, careful: bool = False, version: str = "1") -> None:
        self.version, self.held, self.careful = version, held, careful
        self.connection = duckdb.connect(":memory:", config={"threads": 2})
        for name, table in held.items():
            self.connection.register("given", table)
            self.connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
            self.connection.unregister("given")
        self.datasets = {one.id: one for one in datasets}
        self.compiled: dict[str, str] = {}
        self.asked: list[str] = []
        self.lock = threading.Lock()
        self._exact = {one.id: exact_fields(held[one.id], one) for one in datasets}

    def exact_fields(self, dataset: str) -> frozenset[str]:
        return frozenset() if self.careful else self._exact[dataset]

    def run(self, expr: Any, *, key: str = "", tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        self.asked.append(key)
        sql = self.compiled.get(key) if key else None
        if sql is None:
            sql = str(ibis.to_sql(expr, dialect="duckdb"))
            if key:
                self.compiled[key] = sql
        with self.lock:
            for name, table in (tables or {}).items():
                self.connection.register(name, table)
            result = self.connection.sql(sql).to_arrow_table()
            for name in tables or {}:
                self.connection.unregister(name)
        return result


def exact_fields(table: pa.Table, dataset: DatasetSpec) -> frozenset[str]:
    rows = table.to_pylist()
    exact = {"doubt"} if not any(row["doubt"] for row in rows) else set()
    for one in dataset.fields:
        if all(not row[f"{one.id}__reason"] for row in rows) and (
            one.type not in NUMERIC
            or all(row[f"{one.id}__lo"] is not None and row[f"{one.id}__lo"] == row[f"{one.id}__hi"] for row in rows)
        ):
            exact.add(one.id)
    return frozenset(exact)
