"""Conditions reached by a school, and the county's verdict: nothing unknown is decided, nothing decided is called unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.equity.standards import Condition, Standard, Standing, standing, verdict
from xingtan.kernel.quantity import Quantity

exact = Quantity.exact
NAMES = tuple("abcdefg")
SEVEN = Standard(tuple(Condition(name, Decimal(10)) for name in NAMES), Decimal(6), Decimal("0.85"), Decimal("0.50"))


def of(*numbers: Quantity | int) -> Standing:
    values = [one if isinstance(one, Quantity) else exact(one) for one in numbers]
    return standing("S", dict(zip(NAMES, values, strict=True)), SEVEN)


def test_six_of_seven_and_the_last_no_lower_than_the_floor() -> None:
    assert of(10, 10, 10, 10, 10, 10, Quantity.exact(Decimal("8.5"))).reached is True
    assert of(10, 10, 10, 10, 10, 10, 8).reached is False, "below the floor"
    assert of(10, 10, 10, 10, 10, 9, 9).reached is False, "only five"


def test_bounds_decide_where_they_can() -> None:
    found = of(10, 10, 10, 10, 10, 10, Quantity.unknown())
    assert (found.at_least, found.at_most, found.reached) == (6, 7, None), "the floor is not known to be kept"
    assert of(10, 10, 10, 10, 10, 10, Quantity.at_least(9)).reached is True
    assert of(1, 1, 1, 1, 1, 1, Quantity.unknown()).reached is False


def test_what_the_pack_does_not_lay_down_nobody_is_judged_by() -> None:
    bare = Standard((Condition("a", None),), Decimal(1), Decimal("0.85"), None)
    assert standing("S", {"a": exact(99)}, bare).reached is None
    assert verdict([Standing("S", {}, True)], [exact(0)], None) is None


@pytest.mark.parametrize(
    ("reached", "cv", "passes"),
    [(True, exact(Decimal("0.50")), True), (True, exact(Decimal("0.5001")), False), (False, Quantity.unknown(), False), (True, Quantity.unknown(), None), (None, exact(1), False)],
)  # fmt: skip
def test_the_county_passes_with_all_schools_and_all_coefficients(reached, cv: Quantity, passes) -> None:
    assert verdict([Standing("A", {}, True), Standing("B", {}, reached)], [exact(0), cv], Decimal("0.50")) is passes


def test_no_schools_or_no_coefficients_decide_nothing() -> None:
    assert verdict([], [exact(0)], Decimal(1)) is None
    assert verdict([Standing("A", {}, True)], [], Decimal(1)) is None


known = st.integers(0, 20).map(exact)


@given(st.lists(st.one_of(known, st.just(Quantity.unknown())), min_size=7, max_size=7), st.lists(known, min_size=7, max_size=7))
def test_learning_an_unknown_value_never_overturns_what_was_decided(stated: list[Quantity], learnt: list[Quantity]) -> None:
    before = of(*stated).reached
    after = of(*(new if old.is_unknown else old for old, new in zip(stated, learnt, strict=True))).reached
    assert before is None or before == after
    assert after is not None
