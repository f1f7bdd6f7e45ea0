"""One row, one formula, one value: three-valued, with bounds. The compiled plan of the engine gives the same answer over tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.functions import FUNCTIONS
from xingtan.kernel.formula.values import Env, Value, absent, quantity, settled, tri
from xingtan.kernel.quantity import Operator, Quantity
from xingtan.kernel.text import T
from xingtan.kernel.tri import Tri, all3, any3, not3

Row = Mapping[str, Any]
NO_ROW: Row = {}


def evaluate(expr: n.Expr, row: Row | None, env: Env | None = None) -> Value:
    """The value of a checked formula.

    `row` maps columns to quantities, texts, dates and booleans; a column it lacks is unknown. `date`, `org`, `doubtful`, `valid_from` and
    `valid_to` are read from it when the formula asks. Raises XingtanError for a name or function that neither row nor `env` knows:
    checking finds those first.
    """
    return _Evaluation(row or NO_ROW, env or Env(), row is not None).value(expr)


class _Evaluation:
    def __init__(self, row: Row, env: Env, in_row: bool) -> None:
        self.row, self.env, self.in_row = row, env, in_row

    def value(self, expr: n.Expr) -> Value:
        return _RULES[type(expr)](self, expr)

    def name(self, expr: n.Name) -> Value:
        for table in (self.row, self.env.names, self.env.times):
            if expr.id in table:
                return settled(table[expr.id])
        if not self.in_row:
            raise XingtanError.one("formula.unknown_name", T("不认识的名字 %(name)s", name=expr.id), value=expr.id)
        return None

    def field(self, expr: n.Field) -> Value:
        return settled(self.row.get(expr.field))

    def call(self, expr: n.Call) -> Value:
        function = FUNCTIONS.get(expr.function)
        if function is not None:
            return function(self, expr)
        if self.env.calls is None:
            message = T("%(name)s 不能对一行计算", name=expr.function)
            raise XingtanError.one("formula.not_for_a_row", message, T("这个函数只用在指标里"), value=expr.function)
        return settled(self.env.calls(expr))

    def binary(self, expr: n.Binary) -> Value:
        return _ARITHMETIC[expr.op](quantity(self.value(expr.l)), quantity(self.value(expr.r)))

    def compare(self, expr: n.Compare) -> Tri:
        left = self.value(expr.l)
        if expr.op in {"in", "not in"}:
            found = any3(equal(left, item) for item in self.items(expr.r))
            return False if absent(left) else found if expr.op == "in" else not3(found)
        right = self.value(expr.r)
        if absent(left) or absent(right):
            return False
        if isinstance(left, Quantity) or isinstance(right, Quantity):
            return quantity(left).compare(_operator(expr), quantity(right))
        if expr.op in {"==", "!="}:
            return equal(left, right) if expr.op == "==" else not3(equal(left, right))
        return self.ordered(expr, left, right)

    def ordered(self, expr: n.Compare, left: Value, right: Value) -> Tri:
        if isinstance(left, str) and isinstance(right, str):
            order = self.order(expr)
            if left not in order or right not in order:
                return None
            left, right = Quantity.exact(order.index(left)), Quantity.exact(order.index(right))
        elif isinstance(left, date) and isinstance(right, date):
            left, right = Quantity.exact(left.toordinal()), Quantity.exact(right.toordinal())
        else:
            return None
        return left.compare(_operator(expr), right)

    def order(self, expr: n.Compare) -> tuple[str, ...]:
        """The codes in order, of the side that is a name."""
        for side in (expr.l, expr.r):
            if isinstance(side, n.Name) and side.id in self.env.orders:
                return self.env.orders[side.id]
        return ("T1", "T2", "T3") if n.Name("term") in (expr.l, expr.r) else ()

    def items(self, expr: n.Expr) -> tuple[Value, ...]:
        found = self.value(expr)
        return found if isinstance(found, tuple) else (found,)


def _operator(expr: n.Compare) -> Operator:
    assert expr.op != "in"
    assert expr.op != "not in"
    return expr.op


def equal(left: Value, right: Value) -> Tri:
    """Whether two values are the same; undecided when one is unknown."""
    if absent(left) or absent(right):
        return False
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return quantity(left).compare("==", quantity(right))
    return None if left is None or right is None else left == right


_ARITHMETIC: dict[n.BinaryOp, Callable[[Quantity, Quantity], Quantity]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}
_RULES: dict[type[Any], Callable[[_Evaluation, Any], Value]] = {
    n.Number: lambda _, expr: Quantity.exact(expr.value),
    n.String: lambda _, expr: str(expr.value),
    n.ListOf: lambda self, expr: tuple(self.value(item) for item in expr.items),
    n.Name: _Evaluation.name,
    n.Field: _Evaluation.field,
    n.Call: _Evaluation.call,
    n.Unary: lambda self, expr: -quantity(self.value(expr.x)),
    n.Binary: _Evaluation.binary,
    n.Compare: _Evaluation.compare,
    n.Bool: lambda self, expr: (all3 if expr.op == "and" else any3)(tri(self.value(item)) for item in expr.items),
    n.Not: lambda self, expr: not3(tri(self.value(expr.x))),
}
