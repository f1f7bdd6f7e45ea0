"""Rows into the database, hidden: raw, in chunks of a second at most, going on where an interrupted run stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from xingtan.apps.record.ledgers.batches import CHUNK
from xingtan.apps.record.ledgers.keys import canonical
from xingtan.apps.record.ledgers.models import Batch, Record
from xingtan.apps.record.ledgers.sealing import close
from xingtan.apps.record.ledgers.shape import Shape

_FIXED = "place_id, ledger, batch_id, live, pack_hash, status, actor_id, actor_label, written, reason"
NEEDED = frozenset({"org_id", "period", "key_hash", "content", "doubt", "data", "version"})
_TAKEN = [
    "org_id",
    "period",
    "date",
    "starts",
    "ends",
    "valid_from",
    "valid_to",
    "key_hash",
    "content",
    "doubt",
    "data",
    "version",
    "chain",
    "supersedes_id",
]


def stage(shape: Shape, batch: Batch, takes: pl.DataFrame, progress: Callable[[int, int], None]) -> int:
    """Write the rows of the table as hidden rows of the batch; those that an earlier run wrote are not written again.

    The table is always in the order of the file, so that the number of rows there says where to go on. Returns rows written now.
    """
    table = prepared(shape, takes)
    done = Record.objects.filter(batch=batch).count()
    written = 0
    insert = _copy if connection.vendor == "postgresql" else _many
    for start in range(done, table.height, CHUNK):
        chunk = table.slice(start, CHUNK)
        with transaction.atomic():
            insert(shape, batch, chunk)
        written += chunk.height
        progress(start + chunk.height, table.height)
    return written


def sealed(shape: Shape, takes: pl.DataFrame) -> pl.DataFrame:
    """The rows with the cells of sensitive columns sealed."""
    if not shape.ledger.visible.sensitive:
        return takes
    closed = [canonical(close(shape.ledger, json.loads(row))) for row in takes["data"].to_list()]
    return takes.with_columns(pl.Series("data", closed, dtype=pl.String))


def prepared(shape: Shape, takes: pl.DataFrame) -> pl.DataFrame:
    """Only what is stored, in the order of the columns; a changed row is the next version of the one it replaces."""
    changed = pl.col("kind") == "changed"
    table = takes.with_columns(
        pl.when(changed).then(pl.col("version") + 1).otherwise(1).alias("version"),
        pl.when(changed).then(pl.col("chain")).alias("chain"),
        pl.when(changed).then(pl.col("old_id")).alias("supersedes_id"),
        pl.col("doubt").fill_null(""),
    )
    slots = [slot for name, slot in shape.layout.items() if name in shape.fields]
    # Columns that say nothing in any row are not bound a hundred thousand times.
    said = [name for name in (*_TAKEN, *slots) if name in NEEDED or table[name].null_count() < table.height]
    return table.select(said)


def _fixed(shape: Shape, batch: Batch, now: datetime) -> list[Any]:
    return [shape.place.pk, shape.ledger.id, batch.pk, True, shape.pack.hash, "active", batch.actor_id, batch.actor_label, now, ""]


def _many(shape: Shape, batch: Batch, chunk: pl.DataFrame) -> None:
    """SQLite: executemany on the driver itself. Dates travel as text, as Django stores them; what all rows share is bound once."""
    dates = [pl.col(name).dt.to_string("%Y-%m-%d") for name, kind in chunk.schema.items() if kind == pl.Date]
    rows = chunk.with_columns(dates)
    now = timezone.now().replace(tzinfo=None).isoformat(sep=" ")
    fixed = [now if isinstance(value, datetime) else value for value in _fixed(shape, batch, timezone.now())]
    shared = ", ".join(_literal(value) for value in fixed)
    sql = f"INSERT INTO ledgers_record ({_FIXED}, {', '.join(rows.columns)}) VALUES ({shared}, {', '.join('?' * rows.width)})"  # noqa: S608 - see _literal
    connection.ensure_connection()
    connection.connection.executemany(sql, rows.rows())


def _literal(value: object) -> str:
    """A value as SQL writes it: a number, or a text in quotes with its quotes doubled."""
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def _copy(shape: Shape, batch: Batch, chunk: pl.DataFrame) -> None:
    """PostgreSQL: COPY."""
    fixed = tuple(_fixed(shape, batch, timezone.now()))
    with connection.cursor() as cursor, cursor.copy(f"COPY ledgers_record ({_FIXED}, {', '.join(chunk.columns)}) FROM STDIN") as copy:
        for row in chunk.rows():
            copy.write_row(fixed + row)
