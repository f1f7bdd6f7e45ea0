"""One row, one formula, one value: three-valued, with bounds. The compiled plan of the engine gives the same answer over tables.

A formula is turned into nested functions once and then run over any number of rows: an import checks a hundred thousand of them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal, Inexact
from typing import Any

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.functions import FUNCTIONS
from xingtan.kernel.formula.values import Env, Value, absent, quantity, settled, tri
from xingtan.kernel.quantity import Operator, Quantity, Reason
from xingtan.kernel.text import T
from xingtan.kernel.tri import Tri, all3, any3, not3

Row = Mapping[str, Any]
Run = Callable[[Row, Env], Value]
NO_ROW: Row = {}
NO_ENV = Env()
_KEEP = 4096
_SURE = Context(prec=50, traps=[Inexact])  # what does not fit goes the long way, with its own rounding
_PLAIN = frozenset({Quantity, str, date, bool})
_compiled: dict[int, tuple[n.Expr, Run]] = {}  # by identity: the tree is kept, so its id cannot be given to another


def evaluate(expr: n.Expr, row: Row | None, env: Env | None = None) -> Value:
    """The value of a checked formula.

    `row` maps columns to quantities, texts, dates and booleans; a column it lacks is unknown. `date`, `org`, `doubtful`, `valid_from` and
    `valid_to` are read from it when the formula asks. Raises XingtanError for a name or function that neither row nor `env` knows:
    checking finds those first.
    """
    found = _compiled.get(id(expr))
    if found is None or found[0] is not expr:
        if len(_compiled) >= _KEEP:
            _compiled.clear()
        found = _compiled[id(expr)] = (expr, compile_row(expr))
    return found[1](NO_ROW if row is None else row, env or NO_ENV)


def compile_row(expr: n.Expr) -> Run:
    """The formula as a function of row and environment. `NO_ROW` as row means that the formula stands in no row."""
    return _RULES[type(expr)](expr)


def _constant(value: Value) -> Run:
    return lambda _row, _env: value


def _name(expr: n.Name) -> Run:
    name = expr.id

    def run(row: Row, env: Env) -> Value:
        for table in (row, env.names, env.times):
            if name in table:
                value = table[name]
                return value if type(value) in _PLAIN else settled(value)
        if row is NO_ROW:
            raise XingtanError.one("formula.unknown_name", T("不认识的名字 %(name)s", name=name), value=name)
        return None

    return run


def _list(expr: n.ListOf) -> Run:
    items = [compile_row(item) for item in expr.items]
    return lambda row, env: tuple(item(row, env) for item in items)


class _Place:
    """Where a function is called: it asks for its arguments here."""

    __slots__ = ("env", "parts", "row")

    def __init__(self, parts: Mapping[int, Run], row: Row, env: Env) -> None:
        self.parts, self.row, self.env = parts, row, env

    def value(self, expr: n.Expr) -> Value:
        return self.parts[id(expr)](self.row, self.env)


def _call(expr: n.Call) -> Run:
    function = FUNCTIONS.get(expr.function)
    if function is None:
        return lambda _row, env: _hooked(expr, env)
    parts = {id(part): compile_row(part) for part in n.parts(expr)}
    return lambda row, env: function(_Place(parts, row, env), expr)


def _hooked(expr: n.Call, env: Env) -> Value:
    if env.calls is None:
        message = T("%(name)s 不能对一行计算", name=expr.function)
        raise XingtanError.one("formula.not_for_a_row", message, T("这个函数只用在指标里"), value=expr.function)
    return settled(env.calls(expr))


def _binary(expr: n.Binary) -> Run:
    left, right = compile_row(expr.l), compile_row(expr.r)
    general, sure = _ARITHMETIC[expr.op], _EXACT.get(expr.op)

    def run(row: Row, env: Env) -> Value:
        a, b = left(row, env), right(row, env)
        if sure is not None and (x := _point(a)) is not None and (y := _point(b)) is not None:
            try:
                found = sure(x, y)
            except Inexact:
                return general(quantity(a), quantity(b))
            return Quantity(found, found)
        return general(quantity(a), quantity(b))

    return run


def _point(value: Value) -> Decimal | None:
    """The number, if it is exact; cheap, because exact quantities hold one object twice."""
    if type(value) is Quantity and value.lo is value.hi and value.reason is Reason.NONE:
        return value.lo
    return None


def _compare(expr: n.Compare) -> Run:
    if expr.op in {"in", "not in"}:
        return _member(expr)
    left, right, holds = compile_row(expr.l), compile_row(expr.r), _HOLDS[expr.op]

    def run(row: Row, env: Env) -> Value:
        a, b = left(row, env), right(row, env)
        if (x := _point(a)) is not None and (y := _point(b)) is not None:
            return holds(x, y)
        return _compared(expr, a, b, env)

    return run


def _compared(expr: n.Compare, left: Value, right: Value, env: Env) -> Tri:
    if absent(left) or absent(right):
        return False
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return quantity(left).compare(_operator(expr), quantity(right))
    if expr.op in {"==", "!="}:
        return equal(left, right) if expr.op == "==" else not3(equal(left, right))
    if isinstance(left, date) and isinstance(right, date):
        return _HOLDS[expr.op](left, right)
    if isinstance(left, str) and isinstance(right, str):
        order = _order(expr, env)
        return _HOLDS[expr.op](order.index(left), order.index(right)) if left in order and right in order else None
    return None


def _order(expr: n.Compare, env: Env) -> tuple[str, ...]:
    """The codes in order, of the side that is a name."""
    for side in (expr.l, expr.r):
        if isinstance(side, n.Name) and side.id in env.orders:
            return env.orders[side.id]
    return ("T1", "T2") if n.Name("term") in (expr.l, expr.r) else ()


def _member(expr: n.Compare) -> Run:
    left, right, outside = compile_row(expr.l), compile_row(expr.r), expr.op == "not in"

    def run(row: Row, env: Env) -> Value:
        value, items = left(row, env), right(row, env)
        if absent(value):
            return False
        found = any3(equal(value, item) for item in (items if isinstance(items, tuple) else (items,)))
        return not3(found) if outside else found

    return run


def equal(left: Value, right: Value) -> Tri:
    """Whether two values are the same; undecided when one is unknown."""
    if absent(left) or absent(right):
        return False
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return quantity(left).compare("==", quantity(right))
    return None if left is None or right is None else left == right


def _operator(expr: n.Compare) -> Operator:
    assert expr.op != "in"
    assert expr.op != "not in"
    return expr.op


def _unary(expr: n.Unary) -> Run:
    inner = compile_row(expr.x)
    return lambda row, env: -quantity(inner(row, env))


def _bool(expr: n.Bool) -> Run:
    items, join = [compile_row(item) for item in expr.items], all3 if expr.op == "and" else any3
    return lambda row, env: join(tri(item(row, env)) for item in items)


def _not(expr: n.Not) -> Run:
    inner = compile_row(expr.x)
    return lambda row, env: not3(tri(inner(row, env)))


def _field(expr: n.Field) -> Run:
    return lambda row, _env: settled(row.get(expr.field))


_ARITHMETIC: dict[n.BinaryOp, Callable[[Quantity, Quantity], Quantity]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
_EXACT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {"+": _SURE.add, "-": _SURE.subtract, "*": _SURE.multiply}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_RULES: dict[type[Any], Callable[[Any], Run]] = {
    n.Number: lambda expr: _constant(Quantity.exact(expr.value)),
    n.String: lambda expr: _constant(str(expr.value)),
    n.ListOf: _list,
    n.Name: _name,
    n.Field: _field,
    n.Call: _call,
    n.Unary: _unary,
    n.Binary: _binary,
    n.Compare: _compare,
    n.Bool: _bool,
    n.Not: _not,
}
