"""The same figures by other means: one hand-written query, one query an indicator, the object mapper (a process of its own)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._indicators_data import BOUNDED, LEDGERS
from xingtan.warehouse.snapshots import Snapshot

HERE = Path(__file__).parent
PARTS = dict(
    re.findall(r"-- part: (\w+(?: \w+)?)[^\n]*\n(.*?)(?=\n-- part:|\Z)", (HERE / "_indicators_reference.sql").read_text("utf-8"), re.DOTALL)
)


def connect(snapshot: Snapshot, threads: int) -> duckdb.DuckDBPyConnection:
    """The snapshot's files as tables in memory, as the runner of the warehouse holds them."""
    connection = duckdb.connect(":memory:", config={"threads": threads})
    for name in snapshot.tables:
        if files := ", ".join(f"'{file}'" for file in snapshot.files(name)):
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM read_parquet([{files}], hive_partitioning = false)')
    return connection


def _text(section: str, k: int) -> str:
    kind = "bounded" if k in BOUNDED else "exact"
    return "".join(PARTS.get(name, "").replace("{k}", str(k)) for name in (section, f"{section} {kind}"))


def reference(ledgers: Iterable[int] = LEDGERS, only: str = "") -> str:
    """One query for all indicators of some ledgers, or (`only`) with the columns of one of them."""
    chosen = list(ledgers)
    first = chosen[0]
    joins = [f"ledger_{first} AS l{first}"]
    joins += [f"JOIN ledger_{k} AS l{k} ON l{k}.org = l{first}.org AND l{k}.period = l{first}.period" for k in chosen[1:]]
    parts = {section: "".join(_text(section, k) for k in chosen).rstrip().rstrip(",") for section in ("leaf", "sums", "figures")}
    query = PARTS["query"].replace("l1.", f"l{first}.").format(joins=" ".join(joins), **parts)
    return f"SELECT org, period, COLUMNS('^{only}__.*') FROM ({query})" if only else query


def all_at_once(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    return connection.sql(sql).to_arrow_table()


def one_by_one(connection: duckdb.DuckDBPyConnection, queries: Iterable[str]) -> list[Any]:
    return [connection.sql(query).to_arrow_table() for query in queries]


def object_mapper(folder: Path) -> tuple[pa.Table, dict[str, dict[str, float]]]:
    """Django's figures over SQLite, and the seconds (wall, cpu) and `queries` of each way to ask; in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._indicators_orm", str(folder)], capture_output=True, text=True, check=True, cwd=HERE.parent
    )
    return pq.read_table(folder / "orm.parquet"), json.loads(done.stdout.splitlines()[-1])
