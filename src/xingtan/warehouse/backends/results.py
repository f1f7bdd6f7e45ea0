"""Answers of queries kept in memory: as long as neither the query nor a file it reads has changed, a later snapshot gives the same."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from xingtan.warehouse.backends.compiled import Plan
from xingtan.warehouse.snapshots import Snapshot

KEPT_BYTES: Final = 64 * 1024 * 1024
LARGEST: Final = KEPT_BYTES // 64  # an answer above this size is not kept: it would push many small ones out

Name = tuple[str, str, bytes]


class Results:
    """The last answers, the least recently used dropped first. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Name, pa.Table] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, name: Name) -> pa.Table | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def put(self, name: Name, table: pa.Table) -> None:
        if table.nbytes > LARGEST:
            return
        with self._lock:
            if name not in self._kept:
                self._kept[name] = table
                self._bytes += table.nbytes
            while self._bytes > KEPT_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes


def name_of(snapshot: Snapshot, plan: Plan, given: Mapping[str, pa.Table]) -> Name:
    """What an answer depends on: the place, the query, the contents of the files it reads and of the tables given with it."""
    digest = hashlib.sha256()
    for part in snapshot.manifest.parts:
        if part.table in plan.tables and part.table not in given:
            digest.update(f"{part.table}/{part.sha256};".encode())
    for name in sorted(given):
        digest.update(f"{name}:{given[name].schema};".encode())
        for column in given[name].columns:
            for chunk in column.chunks:
                for buffer in chunk.buffers():
                    digest.update(b"-" if buffer is None else b"+" + bytes(buffer))
                digest.update(f"{chunk.offset},{len(chunk)};".encode())
    return snapshot.manifest.place, plan.sql, digest.digest()
