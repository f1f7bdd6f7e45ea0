"""Enrolment ratios: who is of age, who is enrolled, and what is not known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.cohorts.enrolment import Enrolled, parity, ratios, transition
from xingtan.engine.cohorts.given import Input, Rate
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity

LEVELS = {"小学": range(6, 8), "初中": range(8, 10)}


def counted(numbers: dict[int, int]) -> dict[int, Quantity]:
    return {age: Quantity.exact(number) for age, number in numbers.items()}


def year(population, primary, junior) -> Enrolled:
    return Enrolled(counted(population), {"小学": counted(primary), "初中": counted(junior)}, LEVELS)


def test_ratios_of_a_year():
    found = ratios(year({5: 90, 6: 100, 7: 100, 8: 100, 9: 100}, {5: 10, 6: 80, 7: 90, 8: 30}, {6: 0, 7: 6, 8: 60, 9: 85, 10: 20}))
    assert found.gross["小学"].value.value == Decimal("1.05")
    assert found.net["小学"].value.value == Decimal("0.85")
    assert found.adjusted["小学"].value.value == Decimal("0.88")
    assert found.gross["初中"].value.value == Decimal("0.855")
    assert found.net["初中"].value.value == found.adjusted["初中"].value.value == Decimal("0.725")
    assert found.age_specific[7].value.value == Decimal("0.96")
    assert found.issues == ()


def test_an_age_nobody_stated_is_unknown_not_empty():
    found = ratios(year({6: 100, 7: 100}, {6: 80}, {}))
    assert found.gross["小学"].value.is_unknown
    assert found.gross["小学"].value.lo == Decimal("0.4")
    assert found.gross["初中"].value.is_unknown


def test_no_population_gives_no_ratio():
    found = ratios(year({6: 0, 7: 0, 8: 10, 9: 10}, {6: 0, 7: 0}, {8: 9, 9: 9}))
    assert found.net["小学"].value.is_unknown
    assert found.net["初中"].value.value == Decimal("0.9")


def test_more_pupils_than_children_are_flagged():
    found = ratios(year({6: 100, 7: 100, 8: 1, 9: 1}, {6: 120, 7: 100}, {6: 0, 7: 0, 8: 1, 9: 1}))
    assert [(one.code, one.where.field) for one in found.issues] == [
        ("cohort.above_one", "NER[小学]"),
        ("cohort.above_one", "ANER[小学]"),
        ("cohort.above_one", "ASER[6]"),
    ]


def test_all_faults_at_once():
    wrong = Enrolled(counted({6: -1}), {"小学": counted({6: -2}), "大学": {}}, LEVELS)
    with pytest.raises(XingtanError) as raised:
        ratios(wrong)
    assert [one.code for one in raised.value.issues] == ["cohort.negative", "cohort.negative", "cohort.level"]


def test_parity_and_transition():
    girls, boys = (Rate(Quantity.exact(value), "", ()) for value in ("0.9", "1"))
    assert parity(girls, boys).value.value == Decimal("0.9")
    assert parity(girls, Rate(Quantity.unknown(), "", ())).value.is_unknown
    assert transition(Input("N", Quantity.exact(45)), Input("E", Quantity.exact(50))).value.value == Decimal("0.9")


pupils = st.fixed_dictionaries({age: st.integers(0, 50) for age in range(6, 10)})


@given(pupils, pupils, st.integers(101, 500))
def test_net_lies_within_adjusted_and_gross(primary, junior, population):
    found = ratios(year(dict.fromkeys(range(6, 10), population), primary, junior))
    for level in LEVELS:
        net, adjusted, gross = (kind[level].value.value for kind in (found.net, found.adjusted, found.gross))
        assert 0 <= net <= adjusted <= 1
        assert net <= gross
    assert found.net["初中"].value == found.adjusted["初中"].value  # nothing lies above the highest level
