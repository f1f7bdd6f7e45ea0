"""The one folder that holds everything an installation keeps: database, uploads, warehouse, keys."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def home() -> Path:
    """Return ``XINGTAN_HOME`` (default ``./var``), absolute; it is created by the first command that writes."""
    return Path(os.environ.get("XINGTAN_HOME", "var")).expanduser().resolve()


def secret_key(folder: Path) -> str:
    """Return the installation's signing key, made once and readable by its owner only."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that come first together, both read the whole key of one.
        handle, aside = tempfile.mkstemp(dir=folder, prefix=".secret-")
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        os.unlink(aside)
    return path.read_text(encoding="ascii").strip()
