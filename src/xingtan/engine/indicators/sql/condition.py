"""Conditions of the formula language over rows, as three-valued Ibis expressions; the twin of `kernel.formula.evaluate`."""

from __future__ import annotations

from functools import reduce
from typing import Any

import ibis

from xingtan.engine.indicators.sql import compare
from xingtan.engine.indicators.sql.row import NotInSqlError, Row, constant
from xingtan.engine.indicators.sql.values import Span, Truth, Word, add, all_of, any_of, minus, scale
from xingtan.kernel.formula.nodes import Binary, Bool, Compare, Expr, ListOf, Name, Not, Number, String, Unary

ALWAYS = Truth(True, True)
ORDERS = {"<", "<=", ">", ">="}


def truth(expr: Expr | None, row: Row) -> Truth:
    """The condition over a row; no condition always holds. Raises NotInSqlError for what only Python can decide exactly."""
    if expr is None:
        return ALWAYS
    if isinstance(expr, Bool):
        parts = [truth(item, row) for item in expr.items]
        return all_of(*parts) if expr.op == "and" else any_of(*parts)
    if isinstance(expr, Not):
        return truth(expr.x, row).negated()
    if isinstance(expr, Compare):
        return _compare(expr, row)
    value = _value(expr, row)
    if isinstance(value, Word):
        return compare.words("==", value, Word(ibis.literal(True)))
    if isinstance(value, Truth):
        return value
    raise NotInSqlError(type(expr).__name__)


def _value(expr: Expr, row: Row) -> Span | Word | Truth:
    if isinstance(expr, Number | String):
        return constant(expr.value)
    if isinstance(expr, Name):
        return row.value(expr.id)
    if isinstance(expr, Unary):
        return minus(_span(expr.x, row))
    if isinstance(expr, Binary):
        return _arithmetic(expr, row)
    raise NotInSqlError(type(expr).__name__)


def _span(expr: Expr, row: Row) -> Span:
    value = _value(expr, row)
    if not isinstance(value, Span):
        raise NotInSqlError("not a number")
    return value


def _arithmetic(expr: Binary, row: Row) -> Span:
    """Sums, differences and products with a constant: exact in 38 digits. The rest is Python's."""
    if expr.op == "+":
        return add(_span(expr.l, row), _span(expr.r, row))
    if expr.op == "-":
        return add(_span(expr.l, row), minus(_span(expr.r, row)))
    for factor, other in ((expr.l, expr.r), (expr.r, expr.l)):
        known = _constant(factor, row)
        if expr.op == "*" and known is not None and known != 0:
            return scale(_span(other, row), constant(known).lo, known > 0)  # type: ignore[union-attr]
    raise NotInSqlError(expr.op)


def _constant(expr: Expr, row: Row) -> Any:
    if isinstance(expr, Number):
        return expr.value
    if isinstance(expr, Name) and row.dataset.field(expr.id) is None and expr.id in row.parameters:
        value = row.parameters[expr.id].value
        return None if isinstance(value, str) else value
    return None


def _compare(expr: Compare, row: Row) -> Truth:
    if expr.op in {"in", "not in"}:
        return _member(expr, row)
    if expr.op in ORDERS and (codes := _codes(expr.l, row) or _codes(expr.r, row)):
        return compare.words(expr.op, _place(expr.l, codes, row), _place(expr.r, codes, row))
    return _pair(expr.op, _value(expr.l, row), _value(expr.r, row))


def _pair(op: str, a: Span | Word | Truth, b: Span | Word | Truth) -> Truth:
    if isinstance(a, Span) and isinstance(b, Span):
        return compare.spans(op, a, b)
    if isinstance(a, Word) and isinstance(b, Word):
        return compare.words(op, a, b)
    if isinstance(a, Span | Word) and isinstance(b, Span | Word) and (a.unknown is True or b.unknown is True):
        unstated = Span(ibis.null("decimal(38, 10)"), ibis.null("decimal(38, 10)"), unknown=True, absent=_absent(a, b))
        return compare.spans(op, unstated, Span(ibis.literal(0), ibis.literal(0)))  # a parameter without a value, whatever its type
    raise NotInSqlError(op)


def _absent(a: Span | Word, b: Span | Word) -> Any:
    return b.absent if a.unknown is True else a.absent


def _member(expr: Compare, row: Row) -> Truth:
    """`x in [...]` is any of the equalities, `not in` none of them."""
    assert isinstance(expr.r, ListOf)
    left = _value(expr.l, row)
    op = "==" if expr.op == "in" else "!="
    each = [_pair(op, left, _value(item, row)) for item in expr.r.items]
    return reduce(any_of if op == "==" else all_of, each) if each else Truth.of(op == "!=")


def _codes(expr: Expr, row: Row) -> tuple[str, ...]:
    field = row.dataset.field(expr.id) if isinstance(expr, Name) else None
    return field.codes if field is not None and field.ordered else ()


def _place(expr: Expr, codes: tuple[str, ...], row: Row) -> Word:
    """A code by its place in the table's order; a code that is not in it cannot be placed."""
    if isinstance(expr, String):
        return Word(ibis.literal(codes.index(expr.value))) if expr.value in codes else Word(ibis.null("int64"), True)
    value = _value(expr, row)
    if not isinstance(value, Word):
        raise NotInSqlError("order of codes")
    place = value.value.cases(*((code, index) for index, code in enumerate(codes)), else_=ibis.null("int64"))
    return Word(place, place.isnull() if value.absent is False else place.isnull() & ~value.absent, value.absent)
