"""PostgreSQL gives the same: the hand-written twins, every answered indicator of every world, every fact of every example."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from psycopg.rows import dict_row
from tests.golden.test_engine import compiled, engine_of
from tests.golden.test_sql import WORLDS, compare
from tests.golden.world import PLACES, MemoryRunner, exact_fields, tables

from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.model import Model
from xingtan.engine.indicators.runner import Runner
from xingtan.pack import Pack
from xingtan.pack.schema.golden import Golden
from xingtan.warehouse.backends.postgres import PostgresRunner

PG = os.environ.get("XINGTAN_TEST_PG", "")
SCHEMA = "scratch_golden"
pytestmark = [pytest.mark.postgres, pytest.mark.skipif(not PG, reason="needs PostgreSQL")]


class Lain:
    """What PostgresRunner asks of a snapshot, over tables in memory."""

    def __init__(self, made: Mapping[str, pa.Table]) -> None:
        self.made, self.tables, self.version = made, tuple(made), str(id(made))

    def read(self, name: str) -> pa.Table:
        return self.made[name]

    def exact_fields(self, dataset: str) -> frozenset[str]:
        return exact_fields(self.made[dataset])


@pytest.fixture
def server() -> Iterator[PostgresRunner]:
    with PostgresRunner(PG, SCHEMA) as runner:
        yield runner


def of_world(pack: Pack, golden: Golden) -> dict[str, pa.Table]:
    return tables(pack, [(one.code, one.name, one.kind, one.parent) for one in golden.organisations], golden.rows)


@pytest.mark.parametrize(("pack", "golden"), WORLDS)
def test_twins_run_on_postgres(pack: Pack, golden: Golden, server: PostgresRunner) -> None:
    server.load(Lain(of_world(pack, golden)))
    with psycopg.connect(PG, row_factory=dict_row, options=f"-csearch_path={SCHEMA}") as connection:
        assert connection.info.server_version > 0
        for answer in golden.answers:
            if answer.sql:
                (row,) = connection.execute(answer.sql.encode()).fetchall()
                compare(answer, row)


def everything(engine: Model, runner: Runner, periods: list[str], indicators: list[str]) -> dict[tuple[str, str, str], Any]:
    table = evaluate(engine, runner, periods=periods, indicators=indicators)
    keys = [(indicator, org, period) for indicator in indicators for org in table.orgs for period in periods]
    return {
        key: (figure.value, figure.status, figure.rows, figure.numerator, figure.denominator)
        for key in keys
        for figure in [table.get(*key)]
    }


@pytest.mark.parametrize(("pack", "golden"), WORLDS)
def test_worlds_are_the_same_on_both(pack: Pack, golden: Golden, server: PostgresRunner) -> None:
    made, engine = of_world(pack, golden), compiled(pack)
    asked = (sorted({one.period for one in golden.answers}), sorted({one.indicator for one in golden.answers}))
    assert everything(engine, server.load(Lain(made)), *asked) == everything(engine, MemoryRunner(made), *asked)


@pytest.mark.parametrize("place", PLACES)
def test_examples_are_the_same_on_both(place: str, server: PostgresRunner) -> None:
    pack, engine, example = engine_of(place)
    made = example.tables(pack)
    asked = (sorted({fact["period"] for fact in example.facts}), sorted({fact["indicator"] for fact in example.facts}))
    assert everything(engine, server.load(Lain(made)), *asked) == everything(engine, MemoryRunner(made), *asked)
