"""Uploaded files: kept under names of ours below MEDIA_ROOT, so that nobody has to send a file twice."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from django.conf import settings

from xingtan.apps.base.orgs.models import Place

from .reading.sheets import Workbook
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


def forget(name: str) -> None:
    path_of(name).unlink(missing_ok=True)
