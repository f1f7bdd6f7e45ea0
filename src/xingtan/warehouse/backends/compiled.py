"""What the engines share: compile an expression once, and give its rows the types its schema promises."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import pyarrow as pa

from xingtan.warehouse.contracts import DECIMAL

CACHED: Final = 2_000  # plans; a pack of 200 indicators with its breakdowns needs a few hundred


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL of an expression, the tables it reads and the columns it gives."""

    sql: str
    tables: frozenset[str]
    schema: pa.Schema

    def typed(self, result: pa.Table) -> pa.Table:
        """Cast what an engine returns (huge integers, decimals as text) to the promised types; pa.ArrowInvalid if it would change."""
        if not result.num_rows:
            return self.schema.empty_table()  # some engines give no column then, some give columns without chunks
        columns = [_cast(result[name], self.schema.field(name).type) for name in self.schema.names]
        return pa.table(columns, schema=self.schema)


class Plans:
    """Compiled plans of one dialect by key, the least recently used dropped first."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._cache: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, expr: Any, key: str) -> Plan:
        """The plan of an expression; equal non-empty keys promise equal expressions."""
        with self._lock:
            if key and key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        plan = self._compiled(expr)
        if key:
            with self._lock:
                self._cache[key] = plan
                while len(self._cache) > CACHED:
                    self._cache.popitem(last=False)
        return plan

    def _compiled(self, expr: Any) -> Plan:
        names = frozenset(table.name for table in expr.op().find((ops.UnboundTable, ops.DatabaseTable)))
        fields = [pa.field(name, arrow_type(kind)) for name, kind in expr.schema().items()]
        sql = str(ibis.to_sql(expr, dialect=self.dialect, pretty=False))
        return Plan(ascii_only(sql) if self.dialect == "duckdb" else sql, names, pa.schema(fields))


@cache
def plans(dialect: str) -> Plans:
    """The plans of this process: a plan depends on its key alone, so that a refreshed snapshot is not compiled for anew."""
    return Plans(dialect)


def ascii_only(sql: str) -> str:
    """Spell the texts of a query in ASCII: DuckDB's client walks through any other SQL character by character, on every run."""
    return sql if sql.isascii() else _TEXT.sub(lambda found: _spelt(found[0]), sql)


_TEXT: Final = re.compile(r"'(?:[^']|'')*'")


def _spelt(text: str) -> str:
    """A quoted text as characters strung together."""
    if text.isascii():
        return text
    pieces = re.findall(r"[^\x00-\x7f]|[\x00-\x7f]+", text[1:-1])
    return "(" + " || ".join(f"'{one}'" if one.isascii() else f"chr({ord(one)})" for one in pieces) + ")"


def arrow_type(kind: dt.DataType) -> pa.DataType:
    """The column type of an expression; sums of decimals keep the contract's precision."""
    if kind.is_decimal():
        return pa.decimal128(kind.precision or DECIMAL.precision, DECIMAL.scale if kind.scale is None else kind.scale)
    if kind.is_integer():
        return pa.int64()
    if kind.is_floating():
        return pa.float64()
    simple = {"Boolean": pa.bool_(), "Date": pa.date32(), "String": pa.string()}
    if type(kind).__name__ not in simple:
        raise TypeError(f"no column of a result may be {kind}")
    return simple[type(kind).__name__]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.type == wanted:
        return column
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)
    if pa.types.is_floating(wanted) and pa.types.is_decimal(column.type):
        return column.cast(wanted, safe=False)  # a double of a 38-digit decimal is the nearest one, not an error
    return column.cast(wanted)
