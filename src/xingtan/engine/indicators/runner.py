"""The one thing the engine asks of the floor above: run this expression over one snapshot's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa


class Runner(Protocol):
    """Implemented by `warehouse` over one snapshot of one place.

    Expressions are built over unbound Ibis tables named as the snapshot's: the dataset ids, `orgs`, `closure`, `succession`, `returns`,
    and over the small tables given with the call (which periods, which organisations are asked). Only the small tables change
    between two calls with the same key, so that its SQL is compiled once.
    """

    @property
    def dialect(self) -> str:
        """`duckdb` or `postgres`."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the content of the snapshot does: what the engine has learnt about it is kept for this version only."""
        ...

    def run(self, expr: Any, *, key: str = "", tables: Mapping[str, pa.Table] = ...) -> pa.Table:
        """Rows of an Ibis table expression, typed as its schema; `tables` are registered under their names.

        Equal non-empty keys promise equal expressions.
        """
        ...

    def exact_fields(self, dataset: str) -> frozenset[str]:
        """Fields of which every row is exact (no bound, no reason); `doubt` is among them if no row is doubtful.

        The plan leaves out what such fields cannot have; saying too little is safe.
        """
        ...
