"""A number as the field states it: exact, bounded (10余, 不足500), approximate (约38), unknown or not applicable."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Self

from xingtan.kernel import interval, wording
from xingtan.kernel.interval import INFINITY, End, Span
from xingtan.kernel.text import Text
from xingtan.kernel.tri import Tri, not3

Number = Decimal | int | str | float
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
Bound = Literal[">", "≥", "<", "≤", "~", "interval"]
Columns = tuple[Decimal | None, Decimal | None, bool, bool, str]


class Reason(StrEnum):
    """Why a number is not simply known. In arithmetic the weightier one wins: not_applicable, unknown, approximate, none."""

    NONE = ""
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


WEIGHT = {Reason.NONE: 0, Reason.APPROXIMATE: 1, Reason.UNKNOWN: 2, Reason.NOT_APPLICABLE: 3}


def decimal(value: Number) -> Decimal:
    """Take a number exactly as written; a float by its shortest spelling. Raises ValueError if it is not a finite number."""
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def _optional(value: Number | None) -> Decimal | None:
    return None if value is None else decimal(value)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval with a reason. `lo` None is −∞, `hi` None is +∞; an exact number has lo = hi and no reason.

    An approximate number is carried, compared and printed by its point; an unknown one keeps the bounds that are sure.
    `not_applicable` takes part in nothing: arithmetic with it stays not applicable, no comparison with it holds.
    """

    lo: Decimal | None
    hi: Decimal | None
    lo_open: bool = False
    hi_open: bool = False
    reason: Reason = Reason.NONE

    def __post_init__(self) -> None:
        if self.lo is None and self.lo_open:
            object.__setattr__(self, "lo_open", False)  # one spelling of infinity, so that equal quantities are equal
        if self.hi is None and self.hi_open:
            object.__setattr__(self, "hi_open", False)
        if self.lo is None or self.hi is None:
            return
        if self.lo > self.hi or (self.lo == self.hi and (self.lo_open or self.hi_open)):
            raise ValueError(f"empty interval: {self.lo}..{self.hi}")

    @classmethod
    def exact(cls, value: Number) -> Self:
        number = decimal(value)
        return cls(number, number)

    @classmethod
    def at_least(cls, value: Number) -> Self:
        return cls(decimal(value), None)

    @classmethod
    def more_than(cls, value: Number) -> Self:
        return cls(decimal(value), None, lo_open=True)

    @classmethod
    def at_most(cls, value: Number) -> Self:
        return cls(None, decimal(value))

    @classmethod
    def less_than(cls, value: Number) -> Self:
        return cls(None, decimal(value), hi_open=True)

    @classmethod
    def about(cls, value: Number) -> Self:
        number = decimal(value)
        return cls(number, number, reason=Reason.APPROXIMATE)

    @classmethod
    def between(cls, lo: Number, hi: Number, *, lo_open: bool = False, hi_open: bool = False) -> Self:
        return cls(decimal(lo), decimal(hi), lo_open, hi_open)

    @classmethod
    def unknown(cls, lo: Number | None = None, hi: Number | None = None, *, lo_open: bool = False, hi_open: bool = False) -> Self:
        return cls(_optional(lo), _optional(hi), lo_open, hi_open, Reason.UNKNOWN)

    @classmethod
    def not_applicable(cls) -> Self:
        return cls(None, None, reason=Reason.NOT_APPLICABLE)

    @classmethod
    def of(cls, span: Span, reason: Reason = Reason.NONE) -> Self:
        lo, hi = span
        return cls(
            None if lo.value.is_infinite() else lo.value,
            None if hi.value.is_infinite() else hi.value,
            lo.open and not lo.value.is_infinite(),
            hi.open and not hi.value.is_infinite(),
            reason,
        )

    @classmethod
    def from_columns(cls, lo: Number | None, hi: Number | None, lo_open: bool | None, hi_open: bool | None, reason: str | None) -> Self:
        """Read the five columns of a table; see `columns`."""
        return cls(_optional(lo), _optional(hi), bool(lo_open), bool(hi_open), Reason(reason or ""))

    def columns(self) -> Columns:
        """The five columns of a table: lo, hi (None = ∞), lo_open, hi_open, reason."""
        return self.lo, self.hi, self.lo_open, self.hi_open, self.reason.value

    @property
    def is_exact(self) -> bool:
        return self.reason is Reason.NONE and self.lo is not None and self.lo == self.hi

    @property
    def is_unknown(self) -> bool:
        return self.reason is Reason.UNKNOWN

    @property
    def is_not_applicable(self) -> bool:
        return self.reason is Reason.NOT_APPLICABLE

    @property
    def value(self) -> Decimal | None:
        """The exact or approximate point; None for everything else."""
        if self.reason in (Reason.NONE, Reason.APPROXIMATE) and self.lo is not None and self.lo == self.hi:
            return self.lo
        return None

    @property
    def bound(self) -> Bound | None:
        """How the number is bounded; None for an exact point and where nothing bounds it."""
        if self.reason is Reason.APPROXIMATE:
            return "~"
        if self.lo is not None and self.hi is not None:
            return None if self.is_exact else "interval"
        if self.lo is not None:
            return ">" if self.lo_open else "≥"
        if self.hi is not None:
            return "<" if self.hi_open else "≤"
        return None

    @property
    def span(self) -> Span:
        lo = End(-INFINITY, True) if self.lo is None else End(self.lo, self.lo_open)
        hi = End(INFINITY, True) if self.hi is None else End(self.hi, self.hi_open)
        return Span(lo, hi)

    def contains(self, value: Number) -> bool:
        """Whether the number may be `value`."""
        return not self.is_not_applicable and interval.contains(self.span, decimal(value))

    def __neg__(self) -> Quantity:
        return Quantity.of(interval.negate(self.span), self.reason)

    def __add__(self, other: Quantity | Number) -> Quantity:
        return self._combine(other, interval.add)

    def __sub__(self, other: Quantity | Number) -> Quantity:
        return self + -_quantity(other)

    def __mul__(self, other: Quantity | Number) -> Quantity:
        return self._combine(other, interval.multiply)

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        """Divide; unknown if the divisor may be zero."""
        return self._combine(other, interval.divide)

    def __mod__(self, other: Quantity | Number) -> Quantity:
        """Remainder with the divisor's sign; unknown unless both are points and the divisor is not zero."""
        return self._combine(other, _modulo)

    def __radd__(self, other: Number) -> Quantity:
        return _quantity(other) + self

    def __rsub__(self, other: Number) -> Quantity:
        return _quantity(other) - self

    def __rmul__(self, other: Number) -> Quantity:
        return _quantity(other) * self

    def __rtruediv__(self, other: Number) -> Quantity:
        return _quantity(other) / self

    def absolute(self) -> Quantity:
        return self if self.is_not_applicable else Quantity.of(interval.absolute(self.span), self.reason)

    def minimum(self, *others: Quantity | Number) -> Quantity:
        """The smallest of all that apply; not applicable only if none does."""
        return self._extreme(others, interval.minimum)

    def maximum(self, *others: Quantity | Number) -> Quantity:
        """The greatest of all that apply; not applicable only if none does."""
        return self._extreme(others, interval.maximum)

    def rounded(self, digits: int) -> Quantity:
        """Half-up to `digits` decimals."""
        return self if self.is_not_applicable else Quantity.of(interval.rounded(self.span, digits), self.reason)

    def narrow(self, minimum: Number | None = None, maximum: Number | None = None) -> Quantity:
        """Cut off what a field's declared range excludes. A stated number outside the range stays as stated: checks report it."""
        if self.is_not_applicable:
            return self
        allowed = Quantity(_optional(minimum), _optional(maximum)).span
        common = interval.intersect(self.span, allowed)
        return self if common is None else Quantity.of(common, self.reason)

    def compare(self, operator: Operator, other: Quantity | Number) -> Tri:
        """Whether the comparison holds for every pair of numbers (True), for none (False), or is undecided (None)."""
        right = _quantity(other)
        if self.is_not_applicable or right.is_not_applicable:
            return False
        match operator:
            case "<" | ">=":
                less = _less(self.span, right.span)
                return less if operator == "<" else not3(less)
            case ">" | "<=":
                greater = _less(right.span, self.span)
                return greater if operator == ">" else not3(greater)
            case _:
                equal = _equal(self.span, right.span)
                return equal if operator == "==" else not3(equal)

    def text(self, digits: int | None = None, unit: str = "", minimum: Decimal | None = Decimal(0), maximum: Decimal | None = None) -> Text:
        """The words of the field, translatable. A bound equal to `minimum` or `maximum` says nothing new and is left unsaid."""
        ends = wording.Ends(self.lo, self.hi, self.lo_open, self.hi_open)
        return wording.text(ends, self.reason.value, wording.Style(digits, unit, minimum, maximum))

    def words(self, digits: int | None = None, unit: str = "", minimum: Decimal | None = Decimal(0), maximum: Decimal | None = None) -> str:
        """24余 · 960以上 · 不足500 · 约38 · 未知（至少24） · 不适用. Bounds are rounded outwards, points half-up."""
        return str(self.text(digits, unit, minimum, maximum))

    def __str__(self) -> str:
        return self.words()

    def _combine(self, other: Quantity | Number, operation: Any) -> Quantity:
        right = _quantity(other)
        reason = max(self.reason, right.reason, key=WEIGHT.__getitem__)
        if reason is Reason.NOT_APPLICABLE:
            return Quantity.not_applicable()
        span = operation(self.span, right.span)
        return Quantity.unknown() if span is None else Quantity.of(span, reason)

    def _extreme(self, others: tuple[Quantity | Number, ...], operation: Any) -> Quantity:
        result = self
        for other in map(_quantity, others):
            if result.is_not_applicable:
                result = other
            elif not other.is_not_applicable:
                result = result._combine(other, operation)
        return result


def _quantity(value: Quantity | Number) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity.exact(value)


def _modulo(a: Span, b: Span) -> Span | None:
    if a.lo.value != a.hi.value or b.lo.value != b.hi.value or not b.lo.value:
        return None
    end = End(interval.modulo(a.lo.value, b.lo.value), False)
    return Span(end, end)


def _less(a: Span, b: Span) -> Tri:
    if interval.below(a, b):
        return True
    return False if a.lo.value >= b.hi.value else None


def _equal(a: Span, b: Span) -> Tri:
    if interval.intersect(a, b) is None:
        return False
    return True if a.lo.value == a.hi.value == b.lo.value == b.hi.value else None
