"""SQLite (WAL, IMMEDIATE) unless ``DATABASE_URL`` names a PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-16000;PRAGMA foreign_keys=ON;"
)


def sqlite(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "xingtan.config.sqlite3",
        "NAME": str(folder / "db.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_PRAGMAS},
        "TEST": {"NAME": str(folder / "test.sqlite3")},
    }


def postgres(url: str) -> dict[str, Any]:
    """Read ``postgresql://user:password@host:port/name?host=/socket/folder``; the query may name a socket folder."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "xingtan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}} if query.get("pool") == "on" else {},
    }


def database(environ: Mapping[str, str], folder: Path) -> dict[str, Any]:
    url = environ.get("DATABASE_URL", "")
    if not url:
        return sqlite(folder)
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("DATABASE_URL 只支持 postgresql://…；不设则使用 SQLite")
    return postgres(url)
