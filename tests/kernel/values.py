"""Strategies for the kernel's values, and the slow definition that interval arithmetic is held against."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from xingtan.kernel.quantity import Quantity, Reason

NUMBERS = st.integers(-60, 60).map(lambda n: Decimal(n) / 4)
POSITIVE = st.integers(1, 400).map(lambda n: Decimal(n) / 4)


@st.composite
def intervals(draw: st.DrawFn, reasons: tuple[Reason, ...] = (Reason.NONE,)) -> Quantity:
    """Any non-empty interval: points, open and closed, half-bounded, unbounded."""
    ends = sorted((draw(NUMBERS), draw(NUMBERS)))
    lo = draw(st.sampled_from((ends[0], None)))
    hi = draw(st.sampled_from((ends[1], None)))
    point = lo is not None and lo == hi
    opens = (False, False) if point else (draw(st.booleans()), draw(st.booleans()))
    return Quantity(lo, hi, *opens, draw(st.sampled_from(reasons)))


@st.composite
def members(draw: st.DrawFn, quantity: Quantity) -> Decimal:
    """A number inside the interval, often near an end."""
    lo = quantity.lo if quantity.lo is not None else (quantity.hi if quantity.hi is not None else Decimal(0)) - 50
    hi = quantity.hi if quantity.hi is not None else lo + 100
    candidates = [lo, hi, (lo + hi) / 2, lo + (hi - lo) / 64, hi - (hi - lo) / 64, Decimal(0)]
    return draw(st.sampled_from([number for number in candidates if quantity.contains(number)]))


@st.composite
def parts(draw: st.DrawFn, quantity: Quantity) -> Quantity:
    """An interval inside the interval: somebody learnt more."""
    a, b = sorted((draw(members(quantity)), draw(members(quantity))))
    closed = Quantity.between(a, b)
    return draw(st.sampled_from((closed, quantity)))


def encloses(outer: Quantity, inner: Quantity) -> bool:
    """Whether every number of `inner` is one of `outer`."""
    if outer.lo is not None and (inner.lo is None or inner.lo < outer.lo or (inner.lo == outer.lo and outer.lo_open and not inner.lo_open)):
        return False
    return outer.hi is None or (
        inner.hi is not None and (inner.hi < outer.hi or (inner.hi == outer.hi and (inner.hi_open or not outer.hi_open)))
    )
