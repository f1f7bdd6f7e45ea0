"""Arithmetic on the ends of intervals. An end is (value, open); the value may be ±Infinity, which is always open.

Every operation rounds to 50 significant digits by a monotone rule, so a wider interval never yields a narrower result.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import NamedTuple

ARITHMETIC = Context(prec=50, traps=[DivisionByZero, InvalidOperation, Overflow])
INFINITY = Decimal("Infinity")
ZERO = Decimal(0)


class End(NamedTuple):
    value: Decimal
    open: bool


class Span(NamedTuple):
    """A non-empty interval by its two ends."""

    lo: End
    hi: End


NOTHING = End(ZERO, True)  # what ∞·0 adds: nothing beyond the other corners, and zero itself is never reached there


def add(a: Span, b: Span) -> Span:
    return Span(_plus(a.lo, b.lo), _plus(a.hi, b.hi))


def negate(a: Span) -> Span:
    return Span(End(ARITHMETIC.minus(a.hi.value), a.hi.open), End(ARITHMETIC.minus(a.lo.value), a.lo.open))


def multiply(a: Span, b: Span) -> Span:
    return _hull(_times(x, y) for x in a for y in b)


def divide(a: Span, b: Span) -> Span | None:
    """None if `b` contains zero. An open zero end is approached from its own side only."""
    if contains(b, ZERO):
        return None
    sign = Decimal(1) if b.hi.value > 0 else Decimal(-1)
    return _hull(_over(x, y, sign) for x in a for y in b)


def absolute(a: Span) -> Span:
    if a.lo.value >= 0:
        return a
    if a.hi.value <= 0:
        return negate(a)
    return Span(End(ZERO, False), _highest((a.hi, End(ARITHMETIC.minus(a.lo.value), a.lo.open))))


def minimum(a: Span, b: Span) -> Span:
    # The lower end is reached if either side reaches it; the upper end, on a tie, only if both do.
    return Span(_lowest((a.lo, b.lo)), min(a.hi, b.hi, key=lambda end: (end.value, not end.open)))


def maximum(a: Span, b: Span) -> Span:
    return negate(minimum(negate(a), negate(b)))


def intersect(a: Span, b: Span) -> Span | None:
    """None if they have no number in common."""
    lo = max(a.lo, b.lo, key=lambda end: (end.value, end.open))
    hi = min(a.hi, b.hi, key=lambda end: (end.value, not end.open))
    if lo.value > hi.value or (lo.value == hi.value and (lo.open or hi.open)):
        return None
    return Span(lo, hi)


def contains(a: Span, value: Decimal) -> bool:
    above = a.lo.value < value or (a.lo.value == value and not a.lo.open)
    below = value < a.hi.value or (value == a.hi.value and not a.hi.open)
    return above and below


def rounded(a: Span, digits: int) -> Span:
    """Half-up (away from zero) to `digits` decimals. The ends are reached, for a rounded value stands for all numbers around it."""
    lo = _round(a.lo.value, digits, ROUND_HALF_DOWN if a.lo.open and a.lo.value < 0 else ROUND_HALF_UP)
    hi = _round(a.hi.value, digits, ROUND_HALF_DOWN if a.hi.open and a.hi.value > 0 else ROUND_HALF_UP)
    return Span(End(lo, lo.is_infinite()), End(hi, hi.is_infinite()))


def below(a: Span, b: Span) -> bool:
    """Every number of `a` is smaller than every number of `b`."""
    return a.hi.value < b.lo.value or (a.hi.value == b.lo.value and (a.hi.open or b.lo.open))


def modulo(a: Decimal, b: Decimal) -> Decimal:
    """The remainder with the sign of the divisor, as in the formula language; `b` is not zero."""
    quotient = ARITHMETIC.divide(a, b).to_integral_value(rounding=ROUND_FLOOR)
    return ARITHMETIC.subtract(a, ARITHMETIC.multiply(b, quotient))


def _round(value: Decimal, digits: int, rounding: str) -> Decimal:
    if value.is_infinite():
        return value
    return value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=Context(prec=200))


def _plus(x: End, y: End) -> End:
    return End(ARITHMETIC.add(x.value, y.value), x.open or y.open)


def _times(x: End, y: End) -> End:
    for end in (x, y):
        if not end.value and not end.open:
            return End(ZERO, False)
    if (not x.value and y.value.is_infinite()) or (not y.value and x.value.is_infinite()):
        return NOTHING
    return End(ARITHMETIC.multiply(x.value, y.value), x.open or y.open)


def _over(x: End, y: End, sign: Decimal) -> End:
    if not x.value:
        return End(ZERO, x.open)
    if not y.value:
        return End(INFINITY.copy_sign(x.value) * sign, True)
    if y.value.is_infinite():
        return NOTHING
    return End(ARITHMETIC.divide(x.value, y.value), x.open or y.open)


def _lowest(ends: Iterable[End]) -> End:
    return min(ends, key=lambda end: (end.value, end.open))


def _highest(ends: Iterable[End]) -> End:
    return max(ends, key=lambda end: (end.value, not end.open))


def _hull(corners: Iterable[End]) -> Span:
    ends = tuple(corners)
    return Span(_lowest(ends), _highest(ends))
