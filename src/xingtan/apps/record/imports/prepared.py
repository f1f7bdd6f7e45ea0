"""What a preview made ready to be written, kept beside the file until somebody confirms: confirming need not read the file again.

It fits only as long as nothing it was made from has changed: the ledger's revision, the pack, the slots, the day, the mapping.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from xingtan.apps.record.ledgers.keys import digest
from xingtan.apps.record.ledgers.shape import Layout

from .files import path_of
from .models import Import
from .pipeline import Plan, nils_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows to write, and the nil returns."""

    takes: pl.DataFrame
    nils: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Stand:
    """What a comparison was made against."""

    revision: int
    pack_hash: str
    layout: Layout
    today: date

    def stamp(self, source: Import) -> str:
        said: list[Any] = [
            self.revision,
            self.pack_hash,
            self.layout,
            self.today.isoformat(),
            source.sheet,
            source.mapping,
            source.period,
            source.org_id,
            source.each_row_says,
        ]
        return digest(json.dumps(said, ensure_ascii=False, sort_keys=True))


def keep(source: Import, made: Plan, stand: Stand) -> None:
    """Keep what a preview would write."""
    table, note = path_of(f"{source.stored}.ready.arrow"), path_of(f"{source.stored}.ready.json")
    note.unlink(missing_ok=True)
    if made.diff is None:
        return
    made.takes.write_ipc(table, compression="uncompressed")
    note.write_text(json.dumps({"stamp": stand.stamp(source), "nils": nils_of(made)}), encoding="utf-8")


def kept(source: Import, stand: Stand) -> Prepared | None:
    """What was kept, if it still fits."""
    note = path_of(f"{source.stored}.ready.json")
    if not note.exists():
        return None
    said = json.loads(note.read_text(encoding="utf-8"))
    if said["stamp"] != stand.stamp(source):
        return None
    return Prepared(pl.read_ipc(path_of(f"{source.stored}.ready.arrow")), [(org, period) for org, period in said["nils"]])
