"""Rows of the register by the ten thousand, past the object mapper: keys reserved, rows inserted, updated, deleted by the driver.

Tables and columns are names of ours. Values are what a driver takes; days and booleans travel as the database stores them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

CHUNK = 5000
HEAD, ROOM_KB = 1000, 256_000
Row = Sequence[Any]


@dataclass(slots=True)
class Ids:
    """Primary keys, kept as spans [first, last]: reserved together, they nearly always are one."""

    keys: list[int] = field(default_factory=list)

    def spans(self) -> list[list[int]]:
        found: list[list[int]] = []
        for key in sorted(self.keys):
            if found and found[-1][1] == key - 1:
                found[-1][1] = key
            else:
                found.append([key, key])
        return found

    @classmethod
    def of(cls, spans: Iterable[Sequence[int]]) -> Ids:
        return cls([key for first, last in spans for key in range(first, last + 1)])

    def __iter__(self) -> Any:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)


def reserve(table: str, count: int) -> list[int]:
    """So many primary keys that nobody else will use. Inside a transaction."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # noqa: S608 - a name of ours
        highest = cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = max(highest, found[0] if found else 0) + 1
    return list(range(first, first + count))


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows: COPY on PostgreSQL, executemany on SQLite."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.ensure_connection()
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
    connection.connection.executemany(sql, _plain_rows(rows))


def update(table: str, columns: Sequence[str], rows: Sequence[Row], *, version: bool = True) -> int:
    """Set columns of rows by key: each row is the values, then the key and (with `version`) the version it must still have, which rises.

    Returns how many were found.
    """
    if not rows:
        return 0
    sets = ", ".join(f'"{name}" = %s' for name in columns) + (", version = version + 1" if version else "")
    where = "id = %s AND version = %s" if version else "id = %s"
    sql = f"UPDATE {table} SET {sets} WHERE {where}"  # noqa: S608 - names of ours
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
            return int(cursor.rowcount)
    connection.ensure_connection()
    return int(connection.connection.executemany(sql.replace("%s", "?"), map(plain, rows)).rowcount)


def delete(table: str, column: str, keys: Sequence[Any]) -> int:
    """Delete rows by a column, in pieces. The database refuses what others still refer to."""
    done = 0
    with connection.cursor() as cursor:
        for start in range(0, len(keys), CHUNK):
            said = ", ".join(str(int(key)) for key in keys[start : start + CHUNK])
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({said})")  # noqa: S608 - names and whole numbers of ours
            done += cursor.rowcount
    return done


def _plain_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows as SQLite's driver takes them. Columns that hold days in the first rows do so in all: only those are looked at."""
    waiting = iter(rows)
    head = list(islice(waiting, HEAD))
    days = sorted({n for row in head for n, value in enumerate(row) if isinstance(value, date)})
    yield from map(plain, head)
    for row in waiting:
        cells = list(row)
        for n in days:
            if cells[n] is not None:
                cells[n] = _plain(cells[n])
        yield cells


@contextmanager
def roomy() -> Iterator[None]:
    """Much memory for one large transaction on SQLite: the indexes of a whole county's roster do not fit the usual cache."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.connection.execute("PRAGMA cache_size").fetchone()[0]
    connection.connection.execute(f"PRAGMA cache_size = -{ROOM_KB}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA cache_size = {int(usual)}")


def plain(row: Row) -> tuple[Any, ...]:
    """A row as SQLite's driver takes it: moments and days as texts."""
    return tuple(_plain(value) if isinstance(value, date) else value for value in row)


def _plain(value: date) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return value.isoformat()
