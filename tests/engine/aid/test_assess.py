"""What the rules say of rows: persons and groups, blanks, doubles, caps; and laws that hold for any rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.aid.assess import assess, reasons, totals
from xingtan.engine.aid.rows import Child, outcomes, reach_records, records
from xingtan.engine.aid.spec import Applicant, Asked, Cap, Held, Outcome, Proposal, Rule, Scheme, Tier
from xingtan.kernel.formula import Env, Expr, parse
from xingtan.kernel.quantity import Quantity, Reason


def expr(text: str) -> Expr:
    found = parse(text).expr
    assert found is not None
    return found


TIERS = (
    Tier("senior", "高中", expr("senior"), expr("tier == '高中'"), asks=("tier",)),
    Tier("college", "专科", expr("college"), expr("tier == '专科'"), asks=("tier",)),
    Tier("bachelor", "本科", expr("bachelor"), expr("tier == '本科'"), asks=("tier",)),
)
LOCAL = Rule(expr("local == '是'"), "本镇户籍", ("local",))
TOWN = Scheme(
    "town", "镇奖学金", TIERS, (LOCAL,), person="name", number="number", heads="heads", titles={"tier": "录取层次", "local": "户籍"}
)
ENV = Env(names={"senior": Decimal(600), "college": Decimal(800), "bachelor": Decimal(1000), "cap": Decimal(2), "money": Decimal(1500)})


def one(row: str = "1", /, *, period: str = "2009", org: str = "X", **values: Any) -> Applicant:
    return Applicant(row, org, period, {"local": "是", "tier": "高中", "heads": Quantity.unknown(), **values})


def only(*applicants: Applicant, scheme: Scheme = TOWN) -> tuple[Proposal, ...]:
    return assess([Asked(scheme, applicants, ENV)]).proposals


@pytest.mark.proves("G187")
@pytest.mark.proves("N131")
def test_groups_get_their_tier_times_their_number() -> None:
    rows = [
        one(str(n), tier=tier, heads=Quantity.exact(heads)) for n, (tier, heads) in enumerate([("高中", 32), ("专科", 21), ("本科", 18)])
    ]
    found = assess([Asked(TOWN, tuple(rows), ENV)])
    assert [total.amount.value for total in totals(found.proposals)] == [19200, 16800, 18000]
    assert sum(total.persons.value or 0 for total in totals(found.proposals)) == 71
    assert {total.outcome for total in totals(found.proposals)} == {Outcome.ELIGIBLE}
    assert found.issues == ()


def test_a_named_row_without_a_count_is_one_person_and_a_blank_group_is_unknown() -> None:
    person, group = only(one("1", name="甲"), one("2"))
    assert (person.persons.value, person.amount.value) == (1, 600)
    assert group.persons.is_unknown
    assert group.amount.is_unknown
    assert group.each.value == 600
    assert group.outcome is Outcome.ELIGIBLE


@pytest.mark.proves("G188")
def test_an_unknown_field_leaves_the_row_undecided_and_says_which() -> None:
    (found,) = only(one(name="甲", local=None))
    assert found.outcome is Outcome.UNDECIDED
    assert found.amount.value == 600, "what it would be if verified"
    assert [str(text) for text in reasons(found)] == ["未定：本镇户籍（缺：户籍）"]


def test_a_broken_rule_refuses_even_beside_an_unknown_one() -> None:
    (found,) = only(one(name="甲", local="否", tier=None))
    assert found.outcome is Outcome.REFUSED
    assert found.amount.is_not_applicable
    assert "不符合：本镇户籍" in [str(text) for text in reasons(found)]


def test_not_applicable_does_not_hold() -> None:
    (found,) = only(one(name="甲", local=Reason.NOT_APPLICABLE))
    assert found.outcome is Outcome.REFUSED


def test_an_open_tier_gives_the_span_of_what_it_may_be() -> None:
    (found,) = only(one(name="甲", tier=None))
    assert found.outcome is Outcome.UNDECIDED
    assert (found.each.lo, found.each.hi) == (600, 1000)
    assert "录取层次" in str(reasons(found)[0])


def test_a_row_of_no_tier_is_refused() -> None:
    (found,) = only(one(name="甲", tier="小学"))
    assert (found.outcome, str(reasons(found)[0])) == (Outcome.REFUSED, "不合任何档次")


def test_two_tiers_at_once_are_an_error_that_forbids_to_decide() -> None:
    twice = Scheme("t", "重叠", (*TIERS, Tier("more", "升学", expr("college"), expr("tier != '小学'"))))
    found = assess([Asked(twice, (one(name="甲"),), ENV)])
    assert [issue.code for issue in found.issues] == ["aid.tiers"]


def test_the_same_number_twice_leaves_the_second_open() -> None:
    first, second = only(one("1", name="甲", number="A1"), one("2", name="甲", number="A1", org="Y"))
    assert (first.outcome, second.outcome) == (Outcome.ELIGIBLE, Outcome.UNDECIDED)
    other, again = only(one("1", name="甲", number="A1"), one("2", name="甲", number="A1", period="2010"))
    assert (other.outcome, again.outcome) == (Outcome.ELIGIBLE, Outcome.ELIGIBLE)


COUNTY = Scheme(
    "county", "县助学金", (Tier("flat", "定额", expr("bachelor")),), person="name", number="number", excludes=frozenset({"town"})
)


def test_of_two_that_exclude_each_other_the_greater_is_kept() -> None:
    row = one("1", name="甲", number="A1")
    found = assess([Asked(TOWN, (row,), ENV), Asked(COUNTY, (row,), ENV)]).proposals
    assert [(p.scheme.id, p.outcome) for p in found] == [("town", Outcome.REFUSED), ("county", Outcome.ELIGIBLE)]
    assert "只能享受一项" in str(reasons(found[0])[0])


def test_what_was_decided_earlier_stays() -> None:
    row = one("1", name="甲", number="A1")
    found = assess([Asked(COUNTY, (row,), ENV)], held={"number:A1": [Held("town", "镇奖学金", Quantity.exact(600))]}).proposals
    assert found[0].outcome is Outcome.REFUSED
    assert "已享受“镇奖学金”" in str(reasons(found[0])[0])


def test_a_cap_serves_the_neediest_and_leaves_a_tie_to_a_person() -> None:
    capped = Scheme("c", "限额", TIERS, person="name", cap=Cap(persons=expr("cap"), order=expr("need")))
    rows = [
        one(str(n), name=name, need=Quantity.exact(need)) for n, (name, need) in enumerate([("甲", 5), ("乙", 9), ("丙", 5), ("丁", 1)])
    ]
    found = {p.who: p.outcome for p in only(*rows, scheme=capped)}
    assert found == {"乙": Outcome.ELIGIBLE, "甲": Outcome.UNDECIDED, "丙": Outcome.UNDECIDED, "丁": Outcome.REFUSED}


def test_a_cap_of_money_without_an_order_is_an_error() -> None:
    capped = Scheme("c", "限额", TIERS, person="name", cap=Cap(amount=expr("money")))
    found = assess([Asked(capped, tuple(one(str(n), name=str(n)) for n in range(3)), ENV)])
    assert [issue.code for issue in found.issues] == ["aid.cap"]
    assert {p.outcome for p in found.proposals} == {Outcome.ELIGIBLE}


@pytest.mark.proves("G189")
def test_who_is_not_reached() -> None:
    found = only(
        one("1", name="甲", number="A1"), one("2", name="乙", number="A2", local="否"), one("3", name="丙", number="A3", local=None)
    )
    children = [Child(str(n), "X", "2009", number, "脱贫户") for n, number in enumerate(["A1", "A2", "A3", "A4", ""])]
    made = list(reach_records(children, outcomes(found)))
    assert [record["reached"] for record in made] == ["是", "否", "未定", "否", "未定"]


def test_the_register_holds_no_name_and_no_number() -> None:
    made = list(records(only(one("7", name="甲乙丙", number="A1"))))
    assert made[0]["row_id"] == "aid:town:7"
    assert not {"甲乙丙", "A1"} & {str(value) for value in made[0].values()}


ANY = st.builds(
    lambda tier, local, heads: {"tier": tier, "local": local, "heads": heads},
    st.sampled_from(["高中", "专科", "本科", "小学", None]),
    st.sampled_from(["是", "否", None]),
    st.one_of(st.integers(0, 50).map(Quantity.exact), st.just(Quantity.unknown(0))),
)


@given(st.lists(ANY, max_size=12))
def test_filling_a_blank_never_contradicts_what_was_decided(rows: list[dict[str, Any]]) -> None:
    """What is eligible or refused with a blank stays so whatever the blank turns out to be."""
    before = only(*(one(str(n), **row) for n, row in enumerate(rows)))
    for tier in ("高中", "本科"):
        for local in ("是", "否"):
            filled = [{**row, "tier": row["tier"] or tier, "local": row["local"] or local} for row in rows]
            after = only(*(one(str(n), **row) for n, row in enumerate(filled)))
            for was, now in zip(before, after, strict=True):
                assert now.outcome is not Outcome.UNDECIDED
                assert was.outcome in (Outcome.UNDECIDED, now.outcome)


@given(st.lists(ANY, max_size=12), st.integers(0, 12))
def test_groups_add_up(rows: list[dict[str, Any]], cut: int) -> None:
    """The total of all rows is the total of any two parts."""
    everyone = [one(str(n), **row) for n, row in enumerate(rows)]

    def sums(part: list[Applicant]) -> Quantity:
        found = [p.amount for p in only(*part) if p.outcome is Outcome.ELIGIBLE]
        return sum(found, Quantity.exact(0))

    assert sums(everyone) == sums(everyone[:cut]) + sums(everyone[cut:])
