"""Every figure is the same on DuckDB and on PostgreSQL, loaded from the same Parquet: values, bounds, statuses and the rows under it."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given
from tests.engine.indicators.worlds import Place, tables
from tests.laws import tried

from xingtan.engine.indicators.drill import rows
from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.figure import Figure
from xingtan.engine.indicators.model import Model, compile_model
from xingtan.engine.indicators.runner import Runner
from xingtan.engine.indicators.spec import DatasetSpec, ModelSpec
from xingtan.kernel.quantity import Quantity
from xingtan.warehouse import contracts, refresh
from xingtan.warehouse.backends.duckdb import DuckRunner
from xingtan.warehouse.backends.postgres import PostgresRunner
from xingtan.warehouse.registry import Registry
from xingtan.warehouse.snapshots import Snapshot

strategies = pytest.importorskip("tests.engine.indicators.strategies", reason="the engine's random models and places have not landed yet")
DATASETS, models, places = strategies.DATASETS, strategies.models, strategies.places
PG = os.environ.get("XINGTAN_TEST_PG", "")
PERIODS = ("2008", "2009", "2009H1")
pytestmark = [pytest.mark.postgres, pytest.mark.skipif(not PG, reason="needs PostgreSQL")]


@dataclass
class Held:
    """A drawn place as sources of the warehouse."""

    tables: Mapping[str, pa.Table]

    def datasets(self, place: str) -> tuple[DatasetSpec, ...]:
        return DATASETS

    def sides(self) -> tuple[str, ...]:
        return tuple(name for name in contracts.SIDES if name in self.tables)

    def version(self, place: str, table: str) -> dict[str, str] | str:
        if table in contracts.SIDES:
            return "1"
        return dict.fromkeys(self.tables[table]["period"].unique().to_pylist(), "1")

    def table(self, place: str, table: str, period: str | None = None) -> pa.Table:
        whole = self.tables[table]
        return whole if period is None else whole.filter(pc.equal(whole["period"], period))


def snapshot_of(place: Place, root: Path) -> Snapshot:
    held = Held(tables(place, DATASETS))
    return refresh.working("drawn", root=root, registry=Registry([held], [held]))  # type: ignore[list-item]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresRunner]:
    with PostgresRunner(PG, "scratch_parity") as runner:
        yield runner


def test_the_two_engines_are_two(postgres: PostgresRunner) -> None:
    with postgres._connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL ")
    assert (postgres.dialect, DuckRunner.dialect) == ("postgres", "duckdb")


def close(a: Quantity | None, b: Quantity | None) -> bool:
    """Equal; points that rest on roots and quantiles may differ in the last digits."""
    if a is None or b is None:
        return a is b
    if (a.lo_open, a.hi_open, a.reason) != (b.lo_open, b.hi_open, b.reason):
        return False
    ends = ((a.lo, b.lo), (a.hi, b.hi))
    return all(x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)) for x, y in ends)


def told(figure: Figure) -> tuple[object, ...]:
    return figure.rows, figure.status, tuple(map(str, figure.reasons)), figure.missing, figure.doubts, figure.assumptions


# Every example compiles its own plans twice, so few are drawn; without shrinking, for that would compile hundreds.
FEW: Any = {"phases": [Phase.explicit, Phase.generate]}


def compare(model: Model, one: Runner, other: Runner, by: str | None) -> None:
    a, b = (evaluate(model, runner, periods=PERIODS, by=by) for runner in (one, other))
    assert a.groups == b.groups
    for ours, theirs in zip(a.figures(), b.figures(), strict=True):
        where = f"{ours.indicator} = {model.indicators[ours.indicator].formula} of {ours.org} in {ours.period} {ours.group}"
        for part in ("value", "numerator", "denominator"):
            assert close(getattr(ours, part), getattr(theirs, part)), f"{where}: {ours} {theirs}"
        assert told(ours) == told(theirs), where
    name = a.indicators[-1]
    drilled = [rows(model, runner, name, a.orgs[0], "2009") for runner in (one, other)]
    assert drilled[0].equals(drilled[1]), name


@tried(6, **FEW)
@given(models(), places())
def test_every_figure_is_the_same_on_both(postgres: PostgresRunner, spec: ModelSpec, place: Place) -> None:
    compiled = compile_model(spec)
    assert compiled.model is not None, [str(issue) for issue in compiled.issues]
    with tempfile.TemporaryDirectory() as root:
        snapshot = snapshot_of(place, Path(root))
        with DuckRunner(snapshot) as duck:
            compare(compiled.model, duck, postgres.load(snapshot), None)


@tried(2, **FEW)
@given(models(), places())
def test_breakdowns_are_the_same_on_both(postgres: PostgresRunner, spec: ModelSpec, place: Place) -> None:
    compiled = compile_model(spec)
    assert compiled.model is not None
    with tempfile.TemporaryDirectory() as root:
        snapshot = snapshot_of(place, Path(root))
        with DuckRunner(snapshot) as duck:
            compare(compiled.model, duck, postgres.load(snapshot), "kind")
