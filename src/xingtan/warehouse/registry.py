"""Who delivers rows. Apps register their sources at start, so that the warehouse knows nothing of what stands above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # apps register at start, which must stay fast
    import pyarrow as pa

    from xingtan.engine.indicators.spec import DatasetSpec


class DatasetSource(Protocol):
    """Delivers datasets of a place (by slug), cut into periods (canonical text; "" for rows without one)."""

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        """The datasets this source can deliver for the place today."""
        ...

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        """period → stamp for every period with rows; a stamp changes whenever a row of that period does."""
        ...

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        """Current rows of one period, shaped as `contracts.schema`; only rows of this place."""
        ...


class SideSource(Protocol):
    """Delivers side tables of a place: `orgs`, `closure`, `succession` (the tree) or `returns` (nil returns)."""

    def sides(self) -> Iterable[str]: ...

    def version(self, place: str, side: str) -> str: ...

    def table(self, place: str, side: str) -> pa.Table: ...


@dataclass(slots=True)
class Registry:
    """The sources of one program; tests make their own."""

    sources: list[DatasetSource] = field(default_factory=list)
    side_sources: list[SideSource] = field(default_factory=list)

    def register(self, source: DatasetSource) -> None:
        if source not in self.sources:
            self.sources.append(source)

    def register_side(self, source: SideSource) -> None:
        if source not in self.side_sources:
            self.side_sources.append(source)


REGISTRY = Registry()
register = REGISTRY.register
register_side = REGISTRY.register_side
