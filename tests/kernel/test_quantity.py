from __future__ import annotations

import operator
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kernel.values import NUMBERS, encloses, intervals, members, parts

from xingtan.kernel.quantity import Operator, Quantity, Reason, decimal
from xingtan.kernel.tri import not3

Q = Quantity
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
EXTREMES = {"min": (Quantity.minimum, min), "max": (Quantity.maximum, max)}
COMPARISONS: dict[Operator, object] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@given(st.data(), st.sampled_from(sorted(ARITHMETIC)), intervals(), intervals())
def test_a_result_holds_every_number_it_can_be(data: st.DataObject, sign: str, a: Quantity, b: Quantity) -> None:
    x, y = data.draw(members(a)), data.draw(members(b))
    assume(sign != "/" or y)
    expected = ARITHMETIC[sign](Q.exact(x), Q.exact(y)).value
    assert ARITHMETIC[sign](a, b).contains(expected)


@given(st.data(), st.sampled_from(sorted(ARITHMETIC)), intervals(), intervals())
def test_knowing_more_never_widens(data: st.DataObject, sign: str, a: Quantity, b: Quantity) -> None:
    whole, part = ARITHMETIC[sign](a, b), ARITHMETIC[sign](data.draw(parts(a)), data.draw(parts(b)))
    assert encloses(whole, part) or whole.is_unknown


@given(intervals(), intervals(), st.sampled_from(("+", "*")))
def test_order_of_operands_does_not_matter(a: Quantity, b: Quantity, sign: str) -> None:
    assert ARITHMETIC[sign](a, b) == ARITHMETIC[sign](b, a)


@given(intervals(), intervals(), intervals())
def test_addition_may_be_grouped_anyhow(a: Quantity, b: Quantity, c: Quantity) -> None:
    assert (a + b) + c == a + (b + c)


@given(intervals())
def test_nought_and_one_change_nothing(a: Quantity) -> None:
    assert a + 0 == a * 1 == a / 1 == a
    negative = -a
    assert -negative == a
    assert a * 0 == Q.exact(0)


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [
        (Q.more_than(0), Q.more_than(0), Q.more_than(0)),
        (Q.more_than(0), Q.at_least(0), Q.at_least(0)),
        (Q.at_least(2), Q.less_than(0), Q.less_than(0)),
        (Q.between(-1, 2), Q.at_least(0), Q(None, None)),
        (Q.between(0, 1, lo_open=True), Q.between(-1, 3, hi_open=True), Q.between(-1, 3, hi_open=True)),
        (Q.between(0, 1, lo_open=True), Q.between(0, 3, lo_open=True, hi_open=True), Q.between(0, 3, lo_open=True, hi_open=True)),
        (Q.between(-2, 0, hi_open=True), Q.at_most(-1), Q.more_than(0)),
    ],
)
def test_open_ends_of_products(a: Quantity, b: Quantity, product: Quantity) -> None:
    assert a * b == product


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [
        (Q.exact(10), Q.more_than(0), Q.more_than(0)),
        (Q.exact(10), Q.between(0, 5, lo_open=True), Q.at_least(2)),
        (Q.at_least(1), Q.less_than(0), Q.less_than(0)),
        (Q.between(0, 1), Q.more_than(0), Q.at_least(0)),
        (Q.exact(1), Q.between(-1, 1), Q.unknown()),
        (Q.exact(0), Q.exact(0), Q.unknown()),
        (Q.exact(1), Q.at_least(0), Q.unknown()),
        (Q.at_most(-4), Q.exact(-2), Q.at_least(2)),
    ],
)
def test_division_by_what_may_be_zero_is_unknown(a: Quantity, b: Quantity, quotient: Quantity) -> None:
    assert a / b == quotient


@given(st.data(), st.sampled_from(sorted(EXTREMES)), intervals(), intervals())
def test_extremes_hold_every_case_and_no_looser_end(data: st.DataObject, name: str, a: Quantity, b: Quantity) -> None:
    ours, plain = EXTREMES[name]
    result = ours(a, b)
    assert result.contains(plain(data.draw(members(a)), data.draw(members(b))))
    assert result == ours(b, a)
    assert encloses(result, ours(data.draw(parts(a)), data.draw(parts(b))))


@given(st.data(), intervals())
def test_absolute(data: st.DataObject, a: Quantity) -> None:
    assert a.absolute().contains(abs(data.draw(members(a))))
    assert a.absolute() == (-a).absolute() == a.absolute().absolute()
    assert a.absolute().compare(">=", 0) is True


