"""The engine gives every answer worked by hand, and every fact of every example; changing a row moves its figures and nothing else."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from tests.golden.test_sql import WORLDS, runner_of
from tests.golden.world import PACKS, PLACES, Example, MemoryRunner, half_up, headings

from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.figure import Figure
from xingtan.engine.indicators.model import Model, compile_model
from xingtan.kernel.stating import stated
from xingtan.pack import Pack, aid, load
from xingtan.pack.model import model
from xingtan.pack.schema.golden import Golden


def compiled(pack: Pack) -> Model:
    made = compile_model(model(pack))
    assert made.model is not None, [str(issue.message) for issue in made.issues]
    return made.model


@pytest.mark.parametrize(("pack", "golden"), WORLDS)
def test_the_engine_agrees_with_the_worked_answers(pack: Pack, golden: Golden) -> None:
    engine, runner = compiled(pack), runner_of(pack, golden)
    periods = sorted({answer.period for answer in golden.answers})
    plain = evaluate(engine, runner, periods=periods, indicators=sorted({answer.indicator for answer in golden.answers}))
    wrong = []
    for answer in golden.answers:
        by, group = next(iter(answer.group.items()), (None, None))
        org = answer.org or golden.organisations[0].code
        table = evaluate(engine, runner, periods=[answer.period], indicators=[answer.indicator], by=by) if by else plain
        figure = table.get(answer.indicator, org, answer.period, group)
        digits = answer.digits if answer.digits is not None else 2
        wanted = (None if answer.value is None else half_up(answer.value, digits), answer.bound, answer.status)
        got = told(figure, digits)
        if got != wanted:
            wrong.append((answer.indicator, got, wanted))
    assert wrong == []


def told(figure: Figure, digits: int) -> tuple[Decimal | None, str, str]:
    """Value (or the bound's number), bound and status, as facts state them; what is unknown states no bound."""
    number, bound = (None, None) if figure.status == "unknown" else stated(figure.value)
    return (None if number is None else half_up(number, digits)), bound or "", str(figure.status)


@cache
def engine_of(place: str) -> tuple[Pack, Model, Example]:
    loaded = load(PACKS / place)
    assert loaded.pack is not None
    return loaded.pack, compiled(loaded.pack), Example(place)


def figures(place: str, tables: dict[str, pa.Table]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every fact of a place by (id, part), over the given tables."""
    _, engine, example = engine_of(place)
    runner = MemoryRunner(tables)
    periods = sorted({fact["period"] for fact in example.facts})
    table = evaluate(engine, runner, periods=periods, indicators=sorted({fact["indicator"] for fact in example.facts}))
    found = {}
    for fact in example.facts:
        found[fact["id"], fact["part"]] = told(table.get(fact["indicator"], fact["org"], fact["period"]), fact["digits"])
    return found


@pytest.mark.parametrize("place", PLACES)
def test_every_fact_comes_out(place: str) -> None:
    pack, _, example = engine_of(place)
    got = figures(place, example.tables(pack))
    wrong = []
    for fact in example.facts:
        wanted = (None if fact["expected"] is None else Decimal(fact["expected"]), fact["bound"], fact["status"])
        if got[fact["id"], fact["part"]] != wanted:
            wrong.append((fact["id"], fact["part"], got[fact["id"], fact["part"]], wanted))
    assert wrong == []


@pytest.mark.parametrize("place", PLACES)
def test_changing_a_row_moves_its_facts_and_no_other(place: str) -> None:
    pack, _, example = engine_of(place)
    before = figures(place, example.tables(pack))
    reads = {repr(read): read for fact in example.facts for read in fact["reads"][:1]}  # one row of every fact
    for read in list(reads.values())[:: 1 if place != "jinhu" else 25]:
        row = example.find(read)[0]
        kept = dict(row)
        _change(pack, read, row)
        after = figures(place, example.tables(pack))
        row.clear()
        row.update(kept)
        moved = {key for key in before if after[key] != before[key]}
        expected = {(fact["id"], fact["part"]) for fact in example.facts if any(_same(read, other) for other in fact["reads"])}
        assert moved == expected, (read, moved ^ expected)


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a["ledger"] == b["ledger"] and a["where"] == b["where"] and a.get("field") == b.get("field")


def _change(pack: Pack, read: dict[str, Any], row: dict[str, str]) -> None:
    """Fill the masked cell meant, or give every number of the row another value (a word of state, if it has no number)."""
    names = headings(pack, read["ledger"])
    if "field" in read:
        row[read["field"]] = "7" if row[read["field"]] != "7" else "8"
        return
    if read["ledger"] in aid.sources(pack):  # what such a row gives follows from its words, too
        row.update({heading: "否" for heading, text in row.items() if text == "是"})
    types = {field.id: field.type for field in pack.ledgers[read["ledger"]].fields}
    numbers = [
        heading for heading in row if types.get(names[heading]) in {"number", "money", "percent"} and row[heading] not in ("", "不适用")
    ]
    for at, heading in enumerate(numbers):
        row[heading] = str((at + 3) * (at + 7) * 1001)
    if not numbers:
        row["状态"] = "已验收"
