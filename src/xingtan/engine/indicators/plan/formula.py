"""A formula in bulk: its arithmetic on doubles; what has no vector form is asked cell by cell of the one-row evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from xingtan.engine.indicators import band as bands
from xingtan.engine.indicators.band import Band
from xingtan.engine.indicators.plan.node import Cells, Node, collect
from xingtan.engine.indicators.spec import Parameter
from xingtan.kernel.formula import nodes as n


class Bulk:
    """`calls`: the nodes of record and figure functions by the identity of the call."""

    def __init__(self, cells: Cells, calls: Mapping[int, Node], parameters: Mapping[str, Parameter], indicators: Mapping[str, Any]) -> None:
        self.cells, self.calls, self.parameters, self.indicators = cells, calls, parameters, indicators

    def whole(self, expr: n.Expr) -> Band:
        """The formula over all cells, of their shape."""
        band = self.band(expr)
        if band.lo.shape == self.cells.shape:
            return band
        lo, hi = (np.broadcast_to(end, self.cells.shape) for end in (band.lo, band.hi))
        return Band(lo, lo) if band.flags is None else Band(lo, hi, np.broadcast_to(band.flags, self.cells.shape))

    def band(self, expr: n.Expr) -> Band:
        if isinstance(expr, n.Number):
            return _constant(expr.value)
        if isinstance(expr, n.Name) and (expr.id in self.parameters or expr.id in self.indicators):
            return self._name(expr.id)
        if isinstance(expr, n.Unary):
            return -self.band(expr.x)
        if isinstance(expr, n.Binary) and expr.op != "%":
            return self._arithmetic(expr)
        if isinstance(expr, n.Call):
            return self._call(expr)
        return self._each(expr)

    def _name(self, name: str) -> Band:
        if name not in self.parameters:
            return self.cells.band(name)
        value = self.parameters[name].value
        return _constant(value) if isinstance(value, Decimal) else bands.unknown((1, 1))

    def _arithmetic(self, expr: n.Binary) -> Band:
        left, right = self.band(expr.l), self.band(expr.r)
        match expr.op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left / right

    def _call(self, expr: n.Call) -> Band:
        if (node := self.calls.get(id(expr))) is not None:
            return node.bulk(self.cells)
        if expr.kwargs or expr.function not in {"abs", "min", "max"}:
            return self._each(expr)
        given = [self.band(item) for item in expr.args]
        if expr.function == "abs":
            return given[0].absolute()
        return bands.least(given) if expr.function == "min" else bands.greatest(given)

    def _each(self, expr: n.Expr) -> Band:
        slots, orgs = self.cells.shape
        values = [[self.cells.evaluate(expr, slot, org) for org in range(orgs)] for slot in range(slots)]
        return collect(values, self.cells.shape)


def _constant(value: Decimal) -> Band:
    return Band.exact(np.full((1, 1), float(value)))
