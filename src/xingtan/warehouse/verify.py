"""Hold a snapshot against its manifest: every difference is an issue."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text
from xingtan.warehouse.contracts import SIDES
from xingtan.warehouse.manifest import Manifest, Part
from xingtan.warehouse.snapshots import MANIFEST, Snapshot


def verify(snapshot: Snapshot, seal: str = "") -> tuple[Issue, ...]:
    """Check manifest, hashes, columns, row counts and that no file is missing or added.

    `seal`: the version kept elsewhere when the snapshot was made; without it a manifest rewritten together with its files would pass.
    """
    return tuple(_found(snapshot, seal))


def _found(snapshot: Snapshot, seal: str) -> Iterator[Issue]:
    frozen = bool(snapshot.manifest.name)
    manifest = _on_disk(snapshot) if frozen else snapshot.manifest
    if manifest is None:
        yield _issue("snapshot.manifest", T("快照“%(name)s”的清单缺失、损坏或被改动", name=snapshot.id), MANIFEST)
        manifest = snapshot.manifest
    if seal and manifest.seal != seal:
        yield _issue("snapshot.seal", T("快照“%(name)s”已不是当初封存的内容", name=snapshot.id), MANIFEST)
    orgs = _orgs(snapshot, manifest)
    for part in manifest.parts:
        yield from _part(snapshot, part, orgs)
    if frozen:
        yield from _added(snapshot, manifest)


def _on_disk(snapshot: Snapshot) -> Manifest | None:
    """The manifest as it lies there now; None if it is not the one the snapshot was opened with."""
    try:
        manifest = Manifest.load((snapshot.path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return manifest if manifest == snapshot.manifest else None


def _part(snapshot: Snapshot, part: Part, orgs: frozenset[str] | None) -> Iterator[Issue]:
    try:
        content = (snapshot.path / part.path).read_bytes()
    except OSError:
        yield _issue("snapshot.file_missing", T("缺少文件 %(file)s", file=part.path), part.path)
        return
    if sha256(content).hexdigest() != part.sha256:
        yield _issue("snapshot.hash", T("文件 %(file)s 的内容与清单不符", file=part.path), part.path)
        return
    table = pq.read_table(pa.BufferReader(content))
    if table.num_rows != part.rows:
        yield _issue("snapshot.rows", T("文件 %(file)s 的行数与清单不符", file=part.path), part.path)
    if not table.schema.equals(snapshot.schema(part.table)):
        yield _issue("snapshot.columns", T("文件 %(file)s 的列与数据集不符", file=part.path), part.path)
    elif orgs is not None and part.table not in SIDES and not set(table["org"].unique().to_pylist()) <= orgs:
        yield _issue("snapshot.foreign_org", T("文件 %(file)s 里有不属于本地的单位", file=part.path), part.path)


def _orgs(snapshot: Snapshot, manifest: Manifest) -> frozenset[str] | None:
    """Every organisation code of the place; None if that table itself cannot be read, which is reported for its file."""
    try:
        files = [pq.read_table(snapshot.path / part.path, columns=["code"]) for part in manifest.of("orgs")]
    except (OSError, pa.ArrowException):
        return None
    return frozenset(code for file in files for code in file["code"].to_pylist())


def _added(snapshot: Snapshot, manifest: Manifest) -> Iterator[Issue]:
    known = {MANIFEST, *(part.path for part in manifest.parts)}
    for file in sorted(snapshot.path.rglob("*")):
        name = str(file.relative_to(snapshot.path))
        if file.is_file() and name not in known:
            yield _issue("snapshot.file_added", T("多出文件 %(file)s", file=name), name)


def _issue(code: str, text: Text, file: str) -> Issue:
    return Issue(Severity.ERROR, code, text, Where(file=file))