@given(st.data(), intervals(), st.integers(-1, 2))
def test_rounding_holds_every_rounded_number(data: st.DataObject, a: Quantity, digits: int) -> None:
    number = data.draw(members(a))
    step = Decimal(1).scaleb(-digits)
    assert a.rounded(digits).contains(
        number.quantize(step, ROUND_HALF_UP) if digits >= 0 else (number / 10).quantize(Decimal(1), ROUND_HALF_UP) * 10
    )
    assert a.rounded(digits).rounded(digits) == a.rounded(digits)


@pytest.mark.parametrize(
    ("before", "digits", "after"),
    [
        (Q.exact("2.5"), 0, Q.exact(3)),
        (Q.exact("-2.5"), 0, Q.exact(-3)),
        (Q.exact("0.125"), 2, Q.exact("0.13")),
        (Q.less_than("2.5"), 0, Q.at_most(2)),
        (Q.more_than("2.5"), 0, Q.at_least(3)),
        (Q.more_than("-2.5"), 0, Q.at_least(-2)),
        (Q.less_than("-2.5"), 0, Q.at_most(-3)),
        (Q.about("37.5"), 0, Q.about(38)),
        (Q.exact(1250), -2, Q.exact(1300)),
    ],
)
def test_rounding_is_half_up_and_reaches_its_ends(before: Quantity, digits: int, after: Quantity) -> None:
    assert before.rounded(digits) == after


@given(NUMBERS, NUMBERS)
def test_remainder_has_the_divisors_sign(a: Decimal, b: Decimal) -> None:
    remainder = Q.exact(a) % b
    if not b:
        assert remainder.is_unknown
    else:
        assert remainder.value is not None
        assert (a - remainder.value) / b % 1 == 0
        assert 0 <= remainder.value * (1 if b > 0 else -1) < abs(b)


def test_remainder_of_a_bound_is_unknown() -> None:
    assert (Q.at_least(3) % 2).is_unknown


@given(st.data(), st.sampled_from(sorted(COMPARISONS)), intervals(), intervals())
def test_a_decided_comparison_is_true_of_every_pair(data: st.DataObject, op: Operator, a: Quantity, b: Quantity) -> None:
    decided = a.compare(op, b)
    truth = COMPARISONS[op](data.draw(members(a)), data.draw(members(b)))
    assert decided in (None, truth)


@given(st.data(), st.sampled_from(sorted(COMPARISONS)), intervals(), intervals())
def test_knowing_more_never_flips_a_comparison(data: st.DataObject, op: Operator, a: Quantity, b: Quantity) -> None:
    decided = a.compare(op, b)
    if decided is not None:
        assert data.draw(parts(a)).compare(op, data.draw(parts(b))) is decided


@given(intervals(), intervals())
def test_comparisons_complement_each_other(a: Quantity, b: Quantity) -> None:
    for op, opposite in (("<", ">="), (">", "<="), ("==", "!=")):
        assert a.compare(op, b) == not3(a.compare(opposite, b))
    assert a.compare("<", b) == b.compare(">", a)
    assert a.compare("==", b) == b.compare("==", a)


@given(NUMBERS, NUMBERS, st.sampled_from(sorted(COMPARISONS)))
def test_points_always_decide(a: Decimal, b: Decimal, op: Operator) -> None:
    assert Q.exact(a).compare(op, b) is COMPARISONS[op](a, b)


@pytest.mark.parametrize(
    ("a", "op", "b", "result"),
    [
        (Q.more_than(10), ">", 10, True),
        (Q.more_than(10), "<=", 10, False),
        (Q.more_than(10), ">=", 11, None),
        (Q.at_least(10), ">", 10, None),
        (Q.at_least(10), ">=", 10, True),
        (Q.less_than(500), "<", 500, True),
        (Q.less_than(500), "==", 500, False),
        (Q.at_most(500), "==", 500, None),
        (Q.unknown(), "==", 1, None),
        (Q.unknown(24), ">", 20, True),
        (Q.not_applicable(), "==", 1, False),
        (Q.not_applicable(), "!=", 1, False),
        (Q.about(38), "<", 40, True),
    ],
)
def test_what_bounds_decide(a: Quantity, op: Operator, b: int, result: bool | None) -> None:
    assert a.compare(op, b) is result


