"""Flow rates and the reconstructed cohort: a worked example, laws, and input that cannot be."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.cohorts.flow import Flow, rates
from xingtan.engine.cohorts.survival import survival
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity

GRADES = tuple("一二三四五六")
EXAMPLE = ([1000, 900, 850, 800, 760, 720], [1010, 915, 862, 806, 765, 727], [60, 45, 34, 32, 23, 14], 690)


def flow(enrolled, following, repeaters, graduates, grades=GRADES) -> Flow:
    columns = (tuple(map(exact, column)) for column in (enrolled, following, repeaters))
    return Flow(grades[: len(enrolled)], *columns, exact(graduates), "年报")


def exact(number) -> Quantity:
    return number if isinstance(number, Quantity) else Quantity.exact(number)


def percent(found) -> list[Decimal]:
    return [(rate.value * 100).rounded(2).value for rate in found]


def test_the_worked_example():
    found = rates(flow(*EXAMPLE))
    assert percent(one.promotion for one in found.grades) == [Decimal(x) for x in ("87.00", "92.00", "91.06", "92.75", "93.82", "95.83")]
    assert percent(one.repetition for one in found.grades) == [Decimal(x) for x in ("6.00", "5.00", "4.00", "4.00", "3.03", "1.94")]
    assert percent(one.dropout for one in found.grades) == [Decimal(x) for x in ("7.00", "3.00", "4.94", "3.25", "3.16", "2.22")]
    assert found.issues == ()


@pytest.mark.parametrize(
    ("repeats", "entering"),
    [
        (None, ("100.00", "92.55", "89.63", "85.02", "82.14", "79.46")),
        (2, ("100.00", "92.53", "89.57", "84.92", "81.98", "79.25")),
        (0, ("100.00", "87.00", "80.04", "72.88", "67.60", "63.42")),
    ],
)
def test_survival_of_the_worked_example(repeats, entering):
    assert percent(survival(rates(flow(*EXAMPLE)), repeats).entering) == [Decimal(x) for x in entering]


def test_a_rate_says_what_it_was_made_of():
    first = rates(flow(*EXAMPLE)).grades[0].promotion
    assert [(one.symbol, one.value.value, one.origin) for one in first.inputs] == [
        ("E[二,t+1]", 915, "年报"),
        ("R[二,t+1]", 45, "年报"),
        ("E[一,t]", 1000, "年报"),
    ]


def test_what_is_not_known_is_not_nobody():
    enrolled, following, repeaters, graduates = EXAMPLE
    unknown = [*repeaters[:2], Quantity.unknown(0), *repeaters[3:]]
    found = rates(flow(enrolled, following, unknown, graduates))
    assert [one.repetition.value.is_unknown for one in found.grades] == [False, False, True, False, False, False]
    assert [one.promotion.value.is_unknown for one in found.grades] == [False, True, False, False, False, False]
    assert [one.value.is_unknown for one in survival(found).entering] == [False, False, True, True, True, True]


def test_a_grade_without_pupils_has_no_rates():
    found = rates(flow([0, 10], [5, 9], [0, 0], 9))
    assert found.grades[0].promotion.value.is_unknown
    assert found.grades[0].dropout.value.is_unknown


def test_all_faults_at_once():
    with pytest.raises(XingtanError) as raised:
        rates(flow([100, 90], [-1, 80], [3, 95], 91))
    assert [(one.code, one.where.field) for one in raised.value.issues] == [
        ("cohort.negative", "E[一,t+1]"),
        ("cohort.repeaters", "R[一,t+1]"),
        ("cohort.repeaters", "R[二,t+1]"),
        ("cohort.repeaters", "R[二,t+1]"),
        ("cohort.graduates", "G[t]"),
    ]


def test_columns_of_different_length():
    with pytest.raises(XingtanError) as raised:
        rates(Flow(GRADES, (Quantity.exact(1),), (), (), Quantity.exact(1)))
    assert [one.where.field for one in raised.value.issues] == ["E[t]", "E[t+1]", "R[t+1]"]


def test_children_who_moved_in_show_as_a_negative_dropout():
    found = rates(flow([100, 100], [100, 120], [0, 0], 100))
    assert found.grades[0].dropout.value.value == Decimal("-0.2")
    assert [(one.code, one.where.field) for one in found.issues] == [("cohort.negative_dropout", "一")]


@st.composite
def consistent(draw) -> Flow:
    """Grades through which children really went: nobody moves in."""
    size = draw(st.integers(1, 6))
    enrolled = [draw(st.integers(1, 5000)) for _ in range(size)]
    repeating = [draw(st.integers(0, pupils - 1)) for pupils in enrolled]
    promoted = [draw(st.integers(0, pupils - again)) for pupils, again in zip(enrolled, repeating, strict=True)]
    following = [repeating[0] + draw(st.integers(0, 5000)), *(repeating[g] + promoted[g - 1] for g in range(1, size))]
    return flow(enrolled, following, repeating, promoted[-1])


@given(consistent())
def test_everybody_is_promoted_repeats_or_leaves(given_flow):
    found = rates(given_flow)
    assert found.issues == ()
    for one in found.grades:
        total = one.promotion.value + one.repetition.value + one.dropout.value
        assert abs(total.value - 1) < Decimal(10) ** -20
        assert all(-(Decimal(10) ** -20) <= rate.value.value <= 1 for rate in (one.promotion, one.repetition, one.dropout))


@given(consistent(), st.integers(0, 4))
def test_nobody_comes_back(given_flow, repeats):
    found = rates(given_flow)
    limited, more, unlimited = (
        [rate.value.value for rate in (*one.entering, one.completion)]
        for one in (survival(found, repeats), survival(found, repeats + 1), survival(found))
    )
    tiny = Decimal(10) ** -20
    for shares in (limited, more, unlimited):
        assert shares[0] == 1
        assert all(later <= earlier + tiny for earlier, later in pairwise(shares))
    assert all(a <= b + tiny and b <= c + tiny for a, b, c in zip(limited, more, unlimited, strict=True))


@given(consistent())
def test_many_repeats_are_like_any_number(given_flow):
    found = rates(given_flow)
    if all(one.repetition.value.value < Decimal("0.5") for one in found.grades):
        many, any_number = survival(found, 120), survival(found)
        assert all(abs((a.value - b.value).value) < Decimal("1e-9") for a, b in zip(many.entering, any_number.entering, strict=True))


def test_a_negative_number_of_repeats_is_refused():
    with pytest.raises(XingtanError, match="次数"):
        survival(rates(flow(*EXAMPLE)), -1)
