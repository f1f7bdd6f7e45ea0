"""Every hand-written SQL twin gives the answer that was worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.golden.world import PACKS, PLACES, MemoryRunner, half_up, tables

from xingtan.pack import Pack, load
from xingtan.pack.schema.golden import Answer, Golden


def packs() -> Iterator[Pack]:
    for name in ("base", *PLACES):
        loaded = load(PACKS / name)
        assert loaded.pack is not None, loaded.issues
        yield loaded.pack


WORLDS = [pytest.param(pack, golden, id=f"{pack.id}-{golden.id}") for pack in packs() for golden in pack.golden.values()]


def runner_of(pack: Pack, golden: Golden) -> MemoryRunner:
    orgs = [(one.code, one.name, one.kind, one.parent) for one in golden.organisations]
    return MemoryRunner(tables(pack, orgs, golden.rows))


@pytest.mark.parametrize(("pack", "golden"), WORLDS)
def test_twins_agree_with_the_worked_answers(pack: Pack, golden: Golden) -> None:
    runner = runner_of(pack, golden)
    twins = [answer for answer in golden.answers if answer.sql]
    assert twins, "a world without a hand-written twin proves nothing"
    for answer in twins:
        row = runner.sql(answer.sql)
        assert set(row) in ({"value"}, {"lo", "hi"}), answer.indicator
        compare(answer, row)


def compare(answer: Answer, row: dict[str, object]) -> None:
    lo, hi = row.get("lo", row.get("value")), row.get("hi", row.get("value"))
    if answer.status == "unknown":
        assert lo is None or hi is None or Decimal(str(lo)) < Decimal(str(hi)), answer.indicator
        return
    digits = answer.digits if answer.digits is not None else 2
    wanted = answer.value
    if answer.bound in ("", "~"):
        assert wanted is not None
        assert lo is not None
        assert hi is not None
        assert half_up(lo, digits) == half_up(hi, digits) == half_up(wanted, digits), answer.indicator
    elif answer.bound in (">", "≥"):
        assert half_up(lo, digits) == wanted, answer.indicator
        assert hi is None, answer.indicator
    else:
        assert half_up(hi, digits) == wanted, answer.indicator
