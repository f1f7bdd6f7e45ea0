from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
import pytest
from tests.warehouse.places import world

from xingtan.warehouse import refresh
from xingtan.warehouse.backends import duckdb as duck
from xingtan.warehouse.backends.compiled import Plans, arrow_type
from xingtan.warehouse.backends.compiled import plans as shared
from xingtan.warehouse.backends.duckdb import DuckRunner
from xingtan.warehouse.backends.postgres import PostgresRunner
from xingtan.warehouse.contracts import SIDES
from xingtan.warehouse.errors import SnapshotError
from xingtan.warehouse.snapshots import Snapshot

KINDS = {pa.string(): "string", pa.bool_(): "boolean", pa.date32(): "date", pa.int64(): "int64"}
ASKED = ibis.table({"period": "string", "weight": "int64"}, name="asked")
PG = os.environ.get("XINGTAN_TEST_PG", "")


def unbound(snapshot: Snapshot, name: str) -> Any:
    columns = {field.name: KINDS.get(field.type, "decimal(38, 10)") for field in snapshot.schema(name)}
    return ibis.table(columns, name=name)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return refresh.working("xishan", root=tmp_path_factory.mktemp("warehouse"), registry=world().registry)


@pytest.fixture(
    params=["duckdb", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.skipif(not PG, reason="needs PostgreSQL")])]
)
def runner(request: pytest.FixtureRequest, snapshot: Snapshot) -> Iterator[DuckRunner | PostgresRunner]:
    if request.param == "duckdb":
        with DuckRunner(snapshot) as duck_runner:
            yield duck_runner
    else:
        with PostgresRunner(PG, "scratch_backends") as postgres_runner:
            yield postgres_runner.load(snapshot)


def test_every_table_is_there_as_the_snapshot_has_it(runner: DuckRunner, snapshot: Snapshot) -> None:
    for name in snapshot.tables:
        table = unbound(snapshot, name)
        result = runner.run(table.order_by(table.columns[0], table.columns[1], table.columns[2]))
        stored = snapshot.read(name)
        assert result.schema.equals(pa.schema([pa.field(field.name, field.type) for field in stored.schema]))
        ordered = stored.sort_by([(column, "ascending") for column in stored.column_names[:3]])
        assert result.to_pylist() == ordered.to_pylist()


def test_exact_sums_counts_and_joins(runner: DuckRunner, snapshot: Snapshot) -> None:
    pupils, closure = unbound(snapshot, "pupils"), unbound(snapshot, "closure")
    joined = pupils.join(closure, pupils.org == closure.descendant).join(ASKED, "period")
    expr = joined.group_by("ancestor", "period").agg(
        lo=joined.number__lo.sum(),
        weighted=(joined.number__lo * joined.weight).sum(),
        rows=joined.count(),
        open=joined.number__lo_open.ifelse(1, 0).sum(),
        bounded=joined.count(where=joined.number__hi.isnull()),
    )
    asked = pa.table({"period": ["2008", "2009"], "weight": [1, 2]})
    rows = runner.run(expr.order_by("ancestor", "period"), tables={"asked": asked}).to_pylist()
    one = {"lo": Decimal(930), "weighted": Decimal(930), "rows": 2, "open": 0, "bounded": 0}
    two = {"lo": Decimal(538), "weighted": Decimal(1076), "rows": 4, "open": 1, "bounded": 3}
    assert rows == [{"ancestor": a, "period": p, **figures} for a in ("XS", "XS-11") for p, figures in (("2008", one), ("2009", two))]


def test_three_valued_conditions_must_be_said(runner: DuckRunner, snapshot: Snapshot) -> None:
    """NULL is infinity here, not absence: what a bound cannot decide is counted apart, in every engine alike."""
    pupils = unbound(snapshot, "pupils")
    sure = (pupils.number__lo > 470).fill_null(False)
    possible = (pupils.number__hi > 470) | pupils.number__hi.isnull()
    applies = pupils.number__reason != "not_applicable"
    expr = pupils.filter(applies).agg(sure=sure.ifelse(1, 0).sum(), possible=possible.ifelse(1, 0).sum())
    assert runner.run(expr).to_pylist() == [{"sure": 2, "possible": 3}]


def test_small_tables_change_between_calls_with_one_key(runner: DuckRunner, snapshot: Snapshot) -> None:
    pupils = unbound(snapshot, "pupils")
    expr = pupils.join(ASKED, "period").group_by("period").agg(rows=lambda t: t.count())
    for period, rows in (("2008", 2), ("2009", 4), ("2008", 2)):
        given = {"asked": pa.table({"period": [period], "weight": [1]})}
        assert runner.run(expr, key="rows", tables=given).to_pylist() == [{"period": period, "rows": rows}]
    with pytest.raises(Exception, match="asked"):
        runner.run(expr, key="rows")  # given tables live for their call only


def test_a_runner_knows_its_snapshot(runner: DuckRunner, snapshot: Snapshot) -> None:
    assert runner.version == snapshot.version
    assert runner.exact_fields("visits") == {"doubt", "cost", "by"}


def test_empty_results_keep_their_types(runner: DuckRunner, snapshot: Snapshot) -> None:
    pupils = unbound(snapshot, "pupils")
    result = runner.run(pupils.filter(pupils.period == "1999").select("row_id", "number__lo", "boarding", "date"))
    assert [field.type for field in result.schema] == [pa.string(), pa.decimal128(38, 10), pa.bool_(), pa.date32()]


