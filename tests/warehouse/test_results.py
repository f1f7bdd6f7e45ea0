from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from tests.warehouse.places import world

from xingtan.kernel.quantity import Quantity
from xingtan.warehouse import refresh
from xingtan.warehouse.backends import results
from xingtan.warehouse.backends.duckdb import DuckRunner
from xingtan.warehouse.backends.results import Results

ASKED = ibis.table({"period": "string"}, name="asked")


def rows_of(dataset: str) -> Any:
    return ibis.table({"period": "string"}, name=dataset)


def counted(runner: DuckRunner, dataset: str, period: str) -> int:
    found = rows_of(dataset).inner_join(ASKED, "period").count().as_table()
    return runner.run(found, tables={"asked": pa.table({"period": [period]})}).column(0).to_pylist()[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that reach the engine."""
    found: list[str] = []
    inner = DuckRunner._asked
    monkeypatch.setattr(DuckRunner, "_asked", lambda self, plan, given: found.append(plan.sql) or inner(self, plan, given))
    return found


def test_after_a_change_only_what_reads_the_changed_rows_is_asked_again(tmp_path: Path, asked: list[str]) -> None:
    here, kept = world(), Results()
    with DuckRunner(refresh.working("xishan", root=tmp_path, registry=here.registry), results=kept) as runner:
        period = next(period for dataset, period in here.source.stamps if dataset == "pupils")
        before, visits = counted(runner, "pupils", period), counted(runner, "visits", period)
        assert counted(runner, "pupils", period) == before
        assert len(asked) == 2
    here.source.put("pupils", period, {"row_id": "8", "number": Quantity.exact(7)})
    asked.clear()
    with DuckRunner(refresh.working("xishan", root=tmp_path, registry=here.registry), results=kept) as runner:
        assert counted(runner, "visits", period) == visits
        assert not asked, "nothing that it reads has changed"
        assert counted(runner, "pupils", period) == 1 != before
        assert len(asked) == 1


def test_what_is_given_with_a_query_is_part_of_the_question(tmp_path: Path, asked: list[str]) -> None:
    here, kept = world(), Results()
    with DuckRunner(refresh.working("xishan", root=tmp_path, registry=here.registry), results=kept) as runner:
        period = next(period for dataset, period in here.source.stamps if dataset == "pupils")
        assert counted(runner, "pupils", period) > 0
        assert counted(runner, "pupils", "1900") == 0
        assert len(asked) == 2


def test_old_answers_make_room_and_large_ones_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "KEPT_BYTES", 100)
    monkeypatch.setattr(results, "LARGEST", 60)
    kept, small = Results(), pa.table({"n": pa.array(range(6), pa.int64())})
    for name in ("a", "b"):
        kept.put(("xishan", name, b""), small)
    assert kept.get(("xishan", "a", b"")) is not None
    kept.put(("xishan", "c", b""), small)
    assert kept.get(("xishan", "b", b"")) is None, "the one not looked at for longest went"
    assert kept.get(("xishan", "a", b"")) is not None
    kept.put(("xishan", "large", b""), pa.table({"n": pa.array(range(8), pa.int64())}))
    assert kept.get(("xishan", "large", b"")) is None
