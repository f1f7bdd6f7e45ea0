from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.values import encloses, intervals

from xingtan.kernel.numerals import parse_quantity
from xingtan.kernel.quantity import Quantity, Reason

Q = Quantity


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Q.more_than(200) * 4, "800余人"),
        (Q.at_least(960), "960人以上"),
        (Q.less_than(500), "不足500人"),
        (Q.less_than(500).narrow(0), "不足500人"),
        (Q.at_most(500), "500人以内"),
        (Q.about(38), "约38人"),
        (Q.exact("12.50"), "12.5人"),
        (Q.exact(1200), "1200人"),
        (Q.between(10, 20), "10至20人"),
        (Q.between(10, 20, lo_open=True, hi_open=True), "10余至不足20人"),
        (Q.more_than("0.5"), "超过0.5人"),
        (Q.more_than(-5), "超过-5人"),
        (Q.more_than(0), "超过0人"),
        (Q.at_least(0), "0人以上"),
        (Q.unknown(), "未知"),
        (Q.unknown(0), "未知"),
        (Q.unknown(24), "未知（至少24人）"),
        (Q.unknown(24, lo_open=True), "未知（超过24人）"),
        (Q.unknown(None, 24), "未知（至多24人）"),
        (Q.unknown(1, 24), "未知（1至24人）"),
        (Q.unknown(7, 7), "未知（7人）"),
        (Q.about(38) + Q.at_least(3), "约41人以上"),
        (Q.not_applicable(), "不适用"),
        (Q.at_least(3) - Q.at_least(3), "未知"),
    ],
)
def test_words(quantity: Quantity, words: str) -> None:
    assert quantity.words(unit="人") == words


def test_a_share_is_said_without_a_measure_word() -> None:
    assert Q.more_than("96.5").words(unit="%") == "超过96.5%"
    assert Q.more_than(90).narrow(0, 100).words(unit="%", maximum=Decimal(100)) == "超过90%"
    assert Q.at_least(90).narrow(0, 100).words(unit="%", maximum=Decimal(100)) == "90%以上"
    assert Q.between(0, 100).words(unit="%", maximum=Decimal(100)) == "0至100%"


def test_digits_round_points_half_up_and_bounds_outwards() -> None:
    assert Q.exact("2.345").words(2) == "2.35"
    assert Q.exact(2).words(2) == "2.00"
    assert Q.exact("-0.001").words(1) == "0.0"
    assert Q.at_least("24.96").words(1) == "24.9以上"
    assert Q.less_than("24.91").words(1) == "不足25"
    assert Q.more_than(24).words(1) == "24余"


@given(intervals((Reason.NONE, Reason.UNKNOWN)), st.sampled_from(("", "人", "%", "万元")))
def test_words_are_read_back_as_they_were_meant(quantity: Quantity, unit: str) -> None:
    read = parse_quantity(quantity.words(unit=unit, minimum=None), unit)
    if quantity.lo is None and quantity.hi is None:
        assert read == Quantity.unknown()
    else:
        assert read == quantity


@given(intervals(), st.integers(0, 2), st.sampled_from(("人", "%")))
def test_said_with_fewer_digits_a_bound_only_widens(quantity: Quantity, digits: int, unit: str) -> None:
    read = parse_quantity(quantity.words(digits, unit, minimum=None), unit)
    assert read is not None
    if quantity.value is None:
        assert encloses(read, quantity)


@given(st.integers(-2000, 2000).map(lambda n: Decimal(n) / 8))
def test_approximate_words_are_read_back(number: Decimal) -> None:
    assert parse_quantity(Quantity.about(number).words(unit="人"), "人") == Quantity.about(number)
