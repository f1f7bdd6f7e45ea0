"""The whole history of one record: its own events and those of what belongs to it. Apps register what belongs to their records."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from .models import Event

Related = Callable[[str], Iterable[tuple[str, str]]]
_related: dict[str, list[Related]] = {}


def register(kind: str, related: Related) -> None:
    """`related(id)` names further records, as (type, id), whose events belong to the history of a record of this type."""
    _related.setdefault(kind, []).append(related)


def targets(kind: str, key: str) -> set[tuple[str, str]]:
    """The record and everything that belongs to it."""
    found = {(kind, key)}
    for related in _related.get(kind, ()):
        found |= set(related(key))
    return found


def events(rows: QuerySet[Event], kind: str, key: str) -> QuerySet[Event]:
    """Of these events, those of the record's history."""
    by_kind: dict[str, list[str]] = {}
    for one, pk in targets(kind, key):
        by_kind.setdefault(one, []).append(pk)
    condition = Q(pk__in=())
    for one, keys in by_kind.items():
        condition |= Q(target_type=one, target_id__in=keys)
    return rows.filter(condition)