def test_the_weightier_reason_wins() -> None:
    reasons = {"~": Q.about(3), "?": Q.unknown(), "-": Q.not_applicable(), "": Q.exact(3)}
    for weaker, stronger in (("", "~"), ("", "?"), ("~", "?"), ("?", "-"), ("~", "-"), ("", "-")):
        for apply in ARITHMETIC.values():
            assert apply(reasons[weaker], reasons[stronger]).reason is reasons[stronger].reason
            assert apply(reasons[stronger], reasons[weaker]).reason is reasons[stronger].reason


def test_unknown_keeps_the_bounds_that_are_sure() -> None:
    assert Q.unknown(24) + 3 == Q.unknown(27)
    assert Q.unknown() * 0 == Q.unknown(0, 0)
    assert (Q.unknown() * 0).value is None


def test_what_does_not_apply_is_left_out_of_extremes_only() -> None:
    assert Q.not_applicable().minimum(5, Q.not_applicable(), 3) == Q.exact(3)
    assert Q.exact(5).maximum(Q.not_applicable()) == Q.exact(5)
    assert Q.not_applicable().maximum(Q.not_applicable()).is_not_applicable
    assert (Q.not_applicable() + 1).is_not_applicable


@given(intervals((Reason.NONE, Reason.UNKNOWN)), NUMBERS, NUMBERS)
def test_narrowing_only_takes_away_what_the_range_excludes(a: Quantity, one: Decimal, two: Decimal) -> None:
    low, high = sorted((one, two))
    narrowed = a.narrow(low, high)
    assert encloses(a, narrowed)
    assert narrowed.reason is a.reason
    assert narrowed.narrow(low, high) == narrowed
    overlaps = any(a.contains(number) for number in (low, high, (low + high) / 2)) or (a.lo is not None and low < a.lo < high)
    if overlaps and low < high:
        assert encloses(Q.between(low, high), narrowed)


def test_a_stated_number_outside_its_range_stays() -> None:
    assert Q.exact(-3).narrow(0) == Q.exact(-3)
    assert Q.exact(120).narrow(0, 100) == Q.exact(120)
    assert Q.not_applicable().narrow(0, 1).is_not_applicable
    assert Q.unknown().narrow(0) == Q.unknown(0)


@given(intervals(tuple(Reason)))
def test_columns_carry_everything(a: Quantity) -> None:
    assert Q.from_columns(*a.columns()) == a


def test_views_of_a_quantity() -> None:
    assert (Q.exact(3).is_exact, Q.exact(3).value, Q.exact(3).bound) == (True, 3, None)
    assert (Q.about(3).is_exact, Q.about(3).value, Q.about(3).bound) == (False, 3, "~")
    assert [q.bound for q in (Q.more_than(1), Q.at_least(1), Q.less_than(1), Q.at_most(1), Q.between(1, 2))] == [
        ">",
        "≥",
        "<",
        "≤",
        "interval",
    ]
    assert (Q.unknown().bound, Q.unknown().is_unknown, Q.unknown().value) == (None, True, None)
    assert not Q.not_applicable().contains(0)
    assert sum([Q.exact(1), Q.more_than(2)], Q.exact(0)) == Q.more_than(3)
    assert 1 - Q.at_most(3) == Q.at_least(-2)
    assert 6 / Q.exact(4) == Q.exact("1.5")


@pytest.mark.parametrize("bad", ["", "x", "nan", "inf", float("nan"), Decimal("Infinity")])
def test_only_finite_numbers_are_numbers(bad: object) -> None:
    with pytest.raises(ValueError, match="not a"):
        decimal(bad)


@pytest.mark.parametrize("ends", [(2, 1, False, False), (1, 1, True, False), (1, 1, False, True)])
def test_empty_intervals_are_refused(ends: tuple[int, int, bool, bool]) -> None:
    with pytest.raises(ValueError, match="empty"):
        Quantity(Decimal(ends[0]), Decimal(ends[1]), ends[2], ends[3])


def test_floats_are_taken_by_their_shortest_spelling() -> None:
    assert Q.exact(0.1) == Q.exact("0.1")


def test_turning_the_sign_keeps_every_digit():
    long = 10**40 + 7
    assert -Quantity.exact(long) == Quantity.exact(-long)
    assert 0 - Quantity.exact(long) == Quantity.exact(-long)
    assert Quantity.between(-long, 1).absolute() == Quantity.between(0, long)
