"""The one folder that holds everything an installation keeps: database, uploads, warehouse, keys."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """Return ``XINGTAN_HOME`` (default ``./var``), absolute; it is created by the first command that writes."""
    return Path(os.environ.get("XINGTAN_HOME", "var")).expanduser().resolve()


def secret_key(folder: Path) -> str:
    """Return the installation's signing key, made once and readable by its owner only."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()
