"""Vectors that were published, and laws of the weighted coefficient of variation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.equity.spread import School, composite, spread
from xingtan.kernel.quantity import Quantity

exact = Quantity.exact
PUPILS, BOOKS = (45, 37, 89, 76, 55), (279, 137, 935, 160, 402)
LUYANG = ("0.881", "1.299", "0.977", "0.379", "0.170", "0.334", "0.286", "0.408")  # eight coefficients of one city district, as published


def schools(values, pupils):
    return [School(f"S{at}", value, size) for at, (value, size) in enumerate(zip(values, pupils, strict=True))]


def worked_example() -> list[School]:
    return schools([exact(Decimal(b) / p) for b, p in zip(BOOKS, PUPILS, strict=True)], [exact(p) for p in PUPILS])


def test_the_worked_example_of_the_official_manual() -> None:
    found = spread(worked_example())
    assert found.cv.rounded(4).value == Decimal("0.5153")
    assert found.mean.rounded(2).value == Decimal("6.33")
    assert found.reasons == ()


def test_the_mean_of_eight_published_coefficients() -> None:
    assert composite(exact(Decimal(one)) for one in LUYANG).rounded(3).value == Decimal("0.592")


def test_weights_matter() -> None:
    weighted = spread(worked_example()).cv.value
    equal = spread([School(one.org, one.value, exact(1)) for one in worked_example()]).cv.value
    assert weighted is not None
    assert equal is not None
    assert abs(weighted - equal) > Decimal("0.01")


@pytest.mark.parametrize("lost", [Quantity.unknown(), Quantity.at_least(3), Quantity.less_than(9)])
def test_one_unknown_school_makes_it_unknown_and_is_named(lost: Quantity) -> None:
    rows = worked_example()
    found = spread([*rows[:-1], School("S4", lost, exact(55))])
    assert found.cv.is_unknown
    assert found.open == ("S4",)
    assert "1 所学校" in str(found.reasons[0])


def test_a_school_without_pupils_of_the_stage_stands_apart() -> None:
    rows = worked_example()
    more = [*rows, School("junior", Quantity.unknown(), exact(0)), School("none", Quantity.not_applicable(), exact(5))]
    assert spread(more).cv == spread(rows).cv
    assert spread(more).apart == ("junior", "none")


@pytest.mark.parametrize(
    "rows", [[], worked_example()[:1], schools([exact(0)] * 2, [exact(3)] * 2), schools([exact(-1), exact(2)], [exact(1)] * 2)]
)
def test_where_there_is_nothing_to_compare_nothing_is_claimed(rows: list[School]) -> None:
    found = spread(rows)
    assert found.cv.is_unknown
    assert found.reasons


def test_a_composite_of_nothing_or_of_unknowns_is_unknown() -> None:
    assert composite([]).is_unknown
    assert composite([exact(1), Quantity.unknown()]).is_unknown


numbers = st.decimals(min_value="0.01", max_value="9999", places=2, allow_nan=False)
rows = st.lists(st.tuples(numbers, st.integers(1, 3000)), min_size=2, max_size=12)


def of(pairs, scale: Decimal = Decimal(1)):
    return spread([School(f"{at}", exact(value * scale), exact(size)) for at, (value, size) in enumerate(pairs)])


@given(rows, st.decimals(min_value="0.1", max_value="100", places=1))
def test_the_unit_does_not_matter(pairs, scale: Decimal) -> None:
    once, scaled = of(pairs).cv.value, of(pairs, scale).cv.value
    assert once is not None
    assert scaled is not None
    assert abs(once - scaled) <= Decimal("1e-8")


@given(rows)
def test_equal_schools_do_not_differ_and_order_does_not_matter(pairs) -> None:
    assert of([(pairs[0][0], size) for _, size in pairs]).cv.value == 0
    assert of(pairs).cv == of(list(reversed(pairs))).cv


@given(rows)
def test_two_schools_in_one_place_of_a_double_one_are_the_same(pairs) -> None:
    (value, size), *rest = pairs
    assert of([(value, size), (value, size), *rest]).cv == of([(value, 2 * size), *rest]).cv


@given(rows)
def test_gini_lies_between_nothing_and_one_and_vanishes_with_the_coefficient(pairs) -> None:
    found = of(pairs)
    assert found.gini.value is not None
    assert 0 <= found.gini.value < 1
    assert (found.gini.value == 0) == (found.cv.value == 0) or abs(found.gini.value) < Decimal("1e-5")
