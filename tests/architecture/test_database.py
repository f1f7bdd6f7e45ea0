"""A run that was meant for PostgreSQL must not silently stay on SQLite."""

from __future__ import annotations

import os

from django.db import connection


def test_the_run_uses_the_database_it_was_told_to():
    assert connection.vendor == ("postgresql" if os.environ.get("DATABASE_URL") else "sqlite")
