"""Tree → text: the shortest spelling that parses back to the same tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xingtan.kernel.formula import nodes as n

_LEVEL = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_NOT, _COMPARE, _UNARY, _ATOM = 3, 4, 7, 9


def to_text(expr: n.Expr) -> str:
    """`parse(to_text(expr)).expr == expr` for every tree that `parse` can give."""
    return _PRINTERS[type(expr)](expr)


def _string(expr: n.String) -> str:
    return f'"{expr.value}"' if "'" in expr.value else f"'{expr.value}'"


def _list(expr: n.ListOf) -> str:
    return f"[{', '.join(map(to_text, expr.items))}]"


def _call(expr: n.Call) -> str:
    given = [*map(to_text, expr.args), *(f"{key}={to_text(value)}" for key, value in expr.kwargs)]
    return f"{expr.function}({', '.join(given)})"


def _bool(expr: n.Bool) -> str:
    return f" {expr.op} ".join(_inside(item, _LEVEL[expr.op] + 1) for item in expr.items)


def _compare(expr: n.Compare) -> str:
    return f"{_inside(expr.l, _COMPARE + 1)} {expr.op} {_inside(expr.r, _COMPARE + 1)}"


def _binary(expr: n.Binary) -> str:
    level = _LEVEL[expr.op]
    return f"{_inside(expr.l, level)} {expr.op} {_inside(expr.r, level + 1)}"


_PRINTERS: dict[type[Any], Callable[[Any], str]] = {
    n.Number: lambda expr: format(expr.value, "f"),
    n.String: _string,
    n.ListOf: _list,
    n.Name: lambda expr: str(expr.id),
    n.Field: lambda expr: f"{expr.dataset}.{expr.field}",
    n.Call: _call,
    n.Unary: lambda expr: f"-{_inside(expr.x, _UNARY)}",
    n.Not: lambda expr: f"not {_inside(expr.x, _NOT)}",
    n.Bool: _bool,
    n.Compare: _compare,
    n.Binary: _binary,
}


def _inside(expr: n.Expr, least: int) -> str:
    text = to_text(expr)
    return text if _level(expr) >= least else f"({text})"


def _level(expr: n.Expr) -> int:
    if isinstance(expr, n.Bool | n.Binary):
        return _LEVEL[expr.op]
    return {n.Not: _NOT, n.Compare: _COMPARE, n.Unary: _UNARY}.get(type(expr), _ATOM)
