"""What goes in, with where it came from, and what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text

UNKNOWN = Quantity.unknown(0)  # a count that nobody stated: at least none


@dataclass(frozen=True, slots=True)
class Input:
    """One number that a rate was made of: its symbol in the formula (`E[3,t]`), and whose statement it is."""

    symbol: str
    value: Quantity
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction of one with its formula in symbols and its inputs."""

    value: Quantity
    formula: str
    inputs: tuple[Input, ...]


def total(numbers: Iterable[Quantity]) -> Quantity:
    """The sum; unknown as soon as one is."""
    found = Quantity.exact(0)
    for number in numbers:
        found = found + number
    return found


def ratio(above: Iterable[Input], below: Iterable[Input], formula: str) -> Rate:
    """Sum over sum. A divisor that may be zero gives an unknown rate."""
    over, under = tuple(above), tuple(below)
    return Rate(total(one.value for one in over) / total(one.value for one in under), formula, (*over, *under))


def negatives(numbers: Iterable[Input]) -> list[Issue]:
    """An error for each count below zero."""
    return [
        fault("cohort.negative", T("%(what)s不能是负数", what=one.symbol), one.symbol, T("请核对填报的人数"), value=str(one.value))
        for one in numbers
        if one.value.compare("<", 0)
    ]


def fault(code: str, message: Text, field: str, hint: Text, *, value: str = "", severity: Severity = Severity.ERROR) -> Issue:
    return Issue(severity, code, message, Where(field=field), hint, value)


def stated(numbers: Mapping[int, Quantity], age: int) -> Quantity:
    """The number of an age; unknown where none was stated."""
    return numbers.get(age, UNKNOWN)
