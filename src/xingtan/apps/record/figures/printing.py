"""How a figure is printed: its value in the words of the field, its unit, and the marks that honesty asks for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text
from xingtan.kernel.wording import plain

Form = Literal["unit", "number", "wan"]
PERCENT = frozenset({"percent", "percentage_points"})
WAN = Decimal(10_000)
LOST = T("〔缺〕")
DECIMALS = 2  # of a quotient whose indicator does not say


def shown(value: Quantity, indicator: IndicatorSpec, form: Form = "unit") -> Text:
    """A figure's value as it stands in a sentence: 56人, 76.8%, 24余篇, 20.7万元, 〔缺〕."""
    if value.is_unknown:
        return T("〔缺，%(bounds)s〕", bounds=_bounds(value, indicator, form)) if _bounded(value, indicator) else LOST
    scaled, unit = _scaled(_plain(value), indicator, form)
    return scaled.text(_digits(scaled, indicator, form), unit)


def _plain(value: Quantity) -> Quantity:
    """Without a lower end of 0 beside an upper one: that nothing is below nothing goes without saying (不足2%, not 0余至不足2%)."""
    return replace(value, lo=None) if value.lo == 0 and value.hi is not None and value.hi > 0 else value


def exactly(number: Decimal, unit: str, form: Form = "unit") -> Text:
    """A number that was laid down, with the decimals it has and no others: 3%, 12.5%, 0.0375."""
    value = Quantity.exact(number)
    plainly = IndicatorSpec("", "", unit, "")
    scaled, shown_unit = _scaled(value, plainly, form)
    return scaled.text(_decimals(scaled), shown_unit)


def grouped(value: Quantity, indicator: IndicatorSpec) -> Text:
    """As `shown`, an exact number with thousands separators: for tables and pages, not for running text."""
    if not value.is_exact or value.lo is None:
        return shown(value, indicator)
    scaled, unit = _scaled(value, indicator, "unit")
    assert scaled.lo is not None
    number = Decimal(plain(scaled.lo, _digits(scaled, indicator, "unit")))
    return T("%(number)s%(unit)s", number=f"{number:,f}", unit=unit)


def _scaled(value: Quantity, indicator: IndicatorSpec, form: Form) -> tuple[Quantity, str]:
    if form == "wan":
        return value / WAN, f"万{indicator.unit}"
    if indicator.unit == "percent":
        return value * 100, "" if form == "number" else "%"
    if indicator.unit == "percentage_points":
        return value * 100, "" if form == "number" else "个百分点"
    return value, "" if form == "number" else indicator.unit


def _digits(value: Quantity, indicator: IndicatorSpec, form: Form) -> int | None:
    """The indicator's decimals; without them all there are, but of an endless quotient only a few."""
    if form == "wan":
        return None if _decimals(value) <= 4 else DECIMALS
    if indicator.digits is not None:
        return indicator.digits
    if indicator.unit in PERCENT:
        return 1
    return None if _decimals(value) <= DECIMALS else DECIMALS


def _decimals(value: Quantity) -> int:
    ends = [end.normalize().as_tuple().exponent for end in (value.lo, value.hi) if end is not None]
    return max([0, *(-int(exponent) for exponent in ends)])


def _bounded(value: Quantity, indicator: IndicatorSpec) -> bool:
    """Whether an unknown value has a bound worth saying; that a count is not negative is not."""
    return (value.lo is not None and value.lo > 0) or value.hi is not None


def _bounds(value: Quantity, indicator: IndicatorSpec, form: Form) -> Text:
    known = Quantity(value.lo if value.lo is not None and value.lo > 0 else None, value.hi, value.lo_open, value.hi_open)
    scaled, unit = _scaled(known, indicator, form)
    digits = _digits(scaled, indicator, form)
    if scaled.lo is not None and scaled.hi is None and not scaled.lo_open:
        return T("至少%(value)s", value=Quantity.exact(scaled.lo).text(digits, unit))
    return scaled.text(digits, unit)


def marks(status: str, missing: int = 0) -> tuple[Text, ...]:
    """The marks printed behind a figure that is not simply known; an unknown one says so itself. `missing`: who has not reported, and the
    figure does without them. Doubtful rows do not make the absent ones present: both are said.
    """
    found: list[Text] = []
    if status == "doubtful":
        found.append(T("〔存疑〕"))
    if status in {"partial", "doubtful"} and missing:
        found.append(T("〔部分，%(n)s个单位未报〕", n=missing))
    if status == "stale":
        found.append(T("〔待更新〕"))
    return tuple(found)
