"""The lock of a ledger: whoever makes rows count, or stop counting, holds it to the end of his transaction."""

from __future__ import annotations

from collections.abc import Iterable

from xingtan.apps.base.orgs.models import Place

from .models import LedgerState, PeriodStamp, Record


def locked(place: Place, ledger: str) -> LedgerState:
    """The state of the ledger, locked (PostgreSQL: its row; SQLite: the file, transactions are IMMEDIATE)."""
    LedgerState.objects.get_or_create(place=place, ledger=ledger)
    return LedgerState.objects.select_for_update().get(place=place, ledger=ledger)


def moved(state: LedgerState, partitions: Iterable[str]) -> None:
    """Raise the revision and stamp the partitions whose rows changed."""
    state.revision += 1
    state.save(update_fields=["revision", "layout"])
    stamps = [PeriodStamp(place_id=state.place_id, ledger=state.ledger, partition=name, stamp=state.revision) for name in set(partitions)]
    PeriodStamp.objects.bulk_create(
        stamps, update_conflicts=True, unique_fields=["place", "ledger", "partition"], update_fields=["stamp"], batch_size=500
    )


def partition_of(record: Record) -> str:
    """The warehouse keeps rows by period; those that only have a date stand together under ""."""
    return record.period
