"""A run that was meant for PostgreSQL and silently stayed on SQLite would prove nothing."""

from __future__ import annotations

import os

from django.db import connection


def test_the_run_uses_the_database_it_was_started_for() -> None:
    wanted = "postgresql" if os.environ.get("XINGTAN_TEST_PG") or os.environ.get("DATABASE_URL") else "sqlite"
    assert connection.vendor == wanted
