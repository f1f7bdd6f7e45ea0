"""PostgreSQL over the same Parquet, loaded into a scratch schema: the second opinion that figures are held against."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from xingtan.kernel.text import T
from xingtan.warehouse.backends.compiled import plans, quoted
from xingtan.warehouse.errors import SnapshotError
from xingtan.warehouse.snapshots import Snapshot

SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,62}")


class PostgresRunner:
    """Runs Ibis expressions over one snapshot in PostgreSQL. `schema` is made anew by `load` and dropped by `close`.

    Raises SnapshotError if the server is no PostgreSQL: a comparison of an engine with itself would prove nothing.
    """

    dialect = "postgres"

    def __init__(self, dsn: str, schema: str) -> None:
        if not SCHEMA.fullmatch(schema) or schema in ("public", "pg_catalog", "information_schema"):
            raise SnapshotError.one("postgres.schema", T("“%(schema)s”不能作临时模式名", schema=schema))
        self.schema = schema
        self._snapshot: Snapshot | None = None
        self._plans = plans(self.dialect)
        self._lock = threading.RLock()
        self._connection = adbc.connect(dsn, autocommit=True)
        self._ready()

    @property
    def snapshot(self) -> Snapshot:
        if self._snapshot is None:
            raise SnapshotError.one("postgres.empty", T("尚未载入快照"))
        return self._snapshot

    @property
    def version(self) -> str:
        return self.snapshot.version

    def exact_fields(self, dataset: str) -> frozenset[str]:
        return self.snapshot.exact_fields(dataset)

    def load(self, snapshot: Snapshot) -> Self:
        """Replace the schema's content by the snapshot's tables, by COPY."""
        with self._lock:
            self._execute(f"DROP SCHEMA IF EXISTS {quoted(self.schema)} CASCADE")
            self._execute(f"CREATE SCHEMA {quoted(self.schema)}")
            for name in snapshot.tables:
                with self._connection.cursor() as cursor:
                    cursor.adbc_ingest(name, snapshot.read(name), mode="create", db_schema_name=self.schema)
                self._execute(f"ANALYZE {quoted(self.schema)}.{quoted(name)}")
            self._snapshot = snapshot
        return self

    def run(self, expr: Any, *, key: str = "", tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Rows of a table expression, typed as its schema. `tables` exist for this call only."""
        self.snapshot  # noqa: B018 - refuses before anything was loaded
        plan = self._plans.of(expr, key)
        given = tables or {}
        with self._lock:
            try:
                for name, table in given.items():
                    with self._connection.cursor() as cursor:
                        cursor.adbc_ingest(name, table, mode="create", temporary=True)
                with self._connection.cursor() as cursor:
                    cursor.execute(plan.sql)
                    result = cursor.fetch_arrow_table()
            finally:
                for name in given:
                    self._execute(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
        return plan.typed(result)

    def close(self) -> None:
        """Drop the schema and hang up."""
        with self._lock:
            self._execute(f"DROP SCHEMA IF EXISTS {quoted(self.schema)} CASCADE")
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _ready(self) -> None:
        vendor = self._connection.adbc_get_info()["vendor_name"]
        if vendor != "PostgreSQL":
            self._connection.close()
            raise SnapshotError.one("postgres.vendor", T("需要 PostgreSQL，连接到的却是 %(vendor)s", vendor=vendor))
        self._execute(f"SET search_path TO pg_temp, {quoted(self.schema)}")

    def _execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
