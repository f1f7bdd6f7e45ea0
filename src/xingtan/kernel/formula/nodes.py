"""The tree of a formula: frozen nodes, compared by meaning; `span` (start, end columns in the formula's text, 0-based) is carried beside.

Times are names with a dot (`Name("year.start")`); `Field` is a column of a dataset, the first argument of a record function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as slot
from decimal import Decimal
from typing import Literal

Span = tuple[int, int]
NOWHERE: Span = (0, 0)
BinaryOp = Literal["+", "-", "*", "/", "%"]
CompareOp = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number, exact."""

    value: Decimal
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class String:
    """A literal text in quotes."""

    value: str
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`['辍学', '转出']`: the right side of `in`, or the steps of `band`."""

    items: tuple[Expr, ...]
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: column of the row, parameter, indicator or time (`today`, `year.start`), in this order."""

    id: str
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Field:
    """`enrolment.pupils`: a column of a dataset."""

    dataset: str
    field: str
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the signature table; `kwargs` keeps the order of writing."""

    function: str
    args: tuple[Expr, ...] = ()
    kwargs: tuple[tuple[str, Expr], ...] = ()
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def keyword(self, name: str) -> Expr | None:
        """The argument given as `name=…`, if it was given so."""
        return next((value for key, value in self.kwargs if key == name), None)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`."""

    op: Literal["-"]
    x: Expr
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic."""

    op: BinaryOp
    l: Expr  # noqa: E741 - left and right, as in the contract
    r: Expr
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; chains such as `1 < x < 3` are not of the language."""

    op: CompareOp
    l: Expr  # noqa: E741
    r: Expr
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Bool:
    """`a and b and c`, `a or b`: at least two items."""

    op: Literal["and", "or"]
    items: tuple[Expr, ...]
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    x: Expr
    span: Span = slot(default=NOWHERE, compare=False, repr=False, kw_only=True)


Expr = Number | String | ListOf | Name | Field | Call | Unary | Binary | Compare | Bool | Not


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The nodes directly below a node, in the order of writing."""
    if isinstance(expr, Call):
        return (*expr.args, *(value for _, value in expr.kwargs))
    if isinstance(expr, ListOf | Bool):
        return expr.items
    if isinstance(expr, Unary | Not):
        return (expr.x,)
    return (expr.l, expr.r) if isinstance(expr, Binary | Compare) else ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and all below it, parents first."""
    yield expr
    for part in parts(expr):
        yield from walk(part)
