"""Quantiles and medians, interpolated linearly between neighbours; unknown as soon as one value is not a point."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from xingtan.kernel.interval import ARITHMETIC
from xingtan.kernel.quantity import Quantity, Reason


def quantile(values: Sequence[Quantity], q: Decimal) -> Quantity:
    """`q` from 0 to 1. Nothing that applies: unknown. An approximate value makes the result approximate."""
    points = [value.value for value in values]
    if not points or None in points or not 0 <= q <= 1:
        return Quantity.unknown()
    ordered = sorted(point for point in points if point is not None)
    place = ARITHMETIC.multiply(q, Decimal(len(ordered) - 1))
    first = int(place.to_integral_value(rounding=ROUND_FLOOR))
    step = ARITHMETIC.subtract(place, Decimal(first))
    low, high = ordered[first], ordered[min(first + 1, len(ordered) - 1)]
    point = ARITHMETIC.add(low, ARITHMETIC.multiply(ARITHMETIC.subtract(high, low), step))
    approximate = any(value.reason is Reason.APPROXIMATE for value in values)
    return Quantity.about(point) if approximate else Quantity.exact(point)