def test_the_dialect_is_what_it_says(runner: DuckRunner, snapshot: Snapshot) -> None:
    version = runner.run(ibis.table({"code": "string"}, name="orgs").limit(1)).num_rows
    assert version == 1
    if runner.dialect == "postgres":
        with runner._connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            assert cursor.fetchone()[0].startswith("PostgreSQL ")
    else:
        assert runner._engine({"orgs"})._connection.execute("SELECT version()").fetchone()[0].startswith("v")


@pytest.mark.parametrize("alone", [duck.ALONE, -1], ids=["small", "large"])
def test_duckdb_reads_nothing_but_the_snapshot(snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: int) -> None:
    monkeypatch.setattr(duck, "ALONE", alone)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with DuckRunner(snapshot, threads=2) as runner:
        connection = runner._engine({"pupils"})._connection
        for statement in (
            f"SELECT * FROM read_csv('{secret}')",
            "INSTALL httpfs",
            "LOAD sqlite",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
        with pytest.raises(duckdb.Error):
            connection.execute("SET enable_external_access = true")
        settings = "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
        assert connection.execute(settings).fetchone() == (False, False)
    assert not (tmp_path / "out.csv").exists()


def test_threads_and_memory_are_configurable(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = "SELECT current_setting('threads'), current_setting('memory_limit')"
    with DuckRunner(snapshot, threads=3, memory_limit="100MB") as runner:
        assert runner._engine({"pupils"})._connection.execute(setting).fetchone() == (1, "95.3 MiB"), "a second thread finds nothing to do"
    monkeypatch.setattr(duck, "ALONE", -1)
    with DuckRunner(snapshot, threads=1, memory_limit="100MB") as runner:
        assert runner._engine({"pupils"})._connection.execute(setting).fetchone() == (1, "95.3 MiB")
    monkeypatch.setenv("XINGTAN_THREADS", "3")
    with DuckRunner(snapshot) as runner:
        assert runner._engine({"pupils"})._connection.execute(setting).fetchone()[0] == 3


def test_large_tables_are_read_from_their_files(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "HELD_ROWS", 3)
    pupils, visits = unbound(snapshot, "pupils"), unbound(snapshot, "visits")
    with DuckRunner(snapshot) as runner:
        assert runner.run(pupils.count().as_table()).column(0).to_pylist() == [6]
        assert runner.run(visits.count().as_table()).column(0).to_pylist() == [1]
        kinds = (
            runner._engine({"pupils"})
            ._connection.execute("SELECT table_name, table_type FROM information_schema.tables ORDER BY 1")
            .fetchall()
        )
        assert kinds == [("pupils", "VIEW"), ("visits", "BASE TABLE")]


def test_a_runner_may_be_shared_between_threads(snapshot: Snapshot) -> None:
    pupils = unbound(snapshot, "pupils")
    expr = pupils.join(ASKED, "period").agg(rows=lambda t: t.count())

    def rows(period: str) -> int:
        result = runner.run(expr, key="shared", tables={"asked": pa.table({"period": [period], "weight": [1]})})
        return int(result["rows"][0].as_py())

    with DuckRunner(snapshot) as runner, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(rows, ["2008", "2009"] * 20)) == [2, 4] * 20


def test_a_plan_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    to_sql = ibis.to_sql
    monkeypatch.setattr(ibis, "to_sql", lambda expr, **options: compiled.append(expr) or to_sql(expr, **options))
    plans = Plans("duckdb")
    expr = ASKED.filter(ASKED.weight > 1)
    assert plans.of(expr, "a") is plans.of(expr, "a")
    assert plans.of(expr, "") is not plans.of(expr, "")
    assert len(compiled) == 3
    assert plans.of(expr, "a").tables == {"asked"}
    assert len(compiled) == 3
    assert shared("duckdb") is shared("duckdb") is not shared("postgres")


def test_the_least_used_plan_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xingtan.warehouse.backends.compiled.CACHED", 2)
    plans = Plans("duckdb")
    a, b = plans.of(ASKED, "a"), plans.of(ASKED, "b")
    assert plans.of(ASKED, "a") is a
    plans.of(ASKED, "c")
    assert plans.of(ASKED, "a") is a
    assert plans.of(ASKED, "b") is not b


def test_only_promised_types_leave_an_engine() -> None:
    assert [arrow_type(dt.dtype(name)) for name in ("int8", "float32", "decimal", "decimal(20, 2)", "date")] == [
        pa.int64(), pa.float64(), pa.decimal128(38, 10), pa.decimal128(20, 2), pa.date32(),
    ]  # fmt: skip
    with pytest.raises(TypeError, match="json"):
        arrow_type(dt.dtype("json"))


def test_postgres_schemas_are_scratch_only() -> None:
    for schema in ("public", "pg_catalog", "a-b", 'x"; drop', ""):
        with pytest.raises(SnapshotError):
            PostgresRunner("postgresql://unused", schema)


@pytest.mark.postgres
@pytest.mark.skipif(not PG, reason="needs PostgreSQL")
def test_postgres_leaves_nothing_behind(snapshot: Snapshot) -> None:
    with PostgresRunner(PG, "scratch_gone") as runner:
        with pytest.raises(SnapshotError):
            runner.run(ASKED)
        runner.load(snapshot)
        runner.load(snapshot)
        assert set(SIDES) < set(snapshot.tables)
    with PostgresRunner(PG, "scratch_look") as other, other._connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'scratch_gone'")
        assert cursor.fetchone() == (0,)
