"""The one thing the engine asks of an engine room: run this expression over a snapshot's tables."""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa


class Runner(Protocol):
    """Implemented by `warehouse` over one snapshot of one place.

    Expressions are built over unbound tables named as the snapshot's: the dataset ids, `orgs`, `closure`, `succession`, `returns`.
    """

    @property
    def dialect(self) -> str:
        """`duckdb` or `postgres`."""
        ...

    def run(self, expr: Any, *, key: str = "") -> pa.Table:
        """Rows of an unbound Ibis table expression; equal `key` promises an equal expression, so its compiled SQL may be kept."""
        ...

    def exact_fields(self, dataset: str) -> frozenset[str]:
        """Numeric fields all of whose rows are exact (lo = hi, no reason): the plan then skips their interval columns."""
        ...
