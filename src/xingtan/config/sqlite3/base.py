"""SQLite with a queue for writers.

SQLite lets one write at a time and has the others ask again and again; with sixty of them somebody is passed over until his patience ends
and he hears “database is locked”. Here whoever wants to write first waits for his turn at a lock of the operating system, where nobody has
to ask twice: threads and processes alike. The kernel takes the lock from whoever dies.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # where there is no such lock, SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".turn"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Turn:
    """One connection's place in the queue. Taking it twice is taking it once."""

    def __init__(self, path: str) -> None:
        self._path, self._handle = path, -1

    @property
    def mine(self) -> bool:
        return self._handle >= 0

    def take(self) -> None:
        """Wait until it is our turn, however long."""
        if self.mine or fcntl is None or not self._path:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        self._handle = handle

    def give(self) -> None:
        """Let the next one write."""
        if self.mine:
            handle, self._handle = self._handle, -1
            os.close(handle)


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes its turn for a write outside any transaction."""

    turn: Turn
    connection_wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self._waiting(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._waiting(query):
            return super().executemany(query, param_list)

    @contextmanager
    def _waiting(self, query: str) -> Iterator[None]:
        alone = not self.turn.mine and query.lstrip()[:7].upper().startswith(WRITES)
        if alone:
            self.turn.take()
        try:
            yield
        finally:
            if alone and not self.connection_wrapper.in_atomic_block:
                self.turn.give()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite; every transaction is a writer's (IMMEDIATE) and begins with its turn."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._turn = Turn("")

    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        name = str(conn_params["database"])
        self._turn.give()
        self._turn = Turn("" if name.startswith("file:") or ":memory:" in name else name + SUFFIX)
        return made

    def create_cursor(self, name: str | None = None) -> Any:
        made = self.connection.cursor(factory=Cursor)
        made.turn, made.connection_wrapper = self._turn, self
        return made

    def _start_transaction_under_autocommit(self) -> None:
        self._turn.take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._turn.give()
            raise

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._turn.give()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._turn.give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._turn.give()
