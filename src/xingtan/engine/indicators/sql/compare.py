"""Comparisons of two values of a row; what a bound or an unknown cannot decide stays undecided."""

from __future__ import annotations

from typing import Any

from xingtan.engine.indicators.sql.values import Flag, Span, Truth, Word, both, either, negate, sure

FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def spans(op: str, a: Span, b: Span) -> Truth:
    """Compare numbers as Quantity.compare does: True for every pair, False for none, else undecided; never with what does not apply."""
    applies = negate(either(a.absent, b.absent))
    unknown = either(a.unknown, b.unknown)
    if a.point and b.point and a.unknown is False and b.unknown is False:
        return Truth.of(both(applies, sure(_plain(op, a.lo, b.lo))))
    if op in {">", "<="}:
        a, b = b, a
    if op in {"==", "!="}:
        yes, no = _equal(a, b), _apart(a, b)
    else:
        yes, no = _below(a, b), sure(a.lo >= b.hi)
    if op in {"!=", ">=", "<="}:
        yes, no = no, yes
    return Truth(both(applies, yes), both(applies, negate(no)), unknown)


def words(op: str, a: Word, b: Word) -> Truth:
    """Compare texts, dates and booleans: an unknown value leaves it undecided, one that does not apply never holds."""
    applies = negate(either(a.absent, b.absent))
    unknown = either(a.unknown, b.unknown)
    holds = sure(_plain(op, a.value, b.value))
    yes = both(applies, negate(unknown), holds)
    return Truth.of(yes) if unknown is False else Truth(yes, both(applies, either(yes, unknown)), unknown)


def _plain(op: str, a: Any, b: Any) -> Any:
    match op:
        case "==":
            return a == b
        case "!=":
            return a != b
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case _:
            return a >= b


def _below(a: Span, b: Span) -> Flag:
    return either(sure(a.hi < b.lo), both(sure(a.hi == b.lo), either(a.hi_open, b.lo_open)))


def _apart(a: Span, b: Span) -> Flag:
    return either(_below(a, b), _below(b, a))


def _equal(a: Span, b: Span) -> Flag:
    return both(sure(a.lo == a.hi), sure(a.lo == b.lo), sure(b.lo == b.hi))
