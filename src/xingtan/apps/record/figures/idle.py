"""Indicators of which the place has nothing at all: a pack for any county names many that one county never reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from xingtan.engine.indicators.rewrite import mentioned, references
from xingtan.kernel.formula import parse

from .store import Book, compiled

if TYPE_CHECKING:
    from .selectors import Line


def with_data(shelf: Book, lines: Sequence[Line]) -> list[Line]:
    """Those lines whose indicator reads a dataset of which the place ever had a row, or that somebody owes, or no dataset at all."""
    filled = {part.table for part in shelf.snapshot.manifest.parts if part.rows}
    filled |= {dataset.id for dataset in shelf.model.spec.datasets if dataset.due_from}
    read = reads(shelf.pack.hash)
    return [line for line in lines if not read[line.indicator.id] or read[line.indicator.id] & filled]


@lru_cache(maxsize=32)
def reads(pack_hash: str) -> Mapping[str, frozenset[str]]:
    """The datasets that stand behind each indicator of a pack, through other indicators too."""
    formulas = {one.id: parse(one.formula).expr for one in compiled(pack_hash).spec.indicators}
    direct = {name: {found.dataset for found in mentioned(expr)} for name, expr in formulas.items() if expr is not None}
    above = {name: {one for one in references(expr) if one in formulas} for name, expr in formulas.items() if expr is not None}
    for _depth in formulas:  # indicators have no cycles: each round carries the datasets one step further
        wider = {name: own.union(*(direct[one] for one in above[name])) for name, own in direct.items()}
        if wider == direct:
            break
        direct = wider
    return {name: frozenset(found) for name, found in direct.items()}
