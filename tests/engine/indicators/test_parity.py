"""DuckDB and PostgreSQL give the same figures for the same snapshot: exact ones equal, doubles within 1e-9."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from xingtan.engine.indicators import drill
from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.model import Model, compile_model
from xingtan.engine.indicators.spec import DatasetSpec, IndicatorSpec, ModelSpec, Parameter
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.warehouse import refresh
from xingtan.warehouse.backends.duckdb import DuckRunner
from xingtan.warehouse.backends.postgres import PostgresRunner
from xingtan.warehouse.registry import Registry
from xingtan.warehouse.snapshots import Snapshot

from .strategies import DATASETS
from .test_against_naive import close
from .worlds import Org, Place, Row, tables

PG = os.environ.get("XINGTAN_TEST_PG", "")
VALUES = (Quantity.exact(3), Quantity.at_least(2), Quantity.more_than(1), Quantity.less_than(4), Quantity.about(5), Quantity.unknown())
FORMULAS = {
    "n": "count(ledger, a > 2 and kind != '乙')",
    "s": "sum(ledger.b, not (grade < '中'))",
    "t": "sum(ledger.a)",
    "ratio": "sum(ledger.b, flag) / sum(ledger.a)",
    "m": "mean(ledger.a, kind in ['甲', '丙'])",
    "grew": "t - previous(t)",
    "spread": "cv(t, over=school, weight=n)",
    "place": "rank(t, among=school)",
    "kinds": "distinct(ledger.kind, b * a > line)",
    "half": "median(register.b)",
    "latest": "last(register.a)",
    "valid": "count(register, on(year.end) and day >= year.start)",
    "recent": "count(register, within(60, days))",
}


class Source:
    """A place of the tests as the warehouse asks for it."""

    def __init__(self, place: Place) -> None:
        self.tables = tables(place, DATASETS)

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        return DATASETS

    def sides(self) -> Iterable[str]:
        return ("orgs", "closure", "succession", "returns")

    def version(self, place: str, name: str) -> Any:
        periods = dict.fromkeys(self.tables[name]["period"].to_pylist(), "1") if name in {"ledger", "register"} else {}
        return periods if name in {"ledger", "register"} else "1"

    def table(self, place: str, name: str, period: str = "") -> pa.Table:
        if name == "closure":
            return closure(self.tables["orgs"].to_pylist())
        table = self.tables[name]
        return table.filter(pa.compute.equal(table["period"], period)) if name in {"ledger", "register"} else table


def closure(orgs: list[Mapping[str, Any]]) -> pa.Table:
    above = {one["code"]: one["parent"] for one in orgs}
    rows = []
    for code in above:
        at, depth = code, 0
        while at:
            rows.append({"ancestor": at, "descendant": code, "depth": depth, "valid_from": date(1990, 1, 1), "valid_to": None})
            at, depth = above[at], depth + 1
    from xingtan.warehouse.contracts import CLOSURE

    return pa.Table.from_pylist(rows, schema=CLOSURE)


def rows(seed: int) -> list[Row]:
    """Every kind of value in every kind of row."""
    found = []
    for number in range(60):
        turn = number * 7 + seed
        words = ("甲", "乙", "丙", Reason.UNKNOWN, Reason.NOT_APPLICABLE)
        values = {
            "a": VALUES[turn % 6],
            "b": Quantity.exact(Decimal(turn % 23) / 4 - 2) if turn % 3 else VALUES[(turn + 2) % 6],
            "kind": words[turn % 5],
            "grade": ("差", "中", "优", Reason.UNKNOWN)[turn % 4],
            "flag": (True, False, Reason.UNKNOWN)[turn % 3],
            "day": date(2009, 1 + turn % 12, 1 + turn % 28),
        }
        period, day = (("2009", None), ("2008", None), ("2009H1", None), ("", date(2009, 1 + turn % 12, 3)))[turn % 4]
        found.append(Row(f"S{turn % 6}", period, day, "存疑" if turn % 11 == 0 else "", date(2008, 1 + turn % 12, 1), None, values))
    return found


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    orgs = [
        Org("C", "county"),
        Org("T1", "town", "C"),
        Org("T2", "town", "C"),
        *(Org(f"S{n}", "school", f"T{1 + n % 2}") for n in range(6)),
    ]
    source = Source(Place(orgs, {"ledger": rows(0), "register": rows(5)}, [("ledger", "S1", "2009")]))
    folder: Path = tmp_path_factory.mktemp("parity")
    return refresh.working("parity", root=folder, registry=Registry([source], [source]))


@pytest.fixture(scope="module")
def model() -> Model:
    specs = tuple(IndicatorSpec(name, name, "", formula) for name, formula in FORMULAS.items())
    kinds = {"county": "县", "town": "乡", "school": "校"}
    compiled = compile_model(ModelSpec("p", "1", "h", DATASETS, specs, {"line": Parameter(Decimal("2.5"))}, kinds))
    assert compiled.model is not None, [str(issue) for issue in compiled.issues]
    return compiled.model


@pytest.mark.postgres
@pytest.mark.skipif(not PG, reason="needs PostgreSQL")
def test_both_engines_give_the_same_figures_and_rows(snapshot: Snapshot, model: Model) -> None:
    with DuckRunner(snapshot) as duck, PostgresRunner(PG, "scratch_indicators") as postgres:
        postgres.load(snapshot)
        assert (duck.dialect, postgres.dialect) == ("duckdb", "postgres")
        one = evaluate(model, duck, periods=["2008", "2009", "2009H1"])
        two = evaluate(model, postgres, periods=["2008", "2009", "2009H1"])
        unlike = [(a, b) for a, b in zip(one.figures(), two.figures(), strict=True) if not close(a.value, b.value) or a.status != b.status]
        assert not unlike, unlike[:3]
        assert one.to_arrow().num_rows == two.to_arrow().num_rows == len(FORMULAS) * 9 * 3
        by_kind = [evaluate(model, runner, periods=["2009"], indicators=["t", "n"], by="kind") for runner in (duck, postgres)]
        assert [one.value for one in by_kind[0].figures()] == [one.value for one in by_kind[1].figures()]
        for name in ("ratio", "kinds", "valid"):
            assert drill.rows(model, duck, name, "C", "2009").equals(drill.rows(model, postgres, name, "C", "2009"))
