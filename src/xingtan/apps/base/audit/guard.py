"""The triggers that make the audit log append-only, for both databases.

`event` rows: no update, no delete. `chain` rows: no delete, and an update may only add one event.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_SQLITE = (
    ("audit_event_keep_update", "BEFORE UPDATE ON audit_event", ""),
    ("audit_event_keep_delete", "BEFORE DELETE ON audit_event", ""),
    ("audit_chain_keep_update", "BEFORE UPDATE ON audit_chain", "WHEN NEW.length <> OLD.length + 1 OR NEW.place <> OLD.place"),
    ("audit_chain_keep_delete", "BEFORE DELETE ON audit_chain", ""),
)
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE OR REPLACE FUNCTION audit_chain_step() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.length <> OLD.length + 1 OR NEW.place <> OLD.place THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
         RETURN NEW;
       END $$""",
    "CREATE TRIGGER audit_event_keep BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_keep()",
    "CREATE TRIGGER audit_event_keep_all BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()",
    "CREATE TRIGGER audit_chain_keep BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_keep()",
    "CREATE TRIGGER audit_chain_keep_all BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()",
    "CREATE TRIGGER audit_chain_step BEFORE UPDATE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_chain_step()",
)
_POSTGRES_DROP = (
    "DROP TRIGGER IF EXISTS audit_event_keep ON audit_event",
    "DROP TRIGGER IF EXISTS audit_event_keep_all ON audit_event",
    "DROP TRIGGER IF EXISTS audit_chain_keep ON audit_chain",
    "DROP TRIGGER IF EXISTS audit_chain_keep_all ON audit_chain",
    "DROP TRIGGER IF EXISTS audit_chain_step ON audit_chain",
)


def lock(db: Any = connection) -> None:
    """Create the triggers."""
    statements: tuple[str, ...] = _POSTGRES
    if db.vendor == "sqlite":
        body = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        statements = tuple(f"CREATE TRIGGER {name} {when} {only} {body}" for name, when, only in _SQLITE)
    _run(db, statements)


def unlock(db: Any = connection) -> None:
    """Drop the triggers. Only migrations and tests do this; the application never does."""
    _run(db, tuple(f"DROP TRIGGER IF EXISTS {name}" for name, _, _ in _SQLITE) if db.vendor == "sqlite" else _POSTGRES_DROP)


@contextmanager
def unlocked(db: Any = connection) -> Iterator[None]:
    """For tests: the log without its guard (to tamper with it, or to empty it between tests)."""
    unlock(db)
    try:
        yield
    finally:
        lock(db)


def _run(db: Any, statements: tuple[str, ...]) -> None:
    with db.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
