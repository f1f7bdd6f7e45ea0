"""Snapshots of a place: the working one, and frozen ones that stay as they are for ever.

working(place)               refresh and open the working snapshot
create(place, name, …)       refresh, then freeze under a name
freeze(snapshot, name, …)    freeze as it is; listing(place), get(place, name), current(place) read
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xingtan.kernel.text import T
from xingtan.warehouse import layout
from xingtan.warehouse.contracts import SIDES, schema
from xingtan.warehouse.errors import SnapshotError
from xingtan.warehouse.layout import Layout, default_root
from xingtan.warehouse.manifest import Manifest, exact_everywhere

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Files of one moment of one place. `id` is the name of a frozen snapshot, else the number of the working generation."""

    id: str
    place: str
    path: Path
    manifest: Manifest
    version: str  # the manifest's seal: changes whenever rows, columns or rules do

    @classmethod
    def of(cls, name: str, path: Path, manifest: Manifest) -> Snapshot:
        return cls(name, manifest.place, path, manifest, manifest.seal)

    @property
    def tables(self) -> tuple[str, ...]:
        return (*SIDES, *(dataset.id for dataset in self.manifest.datasets))

    def schema(self, table: str) -> pa.Schema:
        """Raises SnapshotError if the snapshot has no such table."""
        dataset = self.manifest.dataset(table)
        if dataset is not None:
            return schema(dataset)
        if table in SIDES:
            return SIDES[table]
        raise SnapshotError.one("snapshot.table", T("快照里没有数据集“%(name)s”", name=table))

    def files(self, table: str) -> tuple[Path, ...]:
        return tuple(self.path / part.path for part in self.manifest.of(table))

    def rows(self, table: str) -> int:
        return sum(part.rows for part in self.manifest.of(table))

    def read(self, table: str) -> pa.Table:
        """The whole table; empty, but with its columns, if nothing was reported."""
        wanted = self.schema(table)
        parts = [table_of(file).cast(wanted) for file in self.files(table)]
        return pa.concat_tables(parts) if parts else wanted.empty_table()

    def exact_fields(self, dataset: str) -> frozenset[str]:
        """Fields of which every row is exact, `doubt` if no row is doubtful; all of them for a dataset without rows."""
        spec = self.manifest.dataset(dataset)
        if spec is None:
            return frozenset()
        parts = [part for part in self.manifest.of(dataset) if part.rows]
        return exact_everywhere(parts) if parts else frozenset({"doubt", *(field.id for field in spec.fields)})


def table_of(file: Path, columns: list[str] | None = None) -> pa.Table:
    """One Parquet file. Read as such, not as a dataset of files: that alone would import pandas."""
    with pq.ParquetFile(file) as opened:
        return opened.read(columns=columns)


def freeze(snapshot: Snapshot, name: str, *, pack_hash: str, engine_version: str, root: Path | None = None) -> Snapshot:
    """Copy a snapshot under a name, for ever. Raises SnapshotError if the name is taken or a file is not what its manifest says."""
    place = Layout(root or default_root(), snapshot.place)
    target = place.named / layout.folder_of(name)
    with place.locked():
        if target.exists():
            raise SnapshotError.one("snapshot.taken", T("已有名为“%(name)s”的快照，封存的快照不可覆盖", name=name), T("换一个名称"))
        for stale in place.named.glob(".*.tmp"):  # left by a process that was killed; we hold the lock, so nobody works on it
            shutil.rmtree(stale)
        beside = place.named / f".{layout.folder_of(name)}.{secrets.token_hex(4)}.tmp"
        try:
            _copy(snapshot, beside)
            changes = {"created": _now(), "pack_hash": pack_hash, "engine_version": engine_version}
            manifest = snapshot.manifest.named(name, **changes)
            layout.write_atomically(beside / MANIFEST, manifest.dump())
            beside.rename(target)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        layout.sync(place.named)
    return Snapshot.of(name, target, manifest)


def discard(place: str, name: str, root: Path | None = None) -> None:
    """Remove a frozen snapshot that never came into force: whoever keeps the record of names knows none such. Harmless if there is none."""
    where = Layout(root or default_root(), place)
    folder = where.named / layout.folder_of(name)
    with where.locked():
        if folder.exists():
            beside = folder.with_name(f".{layout.folder_of(name)}.{secrets.token_hex(4)}.tmp")
            folder.rename(beside)
            shutil.rmtree(beside)


def get(place: str, name: str, root: Path | None = None) -> Snapshot:
    """Open a frozen snapshot. Raises SnapshotError if there is none of that name or its manifest cannot be read."""
    folder = Layout(root or default_root(), place).named / layout.folder_of(name)
    return Snapshot.of(name, folder, load_manifest(folder / MANIFEST, place))


def listing(place: str, root: Path | None = None) -> tuple[Snapshot, ...]:
    """Frozen snapshots, oldest first. One that cannot be read raises: nothing is silently left out."""
    folder = Layout(root or default_root(), place).named
    names = (layout.name_of(path.name) for path in folder.glob("*") if not path.name.startswith("."))
    return tuple(sorted((get(place, name, root) for name in names), key=lambda one: (one.manifest.created, one.id)))


def load_manifest(path: Path, place: str) -> Manifest:
    try:
        manifest = Manifest.load(path.read_bytes())
    except FileNotFoundError:
        raise SnapshotError.one(
            "snapshot.missing", T("没有快照“%(name)s”", name=path.parent.name), T("在“快照”页面，或用 xingtan snapshot list 查看有哪些")
        ) from None
    except ValueError as error:
        raise SnapshotError.one("snapshot.manifest", T("快照“%(name)s”的清单损坏或被改动", name=path.parent.name)) from error
    if manifest.place != place:
        raise SnapshotError.one("snapshot.place", T("快照“%(name)s”属于另一个地方", name=path.parent.name))
    return manifest


def _copy(snapshot: Snapshot, target: Path) -> None:
    (target / "data").mkdir(parents=True)
    for part in snapshot.manifest.parts:
        layout.copy_durably(snapshot.path / part.path, target / part.path)
        if sha256((target / part.path).read_bytes()).hexdigest() != part.sha256:
            raise SnapshotError.one("snapshot.hash", T("文件 %(file)s 与清单不符，未封存", file=part.path), T("先重建工作快照"))
        (target / part.path).chmod(0o444)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")  # two may be frozen within a second; their order is told by it
