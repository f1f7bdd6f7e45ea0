"""The schemes of the packs that come with Xingtan, run over rows: what the sources state comes out of the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.golden.test_engine import compiled
from tests.golden.test_sql import runner_of
from tests.golden.world import PACKS, Example, MemoryRunner, tables

from xingtan.engine.aid.assess import totals
from xingtan.engine.aid.spec import Outcome, Proposal
from xingtan.engine.indicators.evaluate import evaluate
from xingtan.pack import Pack, aid_run, load

DAY = date(2009, 12, 31)


@cache
def pack_of(place: str) -> Pack:
    loaded = load(PACKS / place)
    assert loaded.pack is not None
    return loaded.pack


def run(place: str, scheme: str, rows: dict[str, list[dict[str, Any]]] | None = None) -> list[Proposal]:
    """A scheme over given rows, or over the place's example."""
    pack = pack_of(place)
    orgs = [("x", "某单位", "county" if pack.place is None or pack.place.kind == "county" else "town", "")]
    world = tables(pack, orgs, rows) if rows is not None else Example(place).tables(pack)
    return [one for one in aid_run.run(pack, world, DAY).proposals if one.scheme.id == scheme]


def pupils(count: int, **values: str) -> dict[str, list[dict[str, Any]]]:
    made = [{"org": "x", "period": "2009", "number": f"A{n}", "pupil": f"生{n}", **values} for n in range(count)]
    return {"aid_application": made}


def eligible(rows: list[Proposal]) -> list[Proposal]:
    return [one for one in rows if one.outcome is Outcome.ELIGIBLE]


@pytest.mark.proves("N131")
@pytest.mark.proves("N132")
@pytest.mark.proves("G187")
def test_the_tiers_of_longshan() -> None:
    found = run("longshan", "town_scholarship")
    sums = {(one.outcome, one.tier): (one.persons.value, one.amount.value) for one in totals(found)}
    assert sums == {
        (Outcome.ELIGIBLE, "高中"): (32, 19200), (Outcome.ELIGIBLE, "专科"): (21, 16800), (Outcome.ELIGIBLE, "本科"): (18, 18000),
        (Outcome.UNDECIDED, "本科"): (11, 11000), (Outcome.UNDECIDED, "专科"): (23, 18400), (Outcome.UNDECIDED, "高中"): (60, 36000),
    }  # fmt: skip
    assert sum(money for (outcome, _tier), (_heads, money) in sums.items() if outcome is Outcome.UNDECIDED and money) == 65400


def test_somebody_from_elsewhere_gets_nothing_in_longshan() -> None:
    rows = {"scholarship_candidate": [{"org": "x", "period": "Y0", "tier": "本科", "household": "否", "verified": "是", "pupils": 5}]}
    assert [one.outcome for one in run("longshan", "town_scholarship", rows)] == [Outcome.REFUSED]


@pytest.mark.proves("N120")
@pytest.mark.proves("G306")
def test_the_allowances_of_jianhuai() -> None:
    found = run("jianhuai_chuzhou", "talent_allowance")
    assert {one.tier: one.each.value for one in found} == {"区级（考核优秀）": 800, "区级": 600, "乡级（考核优秀）": 600, "乡级": 400}
    assert all(one.amount.is_unknown for one in found), "nobody said how many there are"


@pytest.mark.proves("G181")
def test_two_exemptions_and_one_subsidy_have_no_amount_where_the_source_names_none() -> None:
    found = run("longshan", "two_exemptions_one_subsidy", pupils(2, stage="小学", boarding="是"))
    assert {(one.outcome, one.tier) for one in found} == {(Outcome.ELIGIBLE, "寄宿生")}
    assert all(one.amount.is_unknown for one in found)
    assert [one.outcome for one in run("longshan", "two_exemptions_one_subsidy", pupils(1, stage="高中", boarding="是"))] == [
        Outcome.REFUSED
    ]


@pytest.mark.proves("G184")
def test_the_hardship_grant_of_huinan_is_a_thousand_each() -> None:
    found = eligible(run("huinan", "senior_hardship_grant", pupils(291, stage="高中", household="低保户", verified="是")))
    assert sum((one.amount.value or Decimal(0) for one in found), Decimal(0)) == 291_000, "29.1万 as stated"
    assert eligible(run("huinan", "senior_hardship_grant", pupils(1, stage="高中", household="一般", verified="是"))) == []


@pytest.mark.proves("G185")
def test_the_vocational_grant_of_huinan_comes_near_what_was_stated() -> None:
    found = eligible(run("huinan", "vocational_grant", pupils(507, stage="职业高中", household="一般", verified="是")))
    total = sum((one.amount.value or Decimal(0) for one in found), Decimal(0))
    assert total == 380_250, "38万 as stated, to the nearest thousand"


@pytest.mark.proves("G186")
def test_the_provincial_grant_of_jinhu_goes_on_for_three_years() -> None:
    from xingtan.apps.desks.aid.earlier import years_of
    from xingtan.pack.aid import schemes

    (scheme,) = (one for one in schemes(pack_of("jinhu")) if one.id == "vocational_grant")
    assert years_of(pack_of("jinhu"), scheme, "2005H1") == 3


@pytest.mark.proves("G183")
def test_textbooks_are_given_in_kind_and_counted_in_sets() -> None:
    found = run("huinan", "free_textbook_grant", pupils(3, stage="初中"))
    assert {one.outcome for one in found} == {Outcome.ELIGIBLE}
    assert {one.scheme.form for one in found} == {"in_kind"}
    assert all(one.sets.is_unknown for one in found), "the source does not say how many sets a pupil gets"


@pytest.mark.proves("G182")
@pytest.mark.proves("G191")
@pytest.mark.proves("G192")
@pytest.mark.parametrize(
    ("indicator", "value"),
    [("destitute_pupils", 2), ("donations_received", 17_800), ("donations_given", 3032), ("donors", 2), ("free_textbook_sets", 200)],
)
def test_the_ledgers_of_aid_are_counted(indicator: str, value: int) -> None:
    """One small county: two destitute pupils, two donors in three rows, 三千零三十二 yuan sent to a disaster area."""
    pack = pack_of("base")
    golden = pack.golden["aid"]
    table = evaluate(compiled(pack), runner_of(pack, golden), periods=["2024"], indicators=[indicator])
    assert table.get(indicator, "xian", "2024").value.value == value


@pytest.mark.proves("G190")
def test_dropping_out_of_poverty_is_counted_by_its_reason() -> None:
    formula = pack_of("base").indicators["poverty_dropouts"].formula
    world = tables(pack_of("base"), [("x", "某县", "county", "")], {"movement": [left("贫困"), left("厌学")]})
    runner = MemoryRunner(world)
    found = evaluate(compiled(pack_of("base")), runner, periods=["2024"], indicators=["poverty_dropouts"])
    assert found.get("poverty_dropouts", "x", "2024").value.value == 1, formula


def left(reason: str) -> dict[str, Any]:
    return {"org": "x", "period": "", "date": "2024-03-01", "kind": "辍学", "reason": reason, "returned": False}
