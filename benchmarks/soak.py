"""Claim: 64 concurrent writers lose no write and never hear “database is locked”, on SQLite and on PostgreSQL (`make soak`).

Each writer is a thread with a connection of its own, as a server's thread is, and enters rows through the service that a clerk's click calls:
lock of the ledger, row, audit event in the place's hash chain. Afterwards every row and every event must be there, and the chain unbroken.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from statistics import median, quantiles
from typing import Any

WRITERS, WRITES = 64, 20


def storm(work: Callable[[int, int], None], writers: int = WRITERS, writes: int = WRITES) -> tuple[list[float], list[BaseException]]:
    """Let so many threads do their work at once: the seconds of each write, and every failure."""
    from django.db import connection

    start, taken, failed = threading.Barrier(writers), list[float](), list[BaseException]()

    def run(writer: int) -> None:
        try:
            start.wait()
            for number in range(writes):
                began = time.perf_counter()
                work(writer, number)
                taken.append(time.perf_counter() - began)
        except BaseException as fault:
            failed.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, failed


def writing(place: Any, actor: Any) -> Callable[[int, int], None]:
    """Entering one row of the cast's ledger of hazards, other for every writer and number."""
    from xingtan.apps.record.ledgers import services

    def work(writer: int, number: int) -> None:
        texts = {
            "org": "XS-11",
            "found": f"2009-{1 + writer % 12:02}-{1 + number % 28:02}",
            "what": f"第 {writer} 人第 {number} 处",
            "state": "未整改",
        }
        services.record_create(actor=actor, place=place, ledger="hazard", texts=texts, today=date(2009, 12, 31))

    return work


def held(place: Any) -> tuple[int, int, list[Any]]:
    """Rows, events of them, and what is wrong with the chain."""
    from xingtan.apps.base.audit.models import Event
    from xingtan.apps.base.audit.verify import verify
    from xingtan.apps.record.ledgers.models import Record

    events = Event.objects.filter(place=place.slug, action="record.create").count()
    return Record.objects.filter(place=place, ledger="hazard").count(), events, list(verify(place.slug))


def main() -> int:
    import django
    from django.db import connection
    from django.test.utils import setup_databases

    django.setup()
    setup_databases(verbosity=0, interactive=False)
    from tests import cast as casting

    from benchmarks._report import Claim, publish

    cast = casting.make_cast()
    began = time.perf_counter()
    taken, failed = storm(writing(cast.place, casting.ACTOR))
    span, wanted = time.perf_counter() - began, WRITERS * WRITES
    rows, events, issues = held(cast.place)
    claims = [
        Claim("writes that failed", len(failed), 0, unit=""),
        Claim("rows lost", wanted - rows, 0, unit=""),
        Claim("events lost, or faults of the chain", wanted - events + len(issues), 0, unit=""),
    ]
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    lines = [
        f"{WRITERS} writers at once, {WRITES} rows each, through the service: {wanted / span:.0f} writes a second; a write waits",
        f"{median(taken):.2f} s in the median, {quantiles(taken, n=100)[98]:.2f} s at the 99th percentile, {max(taken):.2f} s at most.", "",
        "| claim | measured | limit | |", "| --- | --- | --- | --- |", *(claim.row() for claim in claims),
    ]  # fmt: skip
    publish(f"Concurrent writers on {name}", lines)
    for fault in failed[:5]:
        print(repr(fault), file=sys.stderr)
    return int(not all(claim.holds for claim in claims))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XINGTAN_HOME=folder, DJANGO_SETTINGS_MODULE="xingtan.config.settings")
        code = main()
    sys.exit(code)
