"""What a figure or document was made from: enough to make it again, and to see when it can no longer be made the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Provenance:
    """Rules (pack), rows (snapshot), tree (its day; None: the open tree of a nominal year), program and assumptions in force."""

    pack_id: str
    pack_version: str
    pack_hash: str
    snapshot: str = ""
    tree_date: date | None = None
    engine_version: str = ""
    assumptions: tuple[str, ...] = ()

    @property
    def pack(self) -> str:
        return f"{self.pack_id} {self.pack_version}"

    @property
    def short_hash(self) -> str:
        return self.pack_hash[:12]

    def same_inputs(self, other: Provenance) -> bool:
        """Whether both were made from the same rules, rows and tree; the program may have changed."""
        return (self.pack_hash, self.snapshot, self.tree_date) == (other.pack_hash, other.snapshot, other.tree_date)
