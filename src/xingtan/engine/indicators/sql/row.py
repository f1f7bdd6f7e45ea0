"""The columns of a row, read as values; what a field's declared range excludes is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis

from xingtan.engine.indicators.scope import parameter_value
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec, Parameter
from xingtan.engine.indicators.sql.later import Later
from xingtan.engine.indicators.sql.values import Flag, Span, Truth, Word, both, either, negate, number, sure

NO_REASON, UNKNOWN, ABSENT = "", "unknown", "not_applicable"


class NotInSqlError(Exception):
    """This part of a condition has no exact form in SQL; the rows are fetched and evaluated one by one."""


@dataclass(frozen=True)
class Row:
    """A dataset's table joined with the periods asked; `exact`: fields without bounds and reasons; `times`: time names given as columns."""

    table: Any
    dataset: DatasetSpec
    parameters: Mapping[str, Parameter]
    exact: frozenset[str]
    times: frozenset[str]

    def value(self, name: str) -> Span | Word | Truth:
        """The column, parameter or time of that name, in this order."""
        if (field := self.dataset.field(name)) is not None:
            return self.span(field) if field.type in NUMERIC else self.word(field)
        if name == "doubtful":
            return Truth.of(self.doubt())
        if name in {"date", "org"}:
            return self._stated(name)
        if name in self.times:
            column = self.table[time_column(name)]
            return Word(column, column.isnull())
        if name in self.parameters:
            return constant(parameter_value(self.parameters[name]))
        raise NotInSqlError(name)

    def doubt(self) -> Flag:
        """Whether the row is doubtful."""
        return False if "doubt" in self.exact else sure(self.table["doubt"] != "")

    def span(self, field: FieldSpec) -> Span:
        """A number, kept to its declared range."""
        stated = self.stated(field)
        return stated if stated.point else narrowed(stated, field)

    def stated(self, field: FieldSpec) -> Span:
        """The five columns of a number."""
        lo = self.table[f"{field.id}__lo"]
        if field.id in self.exact:
            return Span(lo, lo)
        reason = self.table[f"{field.id}__reason"]
        lo_open, hi_open = (sure(self.table[f"{field.id}__{end}_open"]) for end in ("lo", "hi"))
        return Span(lo, self.table[f"{field.id}__hi"], lo_open, hi_open, sure(reason == UNKNOWN), sure(reason == ABSENT))

    def word(self, field: FieldSpec) -> Word:
        """Value and reason of everything that is not a number."""
        value = self.table[field.id]
        if field.id in self.exact:
            return Word(value)
        absent = sure(self.table[f"{field.id}__reason"] == ABSENT)
        return Word(value, both(negate(absent), either(value.isnull(), sure(self.table[f"{field.id}__reason"] == UNKNOWN))), absent)

    def approximate(self, field: FieldSpec) -> Flag:
        return False if field.id in self.exact else sure(self.table[f"{field.id}__reason"] == "approximate")

    def _stated(self, name: str) -> Word:
        column = self.table[name]
        return Word(column, column.isnull()) if name == "date" else Word(column)


def time_column(name: str) -> str:
    """The column of the asked periods that holds a time name."""
    return "time__" + name.replace(".", "_")


def constant(value: Any) -> Span | Word:
    """A literal or a parameter; None: its value is not known."""
    if value is None:
        nothing = ibis.null("decimal(38, 10)")
        return Span(nothing, ibis.null("decimal(38, 10)"), unknown=True)
    if isinstance(value, str | date | bool):
        return Word(ibis.literal(value))
    return number(value)


def narrowed(span: Span, field: FieldSpec) -> Span:
    """Intersect with the declared range; a stated number outside it stays as stated (checks report it)."""
    if field.minimum is None and field.maximum is None:
        return span
    keep: Flag = span.absent
    lo, hi, lo_open, hi_open = span.lo, span.hi, span.lo_open, span.hi_open
    if (low := field.minimum) is not None:
        keep = either(keep, _compared("<", hi, low), both(_compared("==", hi, low), hi_open))
    if (high := field.maximum) is not None:
        keep = either(keep, _compared(">", lo, high), both(_compared("==", lo, high), lo_open))
    if low is not None:
        cut = both(negate(keep), _compared("<", span.lo, low, missing=True))
        lo, lo_open = _instead(cut, low, span.lo), both(lo_open, negate(cut))
    if high is not None:
        cut = both(negate(keep), _compared(">", span.hi, high, missing=True))
        hi, hi_open = _instead(cut, high, span.hi), both(hi_open, negate(cut))
    return Span(lo, hi, lo_open, hi_open, span.unknown, span.absent)


def _compared(op: str, bound: Any, limit: Decimal, *, missing: bool = False) -> Flag:
    """A bound against a constant; `missing`: what is said of a bound that is not there."""
    if isinstance(bound, Later):
        found = bound < limit if op == "<" else bound > limit if op == ">" else bound.equals(limit)
        return found.fill_null(missing)
    constant = number(limit).lo
    found = bound < constant if op == "<" else bound > constant if op == ">" else bound == constant
    return found.fill_null(missing)


def _instead(cut: Flag, limit: Decimal, bound: Any) -> Any:
    if isinstance(bound, Later):
        return bound.instead(cut, limit)
    return ibis.ifelse(cut, number(limit).lo.cast("decimal(38, 10)"), bound)
