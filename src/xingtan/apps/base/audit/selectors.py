"""Read the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Chain, Event


def events(place: str) -> QuerySet[Event]:
    """All events of one chain, the newest first."""
    return Event.objects.filter(place=place).order_by("-sequence")


def by_actor(rows: QuerySet[Event], words: str) -> QuerySet[Event]:
    return rows.filter(actor_label__icontains=words)


def by_record(rows: QuerySet[Event], words: str) -> QuerySet[Event]:
    """`words` is part of a record's name, or exactly one record as `people.person:12`."""
    kind, colon, key = words.partition(":")
    if colon and "." in kind:
        return rows.filter(target_type=kind, target_id=key)
    return rows.filter(target_label__icontains=words)


def by_action(rows: QuerySet[Event], action: str) -> QuerySet[Event]:
    return rows.filter(action=action)


def since(rows: QuerySet[Event], day: str) -> QuerySet[Event]:
    start = _midnight(day)
    return rows.filter(at__gte=start) if start else rows


def until(rows: QuerySet[Event], day: str) -> QuerySet[Event]:
    """Up to the end of the day."""
    start = _midnight(day)
    return rows.filter(at__lt=start + timedelta(days=1)) if start else rows


def with_words(rows: QuerySet[Event], words: str) -> QuerySet[Event]:
    """Words anywhere in who, what record, why."""
    return rows.filter(Q(actor_label__icontains=words) | Q(target_label__icontains=words) | Q(reason__icontains=words))


def _midnight(day: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))
    except ValueError:
        return None


def length(place: str) -> int:
    """How many events the chain of a place has."""
    return Chain.objects.filter(place=place).values_list("length", flat=True).first() or 0


def moved_on(place: str, sequence: int, quiet: Iterable[str]) -> bool:
    """Whether anything was written after so many events, actions that begin with one of `quiet` apart."""
    later = Event.objects.filter(place=place, sequence__gt=sequence)
    for prefix in quiet:
        later = later.exclude(action__startswith=prefix)
    return later.exists()
