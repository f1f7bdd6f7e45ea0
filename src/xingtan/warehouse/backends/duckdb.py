"""DuckDB over a snapshot's Parquet: the engine that figures are computed with."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping, Set
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import pyarrow as pa

from xingtan.warehouse.backends.compiled import Plan, plans, quoted
from xingtan.warehouse.backends.results import Results, name_of
from xingtan.warehouse.snapshots import Snapshot

PREPARED: Final = 200  # queries kept ready, besides their compiled text
HELD_ROWS: Final = 2_000_000  # a table up to this size is held in memory; a larger one is read from its files each time
ALONE: Final = 122_880  # rows of one row group: a second thread would find nothing to do, and cost more than it brings


class DuckRunner:
    """Runs Ibis expressions over one snapshot. Safe to share between threads (one query at a time); close it when done.

    `results`: answers kept between runners; what they hold is not asked again.

    Nothing outside the snapshot's folder can be read and no extension is fetched, whatever a query says.
    """

    dialect = "duckdb"

    def __init__(self, snapshot: Snapshot, *, threads: int | None = None, memory_limit: str = "", results: Results | None = None) -> None:
        self.snapshot = snapshot
        self._results = results
        self._plans = plans(self.dialect)
        self._threads = threads or int(os.environ.get("XINGTAN_THREADS", "0")) or os.cpu_count() or 1
        self._memory_limit = memory_limit
        self._engines: dict[int, _Engine] = {}  # by their number of threads
        self._lock = threading.RLock()

    @property
    def version(self) -> str:
        return self.snapshot.version

    def exact_fields(self, dataset: str) -> frozenset[str]:
        return self.snapshot.exact_fields(dataset)

    def run(self, expr: Any, *, key: str = "", tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Rows of a table expression, typed as its schema. `tables` replace the small tables of earlier calls under the same names."""
        plan = self._plans.of(expr, key)
        given = tables or {}
        if self._results is None:
            return plan.typed(self._asked(plan, given))
        name = name_of(self.snapshot, plan, given)
        found = self._results.get(name)
        if found is None:
            found = plan.typed(self._asked(plan, given))
            self._results.put(name, found)
        return found

    def _asked(self, plan: Plan, given: Mapping[str, pa.Table]) -> pa.Table:
        with self._lock:
            return self._engine(plan.tables - given.keys()).asked(plan, given)

    def _engine(self, names: Set[str]) -> _Engine:
        """The engine for some tables of the snapshot: one thread where all are small."""
        threads = 1 if all(self.snapshot.rows(name) <= ALONE for name in names) else self._threads
        if threads not in self._engines:
            self._engines[threads] = _Engine(self.snapshot, threads, self._memory_limit)
        return self._engines[threads]

    def close(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Engine:
    """One DuckDB in memory, with those tables of a snapshot that were asked for."""

    def __init__(self, snapshot: Snapshot, threads: int, memory_limit: str) -> None:
        self.snapshot = snapshot
        self._loaded: set[str] = set()
        self._relations: OrderedDict[str, Any] = OrderedDict()
        config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": threads}
        if memory_limit:
            config["memory_limit"] = memory_limit
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute(f"SET allowed_directories = [{_literal(str(snapshot.path))}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def asked(self, plan: Plan, given: Mapping[str, pa.Table]) -> pa.Table:
        """The rows of a plan; `given` stand under their names for this one query."""
        for name in plan.tables - given.keys():
            self._load(name)
        for name, table in given.items():
            self._connection.register(name, table)
        try:
            return self._connection.sql(plan.sql).to_arrow_table() if given else self._prepared(plan.sql).to_arrow_table()
        finally:
            for name in given:
                self._connection.unregister(name)

    def _prepared(self, sql: str) -> Any:
        """The query as the engine has taken it in; it runs anew each time its rows are asked for."""
        if sql not in self._relations:
            while len(self._relations) >= PREPARED:
                self._relations.popitem(last=False)
            self._relations[sql] = self._connection.sql(sql)
        self._relations.move_to_end(sql)
        return self._relations[sql]

    def close(self) -> None:
        self._relations.clear()
        self._connection.close()

    def _load(self, name: str) -> None:
        if name in self._loaded:
            return
        self._connection.execute(self._definition(name))
        self._loaded.add(name)

    def _definition(self, name: str) -> str:
        files = self.snapshot.files(name)
        if not files:
            columns = ", ".join(f"{quoted(field.name)} {_type(field.type)}" for field in self.snapshot.schema(name))
            return f"CREATE TABLE {quoted(name)} ({columns})"
        kind = "TABLE" if self.snapshot.rows(name) <= HELD_ROWS else "VIEW"
        listed = ", ".join(_literal(str(file)) for file in files)
        return f"CREATE {kind} {quoted(name)} AS SELECT * FROM read_parquet([{listed}], hive_partitioning = false)"  # noqa: S608 - quoted


TYPES: Final = {pa.string(): "VARCHAR", pa.bool_(): "BOOLEAN", pa.date32(): "DATE", pa.int64(): "BIGINT"}


def _type(kind: pa.DataType) -> str:
    return TYPES.get(kind) or f"DECIMAL({kind.precision}, {kind.scale})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
