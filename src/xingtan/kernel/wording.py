"""How a quantity is said. Kept apart from its arithmetic; `numerals` reads the same words back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from xingtan.kernel.text import T, Text

_WIDE = Context(prec=200)
_BETWEEN = {
    (False, False): T("%(lo)s至%(hi)s%(unit)s"),
    (True, False): T("%(lo)s余至%(hi)s%(unit)s"),
    (False, True): T("%(lo)s至不足%(hi)s%(unit)s"),
    (True, True): T("%(lo)s余至不足%(hi)s%(unit)s"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """Decimals to show (None: as many as there are), the unit behind the number, and the range that goes without saying."""

    digits: int | None = None
    unit: str = ""
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    lo: Decimal | None
    hi: Decimal | None
    lo_open: bool
    hi_open: bool


def text(ends: Ends, reason: str, style: Style) -> Text:
    """Say a quantity given by its ends and its reason."""
    if reason == "not_applicable":
        return T("不适用")
    if reason == "unknown":
        return _unknown(ends, style)
    if ends.lo is None and ends.hi is None:
        return T("未知")
    words = _point(ends.lo, style) if ends.lo is not None and ends.lo == ends.hi else _bounded(_worth_saying(ends, style), style)
    return T("约%(rest)s", rest=words) if reason == "approximate" else words


def plain(number: Decimal, digits: int | None = None) -> str:
    """Digits without exponent: 1200, 0.5; with `digits` exactly that many decimals, rounded half-up."""
    if digits is None:
        return _trimmed(number)
    return format(_quantized(number, digits, ROUND_HALF_UP), "f")


def _quantized(number: Decimal, digits: int, rounding: str) -> Decimal:
    result = number.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=_WIDE)
    return result if result else abs(result)  # no "-0"


def _trimmed(number: Decimal) -> str:
    shown = format(number if number else abs(number), "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _outwards(number: Decimal, digits: int | None, rounding: str) -> str:
    """A bound may only become wider by rounding, and shows no zeros that nobody stated."""
    return _trimmed(number if digits is None else _quantized(number, digits, rounding))


def _floor(ends: Ends, style: Style) -> dict[str, str]:
    assert ends.lo is not None
    return {"number": _outwards(ends.lo, style.digits, ROUND_FLOOR), "unit": style.unit}


def _ceiling(ends: Ends, style: Style) -> dict[str, str]:
    assert ends.hi is not None
    return {"number": _outwards(ends.hi, style.digits, ROUND_CEILING), "unit": style.unit}


def _worth_saying(ends: Ends, style: Style) -> Ends:
    """Leave out a closed bound that the field's range implies, unless nothing would be left."""
    lo = None if ends.lo == style.minimum and not ends.lo_open else ends.lo
    hi = None if ends.hi == style.maximum and not ends.hi_open else ends.hi
    if lo is None and hi is None:
        return ends
    return Ends(lo, hi, ends.lo_open, ends.hi_open)


def _point(number: Decimal, style: Style) -> Text:
    return T("%(number)s%(unit)s", number=plain(number, style.digits), unit=style.unit)


def _bounded(ends: Ends, style: Style) -> Text:
    if ends.lo is not None and ends.hi is not None:
        lo, hi = _floor(ends, style)["number"], _ceiling(ends, style)["number"]
        return T(_BETWEEN[ends.lo_open, ends.hi_open].template, lo=lo, hi=hi, unit=style.unit)
    if ends.lo is not None:
        if not ends.lo_open:
            return T("%(number)s%(unit)s以上", **_floor(ends, style))
        # Nobody says “3余%” or “0.5余”, and “-5余” could mean either side.
        whole = ends.lo > 0 and ends.lo == ends.lo.to_integral_value() and style.unit not in ("%", "‰")
        floor = _floor(ends, style)
        return T("%(number)s余%(unit)s", **floor) if whole else T("超过%(number)s%(unit)s", **floor)
    ceiling = _ceiling(ends, style)
    return T("不足%(number)s%(unit)s", **ceiling) if ends.hi_open else T("%(number)s%(unit)s以内", **ceiling)


def _unknown(ends: Ends, style: Style) -> Text:
    if ends.lo is not None and ends.lo == ends.hi:
        return T("未知（%(bounds)s）", bounds=_point(ends.lo, style))
    lo = None if ends.lo == style.minimum and not ends.lo_open else ends.lo
    hi = None if ends.hi == style.maximum and not ends.hi_open else ends.hi
    known = Ends(lo, hi, ends.lo_open, ends.hi_open)
    if lo is None and hi is None:
        return T("未知")
    if lo is not None and hi is not None:
        return T("未知（%(bounds)s）", bounds=_bounded(known, style))
    if lo is not None:
        floor = _floor(known, style)
        return T("未知（超过%(number)s%(unit)s）", **floor) if ends.lo_open else T("未知（至少%(number)s%(unit)s）", **floor)
    ceiling = _ceiling(known, style)
    return T("未知（不足%(number)s%(unit)s）", **ceiling) if ends.hi_open else T("未知（至多%(number)s%(unit)s）", **ceiling)
