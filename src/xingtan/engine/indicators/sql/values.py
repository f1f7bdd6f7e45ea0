"""Values of one row as Ibis columns: numbers are intervals, everything carries what is unknown and what does not apply.

Flags are Python booleans where the answer is the same for all rows, so that exact columns cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis

Flag = Any  # bool, or an Ibis boolean column that is never NULL


def both(*flags: Flag) -> Flag:
    """Conjunction that folds Python booleans."""
    columns = []
    for flag in flags:
        if flag is False:
            return False
        if flag is not True:
            columns.append(flag)
    result: Flag = True
    for column in columns:
        result = column if result is True else result & column
    return result


def either(*flags: Flag) -> Flag:
    """Disjunction that folds Python booleans."""
    columns = []
    for flag in flags:
        if flag is True:
            return True
        if flag is not False:
            columns.append(flag)
    result: Flag = False
    for column in columns:
        result = column if result is False else result | column
    return result


def negate(flag: Flag) -> Flag:
    return not flag if isinstance(flag, bool) else ~flag


def column(flag: Flag) -> Any:
    """The flag as an Ibis column."""
    return ibis.literal(flag) if isinstance(flag, bool) else flag


def sure(flag: Any) -> Any:
    """A comparison with NULL read as False."""
    return flag.fill_null(False)


@dataclass(frozen=True, slots=True)
class Truth:
    """Three-valued: `yes` surely holds, `maybe` holds or is undecided (yes implies maybe). `unknown`: it rests on an unknown value."""

    yes: Flag
    maybe: Flag
    unknown: Flag = False

    @classmethod
    def of(cls, flag: Flag) -> Truth:
        return cls(flag, flag)

    @property
    def decided(self) -> bool:
        """Whether no row can be undecided."""
        return self.yes is self.maybe

    def negated(self) -> Truth:
        yes = negate(self.maybe)
        return Truth(yes, yes if self.decided else negate(self.yes), self.unknown)


def all_of(*truths: Truth) -> Truth:
    yes = both(*(truth.yes for truth in truths))
    maybe = yes if all(truth.decided for truth in truths) else both(*(truth.maybe for truth in truths))
    return Truth(yes, maybe, either(*(truth.unknown for truth in truths)))


def any_of(*truths: Truth) -> Truth:
    yes = either(*(truth.yes for truth in truths))
    maybe = yes if all(truth.decided for truth in truths) else either(*(truth.maybe for truth in truths))
    return Truth(yes, maybe, either(*(truth.unknown for truth in truths)))


@dataclass(frozen=True, slots=True)
class Span:
    """A number: NULL ends are infinite. `point`: lo and hi are the same column and nothing is open or unknown."""

    lo: Any
    hi: Any
    lo_open: Flag = False
    hi_open: Flag = False
    unknown: Flag = False
    absent: Flag = False  # not applicable

    @property
    def point(self) -> bool:
        return self.lo is self.hi


@dataclass(frozen=True, slots=True)
class Word:
    """A text, code, person, organisation, date or boolean; `value` is NULL where unknown or absent."""

    value: Any
    unknown: Flag = False
    absent: Flag = False


def number(value: Decimal) -> Span:
    """A literal, typed as narrowly as it is written, so that products keep within 38 digits."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    precision = max(len(digits) + max(0, exponent), scale, 1)
    literal = ibis.literal(value, type=f"decimal({precision}, {scale})")
    return Span(literal, literal)


def add(a: Span, b: Span) -> Span:
    lo = a.lo + b.lo
    hi = lo if a.point and b.point else a.hi + b.hi
    return Span(
        lo,
        hi,
        either(a.lo_open, b.lo_open),
        either(a.hi_open, b.hi_open),
        either(a.unknown, b.unknown),
        either(a.absent, b.absent),
    )


def minus(a: Span) -> Span:
    lo = -a.hi
    return Span(lo, lo if a.point else -a.lo, a.hi_open, a.lo_open, a.unknown, a.absent)


def scale(a: Span, literal: Any, positive: bool) -> Span:
    """Multiply by a constant that is not zero."""
    left = a if positive else Span(a.hi, a.lo, a.hi_open, a.lo_open, a.unknown, a.absent)
    lo = left.lo * literal
    return Span(lo, lo if a.point else left.hi * literal, left.lo_open, left.hi_open, a.unknown, a.absent)
