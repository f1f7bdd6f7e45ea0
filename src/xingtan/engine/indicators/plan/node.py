"""What a node can do, and what it may ask of the cells (organisations × periods) it is computed over."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from xingtan.engine.indicators.band import Band, Doubles
from xingtan.engine.indicators.leaves import Leaves
from xingtan.engine.indicators.pulled import Item
from xingtan.engine.indicators.tree import Tree
from xingtan.kernel.formula.nodes import Expr
from xingtan.kernel.formula.values import Value
from xingtan.kernel.quantity import Quantity

Bools = npt.NDArray[np.bool_]


class Cells(Protocol):
    """One evaluation: `shape` is (slots, organisations); a slot is a period and, in a breakdown, a group."""

    shape: tuple[int, int]

    def value(self, indicator: str, slot: int, org: int) -> Quantity:
        """Another figure, exactly."""
        ...

    def band(self, indicator: str) -> Band:
        """Another figure, in bulk."""
        ...

    def evaluate(self, expr: Expr, slot: int, org: int) -> Value:
        """A part of a formula, exactly."""
        ...

    def kinds(self, name: str) -> frozenset[str]:
        """The kinds of organisation that a kind or tier names."""
        ...

    def trees(self, at: str) -> list[Tree]:
        """The tree of each slot over the axis of organisations."""
        ...

    def present(self, at: str) -> Bools:
        """Which organisations are in the tree of each slot."""
        ...

    def leaves(self, sheet: int) -> Leaves:
        """The answer of a sheet's query."""
        ...

    def rolled(self, sheet: int, at: str) -> npt.NDArray[Any]:
        """Its numbers for whole subtrees."""
        ...

    def doubles(self, sheet: int, at: str, name: str) -> Doubles:
        """One of its columns so, as doubles; shared, never to be changed."""
        ...

    def items(self, sheet: int, pull: int, at: str, cell: tuple[int, int]) -> list[Item]:
        """The values that a fetched column has in the subtree of one cell, surely or perhaps."""
        ...

    def gaps(self, sheet: int, at: str, partial: bool) -> Bools:
        """Cells for which nothing was reported at all, or (unless `partial`) somebody's return is missing."""
        ...

    def everywhere(self, at: str) -> bool:
        """Whether `present` holds for all."""
        ...

    def gapless(self, sheet: int, at: str, partial: bool) -> bool:
        """Whether `gaps` holds for none."""
        ...

    def lacking(self, indicator: str) -> Bools:
        """Cells of a figure in which somebody's return is missing."""
        ...

    def computed(self, node: Computed) -> Band:
        """What the node computes for all cells, once."""
        ...

    def shifted(self, slot: int, back: int) -> int:
        """The slot of the same group `back` periods before, -1 if it is not among the slots."""
        ...

    def better(self, indicator: str) -> str:
        """`higher`, `lower` or nothing."""
        ...

    def target(self, indicator: str, slot: int, org: int) -> Quantity:
        """The target given to the organisation; unknown if none is."""
        ...


class Computed(Protocol):
    """A node whose single values are taken from its bulk."""

    def compute(self, cells: Cells) -> Band: ...


class Node(Protocol):
    """A call of a formula."""

    def exact(self, cells: Cells, slot: int, org: int) -> Value:
        """The value of one cell."""
        ...

    def bulk(self, cells: Cells) -> Band:
        """All cells, of the shape of `cells`."""
        ...


def each(node: Node, cells: Cells) -> Band:
    """In bulk by asking cell by cell: for what has no vector form."""
    return collect([[node.exact(cells, slot, org) for org in range(cells.shape[1])] for slot in range(cells.shape[0])], cells.shape)


def collect(values: list[list[Value]], shape: tuple[int, int]) -> Band:
    """Quantities as a band; what is no number is unknown."""
    lo, hi, flags = np.empty(shape), np.empty(shape), np.zeros(shape, dtype=np.uint8)
    for slot, row in enumerate(values):
        for org, value in enumerate(row):
            lo[slot, org], hi[slot, org], flags[slot, org] = ends(value)
    return Band(lo, hi, flags) if flags.any() or not np.array_equal(lo, hi) else Band(lo, lo)


MARKS = {"": 0, "approximate": 4, "unknown": 8, "not_applicable": 16}


def ends(value: Any) -> tuple[float, float, int]:
    """lo, hi and flags of one value."""
    if not isinstance(value, Quantity):
        return -np.inf, np.inf, MARKS["unknown"] if value is None or isinstance(value, str | bool) else MARKS["not_applicable"]
    lo = -np.inf if value.lo is None else float(value.lo)
    hi = np.inf if value.hi is None else float(value.hi)
    return lo, hi, value.lo_open + 2 * value.hi_open + MARKS[value.reason.value]
