"""The list of snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Place
from xingtan.ui.tables import Column, Table

from .store import named

if TYPE_CHECKING:
    from xingtan.warehouse.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One snapshot in the list."""

    name: str
    created: datetime | None
    rows: int
    pack_hash: str
    version: str


def lines(place: Place) -> list[SnapshotLine]:
    """Named snapshots of a place, newest first."""
    from xingtan.warehouse import snapshots

    made = named(place)
    return [_line(one) for one in reversed(snapshots.listing(place.slug)) if one.id in made]


def _line(snapshot: Snapshot) -> SnapshotLine:
    manifest = snapshot.manifest
    created = datetime.fromisoformat(manifest.created) if manifest.created else None
    return SnapshotLine(manifest.name, created, sum(part.rows for part in manifest.parts), manifest.pack_hash[:12], snapshot.version[:12])


SNAPSHOTS: Table[SnapshotLine] = Table(
    columns=(
        Column("name", _("名称"), lambda one: one.name, sort=True),
        Column("created", _("封存时间"), lambda one: one.created, kind="date", sort=True),
        Column("rows", _("行数"), lambda one: one.rows, kind="number", sort=True),
        Column("pack", _("规则包"), lambda one: one.pack_hash, minor=True),
        Column("version", _("校验码"), lambda one: one.version, minor=True),
    ),
    key=lambda one: one.name,
)
