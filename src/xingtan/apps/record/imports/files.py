"""Uploaded files: kept under names of ours below MEDIA_ROOT, so that nobody has to send a file twice."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

import polars as pl
from django.conf import settings

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.keys import digest

from .reading.guard import Traits
from .reading.sheets import Sheet, Workbook
from .reading.sniff import sniff


def store(place: Place, data: bytes) -> tuple[str, str]:
    """Keep a file that is a sheet. Returns its path below MEDIA_ROOT and its SHA-256; raises UnreadableError before anything is kept."""
    form = sniff(data)
    name = f"imports/{place.slug}/{secrets.token_hex(12)}.{form}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)
    return name, hashlib.sha256(data).hexdigest()


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def workbook(name: str) -> Workbook:
    """Open a kept file. Raises UnreadableError."""
    return Workbook(path_of(name))


def sheet(name: str, title: str) -> Sheet:
    """One sheet of a kept file; parsed once and kept beside it, because people look at a file several times before they confirm."""
    kept = path_of(f"{name}.{digest(title)}.arrow")
    if kept.exists():
        return _read(kept, title)
    found = workbook(name).sheet(title)
    keep(name, found, title)
    return found


def keep(name: str, found: Sheet, title: str) -> None:
    """Keep a parsed sheet beside its file."""
    kept = path_of(f"{name}.{digest(title)}.arrow")
    traits = found.traits
    said = {
        "columns": found.columns, "merges": traits.merges, "formulas": sorted(traits.formulas),
        "errors": [[*spot, text] for spot, text in traits.errors.items()], "name": found.name, "plain": sorted(found.plain),
        "lost": sorted(traits.lost), "first": traits.first,
    }  # fmt: skip
    kept.with_suffix(".json").write_text(json.dumps(said), encoding="utf-8")
    part = kept.with_suffix(".part")
    found.frame.write_ipc(part, compression="uncompressed")
    part.replace(kept)  # complete or not there


def _read(kept: Path, title: str) -> Sheet:
    said = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    errors = {(row, column): text for row, column, text in said["errors"]}
    formulas, lost = ({(row, column) for row, column in said[name]} for name in ("formulas", "lost"))
    traits = Traits([tuple(span) for span in said["merges"]], formulas, errors, lost, said["first"])
    return Sheet(said["name"] or title, pl.read_ipc(kept), said["columns"], traits, frozenset(said["plain"]))


def forget(name: str) -> None:
    """Delete a kept file with everything parsed of it."""
    path = path_of(name)
    for item in path.parent.glob(f"{path.name}*"):
        item.unlink(missing_ok=True)


def forget_parsed(name: str) -> None:
    """Delete only what was parsed: the import is over, the file stays."""
    path = path_of(name)
    for item in path.parent.glob(f"{path.name}.*"):
        item.unlink(missing_ok=True)
