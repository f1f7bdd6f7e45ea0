"""Bring the working snapshot up to date: only what changed is written, and nothing is ever half there.

Sources are asked for the stamps before the rows: a write in between makes the stamp too old, never too new, and the next refresh repairs
it. Call inside one read transaction of the database, so that all tables tell of the same moment.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T
from xingtan.warehouse import layout, partitions
from xingtan.warehouse.errors import SnapshotError
from xingtan.warehouse.layout import Layout, default_root
from xingtan.warehouse.manifest import Manifest, Part, bare, fingerprint
from xingtan.warehouse.registry import REGISTRY, DatasetSource, Registry, SideSource
from xingtan.warehouse.snapshots import Snapshot, freeze, load_manifest, table_of

GRACE = 600.0  # seconds a reader may go on using a generation that was replaced


def working(place: str, *, root: Path | None = None, registry: Registry = REGISTRY) -> Snapshot:
    """Refresh by dataset × period and open. Raises SnapshotError with every fault of every source; the old generation stays current."""
    where = Layout(root or default_root(), place)
    with where.locked():
        number, old = _latest(where)
        parts = old.parts if old else ()
        refresh = _Refresh(place, where.working, registry, {(part.table, part.period): part for part in parts})
        manifest = refresh.manifest()
        if refresh.issues:
            raise SnapshotError(refresh.issues)
        if old is not None and (old.parts, old.datasets) == (manifest.parts, manifest.datasets):
            return Snapshot.of(str(number), where.working, old)
        layout.write_atomically(where.working / f"{number + 1}.json", manifest.dump())
        collect(where)
    return Snapshot.of(str(number + 1), where.working, manifest)


def current(place: str, root: Path | None = None) -> Snapshot | None:
    """The working snapshot as it stands, without refreshing; None before the first refresh."""
    where = Layout(root or default_root(), place)
    number, manifest = _latest(where)
    return None if manifest is None else Snapshot.of(str(number), where.working, manifest)


def create(
    place: str, name: str, *, pack_hash: str, engine_version: str, root: Path | None = None, registry: Registry = REGISTRY
) -> Snapshot:
    """Refresh, then freeze what is there under a name."""
    layout.folder_of(name)
    return freeze(working(place, root=root, registry=registry), name, pack_hash=pack_hash, engine_version=engine_version, root=root)


def collect(where: Layout, grace: float = GRACE) -> None:
    """Delete generations that were replaced long ago and files nobody names. Call with the lock held; runs at most once in `grace`."""
    numbers = _numbers(where)
    replaced = {number: _mtime(where, after) for number, after in pairwise(numbers)}
    now = time.time()
    if not replaced or now - min(replaced.values()) < 2 * grace:
        return
    for number, at in replaced.items():
        if now - at >= grace:
            (where.working / f"{number}.json").unlink()
    living = {part.path for number in _numbers(where) for part in _parts(where, number)}
    for file in (where.working / "data").rglob("*"):
        if file.is_file() and str(file.relative_to(where.working)) not in living:
            file.unlink()


@dataclass(slots=True)
class _Refresh:
    """One run: reuses what the old manifest has with the same stamp, collects every fault on the way."""

    place: str
    folder: Path
    registry: Registry
    old: Mapping[tuple[str, str], Part]
    issues: list[Issue] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def manifest(self) -> Manifest:
        for side_source in self.registry.side_sources:
            for side in side_source.sides():
                self._side(side_source, side)
        orgs = self._orgs()
        datasets = self._datasets()
        for dataset, source in datasets:
            for period, stamp in source.version(self.place, dataset.id).items():
                self._dataset(source, dataset, (period, f"{fingerprint(dataset)}:{stamp}"), orgs)
        created = datetime.now(UTC).isoformat(timespec="microseconds")
        parts = tuple(sorted(self.parts, key=lambda part: (part.table, part.period)))
        return Manifest(self.place, created=created, datasets=tuple(bare(dataset) for dataset, _ in datasets), parts=parts)

    def _side(self, source: SideSource, side: str) -> None:
        stamp = source.version(self.place, side)
        if not self._reused(side, "", stamp):
            with self._noting():
                self.parts.append(partitions.side_part(self.folder, side, stamp, source.table(self.place, side)))

    def _dataset(self, source: DatasetSource, dataset: DatasetSpec, cut: tuple[str, str], orgs: frozenset[str]) -> None:
        period, stamp = cut
        if not self._reused(dataset.id, period, stamp):
            with self._noting():
                rows = source.table(self.place, dataset.id, period)
                self.parts.append(partitions.dataset_part(self.folder, dataset, cut, rows, orgs))

    def _reused(self, table: str, period: str, stamp: str) -> bool:
        part = self.old.get((table, period))
        if part is None or part.stamp != stamp or not (self.folder / part.path).exists():
            return False
        self.parts.append(part)
        return True

    def _orgs(self) -> frozenset[str]:
        files = [self.folder / part.path for part in self.parts if part.table == "orgs"]
        return frozenset(code for file in files for code in table_of(file, ["code"])["code"].to_pylist())

    def _datasets(self) -> list[tuple[DatasetSpec, DatasetSource]]:
        pairs = [(dataset, source) for source in self.registry.sources for dataset in source.datasets(self.place)]
        counts = Counter(dataset.id for dataset, _ in pairs)
        for twice in sorted(name for name, count in counts.items() if count > 1):
            self.issues.append(Issue(Severity.ERROR, "warehouse.dataset_twice", T("数据集 %(dataset)s 由两处提供", dataset=twice)))
        return sorted(pairs, key=lambda pair: pair[0].id)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except XingtanError as error:
            self.issues.extend(error.issues)


def _latest(where: Layout) -> tuple[int, Manifest | None]:
    """The newest generation that can be read: a broken manifest is passed over and replaced by the next refresh."""
    numbers = _numbers(where)
    readable = (manifest for number in reversed(numbers) if (manifest := _manifest(where, number)) is not None)
    return max(numbers, default=0), next(readable, None)


def _manifest(where: Layout, number: int) -> Manifest | None:
    try:
        return load_manifest(where.working / f"{number}.json", where.place)
    except SnapshotError:
        return None


def _parts(where: Layout, number: int) -> tuple[Part, ...]:
    manifest = _manifest(where, number)
    return manifest.parts if manifest else ()


def _numbers(where: Layout) -> list[int]:
    return sorted(int(path.stem) for path in where.working.glob("*.json") if path.stem.isdigit())


def _mtime(where: Layout, number: int) -> float:
    return (where.working / f"{number}.json").stat().st_mtime
