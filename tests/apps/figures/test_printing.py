from __future__ import annotations

from decimal import Decimal

import pytest

from xingtan.apps.record.figures import printing
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.quantity import Quantity


def spec(unit: str = "人", digits: int | None = None) -> IndicatorSpec:
    return IndicatorSpec("x", "某数", unit, "", digits=digits)


@pytest.mark.parametrize(
    ("value", "indicator", "form", "words"),
    [
        (Quantity.exact(56), spec(), "unit", "56人"),
        (Quantity.exact(56), spec(), "number", "56"),
        (Quantity.exact(Decimal("207000")), spec("元", 2), "wan", "20.7万元"),
        (Quantity.exact(Decimal("0.76785")), spec("percent", 1), "unit", "76.8%"),
        (Quantity.exact(Decimal("1.0564")), spec("percent", 0), "unit", "106%"),
        (Quantity.more_than(24), spec("篇"), "unit", "24余篇"),
        (Quantity.at_least(960), spec("人次"), "unit", "960人次以上"),
        (Quantity.about(38), spec("部"), "unit", "约38部"),
        (Quantity.unknown(0), spec(), "unit", "〔缺〕"),
        (Quantity.unknown(24), spec("篇"), "unit", "〔缺，至少24篇〕"),
        (Quantity.not_applicable(), spec(), "unit", "不适用"),
        (Quantity.between(0, Decimal("0.0196"), lo_open=True, hi_open=True), spec("percent", 2), "unit", "不足1.96%"),
        (Quantity.unknown(0, 5, lo_open=True), spec(), "unit", "〔缺，5人以内〕"),
        (Quantity.unknown(Decimal("0.2")), spec("percent", 1), "unit", "〔缺，至少20.0%〕"),
        (Quantity.exact(Decimal(16700) / 28), spec("元"), "unit", "596.43元"),
        (Quantity.exact(Decimal("0.125")), spec("percent"), "unit", "12.5%"),
        (Quantity.exact(Decimal("0.1235")), spec("percent", 1), "unit", "12.4%"),
    ],
)
def test_a_figure_is_printed_as_the_field_says_it(value, indicator, form, words):
    assert str(printing.shown(value, indicator, form)) == words


@pytest.mark.parametrize(
    ("value", "unit", "form", "words"),
    [
        ("0.03", "percent", "unit", "3%"),
        ("0.125", "percent", "unit", "12.5%"),
        ("0.0375", "percent", "unit", "3.75%"),
        ("0.03", "percent", "number", "3"),
        ("500", "元", "unit", "500元"),
        ("500000", "元", "wan", "50万元"),
        ("123456", "元", "wan", "12.3456万元"),
        ("0.0005", "", "unit", "0.0005"),
    ],
)
def test_a_parameter_is_printed_with_the_decimals_it_has(value, unit, form, words):
    assert str(printing.exactly(Decimal(value), unit, form)) == words


def test_tables_separate_thousands_and_only_of_exact_numbers():
    assert str(printing.grouped(Quantity.exact(207000), spec("元", 2))) == "207,000.00元"
    assert str(printing.grouped(Quantity.more_than(1120), spec("人次"))) == "1120余人次"


@pytest.mark.parametrize(
    ("status", "missing", "words"),
    [
        ("known", 0, ""),
        ("unknown", 3, ""),
        ("partial", 2, "〔部分，2个单位未报〕"),
        ("doubtful", 0, "〔存疑〕"),
        ("doubtful", 1, "〔存疑〕〔部分，1个单位未报〕"),
    ],
)
def test_what_is_not_simply_known_carries_its_marks(status, missing, words):
    assert "".join(str(mark) for mark in printing.marks(status, missing)) == words
