"""Values while a formula runs over one row, and what unknown and not applicable mean among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.kernel.calendar import WorkingCalendar
from xingtan.kernel.formula import nodes as n
from xingtan.kernel.quantity import WEIGHT, Quantity, Reason
from xingtan.kernel.tri import Tri

# Numbers are quantities; an unknown text, date or boolean is None (or Reason.UNKNOWN); not applicable is Reason.NOT_APPLICABLE.
Value = Quantity | str | date | bool | None | tuple[Any, ...]
NOT_APPLICABLE = Reason.NOT_APPLICABLE


def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Env:
    """What a formula sees beside its row.

    `names`: parameters, figures, and the extra names of the place of writing. `times`: `today`, `year.start` … as dates, `term` as text.
    `end`: the day from which `within` counts back. `orders`: for names of ordered codes, all codes in order. `calls`: the answer to
    functions over records and figures (`previous(x)` …), which one row cannot give.
    """

    names: Mapping[str, Any] = field(default_factory=_nothing)
    times: Mapping[str, Any] = field(default_factory=_nothing)
    end: date | None = None
    calendar: WorkingCalendar | None = None
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    calls: Callable[[n.Call], Value] | None = None


def settled(value: Any) -> Value:
    """A value as the evaluator knows it: numbers become quantities, an unknown reason becomes None."""
    if isinstance(value, Reason):
        return NOT_APPLICABLE if value is NOT_APPLICABLE else None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Quantity.exact(value)
    return value  # type: ignore[no-any-return]


def absent(value: Value) -> bool:
    """Whether the value is not applicable."""
    return value is NOT_APPLICABLE or (isinstance(value, Quantity) and value.is_not_applicable)


def unknown(value: Value) -> bool:
    """Whether nothing is known: None, or a quantity that says so."""
    return value is None or (isinstance(value, Quantity) and value.is_unknown)


def quantity(value: Value) -> Quantity:
    """The value as a number; what is no number is unknown."""
    if isinstance(value, Quantity):
        return value
    return Quantity.not_applicable() if value is NOT_APPLICABLE else Quantity.unknown()


def tri(value: Value) -> Tri:
    """The value as a condition. Not applicable is excluded: the condition does not hold."""
    if isinstance(value, bool) or value is None:
        return value
    return False if absent(value) else None


def either(a: Value, b: Value) -> Value:
    """What is sure when it is undecided which of two values holds."""
    if a == b and type(a) is type(b):
        return a
    if not (isinstance(a, Quantity) and isinstance(b, Quantity)):
        return None
    if absent(a) or absent(b):
        return Quantity.unknown()
    los, his = (a.span.lo, b.span.lo), (a.span.hi, b.span.hi)
    lo = min(los, key=lambda end: (end.value, end.open))
    hi = max(his, key=lambda end: (end.value, not end.open))
    reason = max((a.reason, b.reason, _undecided(a, b)), key=WEIGHT.__getitem__)
    return Quantity.of(type(a.span)(lo, hi), reason)


def _undecided(a: Quantity, b: Quantity) -> Reason:
    """Two different points make an interval; an approximate point does not stay one."""
    return Reason.UNKNOWN if Reason.APPROXIMATE in {a.reason, b.reason} else Reason.NONE
