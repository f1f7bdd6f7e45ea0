"""Dispersion between schools, weighted by their pupils.

For schools with values x and pupils P (total N): mean X = Σ P·x / N, S = √(Σ (P/N)(x − X)²), coefficient of variation S / X. The mean is
thus the county's own value: all resources over all pupils. Nothing is estimated: one unknown value makes the coefficient unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text

PRECISION = 40  # digits of intermediate results; what is returned has PLACES decimals
PLACES = 10


@dataclass(frozen=True, slots=True)
class School:
    """One school's value of an indicator and its number of pupils."""

    org: str
    value: Quantity
    pupils: Quantity

    @property
    def apart(self) -> bool:
        """Whether the indicator does not speak of it: it has no pupils of the stage, or the value does not apply."""
        return self.pupils.value == 0 or self.pupils.is_not_applicable or self.value.is_not_applicable

    @property
    def known(self) -> bool:
        return self.value.value is not None and not self.value.is_unknown and self.pupils.value is not None and not self.pupils.is_unknown


@dataclass(frozen=True, slots=True)
class Spread:
    """The dispersion of one indicator. `cv`, `mean`, `gini` are unknown together; `open` are the schools that make them so (codes)."""

    cv: Quantity
    mean: Quantity
    gini: Quantity
    counted: tuple[str, ...]
    apart: tuple[str, ...]
    open: tuple[str, ...]
    reasons: tuple[Text, ...]


def spread(schools: Sequence[School]) -> Spread:
    """The weighted coefficient of variation, mean and Gini coefficient. Unknown, with reasons, when any school of the stage is not known,
    when there is none, or when the mean is zero (nothing to compare)."""
    asked = [one for one in schools if not one.apart]
    apart = tuple(one.org for one in schools if one.apart)
    lost = tuple(one.org for one in asked if not one.known)
    counted = tuple(one.org for one in asked if one.known)
    if why := _why(asked, lost):
        return Spread(Quantity.unknown(0), Quantity.unknown(), Quantity.unknown(0, 1), counted, apart, lost, why)
    pairs = [(one.pupils.value or Decimal(0), one.value.value or Decimal(0)) for one in asked]
    mean, deviation, gini = _moments(pairs)
    if mean == 0:
        reason = (T("各校都是 0，没有可比的差异"),)
        return Spread(Quantity.unknown(0), Quantity.exact(mean), Quantity.unknown(0, 1), counted, apart, (), reason)
    with localcontext() as context:
        context.prec = PRECISION
        found = [Quantity.exact(_short(number)) for number in (deviation / abs(mean), mean, gini)]
    return Spread(found[0], found[1], found[2], counted, apart, (), ())


def composite(coefficients: Iterable[Quantity]) -> Quantity:
    """The plain mean of the coefficients of several indicators; unknown when one of them is, or when there is none."""
    found = list(coefficients)
    if not found or any(one.is_unknown or one.value is None for one in found):
        return Quantity.unknown(0)
    with localcontext() as context:
        context.prec = PRECISION
        return Quantity.exact(_short(sum((one.value or Decimal(0) for one in found), Decimal(0)) / len(found)))


def _why(asked: Sequence[School], lost: Sequence[str]) -> tuple[Text, ...]:
    if not asked:
        return (T("没有可以比较的学校"),)
    if lost:
        return (T("%(n)s 所学校的数未知，差异系数不能计算", n=len(lost)),)
    if len(asked) == 1:
        return (T("只有 1 所学校，没有校际差异可言"),)
    negative = sum((one.value.value or Decimal(0)) < 0 or (one.pupils.value or Decimal(0)) < 0 for one in asked)
    return (T("%(n)s 所学校的数小于 0，差异系数没有意义", n=negative),) if negative else ()


def _moments(pairs: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal, Decimal]:
    """Weighted mean, standard deviation and Gini coefficient (0 for a mean of zero) of (weight, value)."""
    with localcontext() as context:
        context.prec = PRECISION
        total = sum((weight for weight, _ in pairs), Decimal(0))
        amount = sum((weight * value for weight, value in pairs), Decimal(0))
        mean = amount / total
        variance = sum((weight * (value - mean) ** 2 for weight, value in pairs), Decimal(0)) / total
        return mean, variance.sqrt(), _gini(pairs, total, amount)


def _gini(pairs: Sequence[tuple[Decimal, Decimal]], total: Decimal, amount: Decimal) -> Decimal:
    """One minus twice the area under the Lorenz curve, drawn in straight pieces from school to school."""
    if amount == 0:
        return Decimal(0)
    area = below = Decimal(0)
    for weight, value in sorted(pairs, key=lambda pair: pair[1]):
        above = below + weight * value
        area += weight * (below + above)
        below = above
    return 1 - area / (total * amount)


def _short(number: Decimal) -> Decimal:
    return Quantity.exact(number).rounded(PLACES).value or Decimal(0)
